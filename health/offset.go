package health

// ClockDays is how many days away from a measurement a record may be that tells
// which clock the person had then.
const ClockDays = 7

// OffsetAt is a person's offset at an instant: the last that was known by then,
// or else the first after it. Of two at one instant the greater counts, so that
// the answer does not depend on their order.
func OffsetAt(at int64, known []Sighting) (offset int32, ok bool) {
	var best Sighting
	for _, c := range known {
		before, bestBefore := c.At <= at, best.At <= at
		switch {
		case !ok,
			before && !bestBefore,
			before && bestBefore && c.At > best.At,
			!before && !bestBefore && c.At < best.At,
			c.At == best.At && c.Offset > best.Offset:
			best, ok = c, true
		}
	}
	return best.Offset, ok
}
