package health

import (
	"cmp"
	"slices"
)

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

// SortSightings sorts them for Nearest.
func SortSightings(known []Sighting) {
	slices.SortFunc(known, func(a, b Sighting) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Offset, b.Offset)) })
}

// Nearest gives those of sorted sightings on which OffsetAt rests at an instant,
// so that asking for many instants costs little.
func Nearest(at int64, sorted []Sighting) []Sighting {
	i, _ := slices.BinarySearchFunc(sorted, at, func(c Sighting, at int64) int {
		if c.At <= at {
			return -1
		}
		return 1
	})
	if i > 0 {
		return sorted[i-1 : i] // the greatest of its instant comes last
	}
	for i < len(sorted) && sorted[i].At == sorted[0].At {
		i++
	}
	return sorted[:i]
}
