package health

import (
	"cmp"
	"slices"
)

// ClockDays is how many days away from a measurement a record may be to show the
// person's offset.
const ClockDays = 7

// KnownClock makes a clock from the sightings in records and trusts each of them:
// an offset applies from the instant at which it was seen. Of two at one instant
// the greater counts, so that the clock does not depend on their order.
func KnownClock(seen []Sighting) Clock {
	seen = slices.Clone(seen)
	slices.SortFunc(seen, func(a, b Sighting) int {
		return cmp.Or(cmp.Compare(a.At, b.At),
			cmp.Compare(b.Offset, a.Offset))
	})
	seen = slices.CompactFunc(seen, func(a, b Sighting) bool { return a.At == b.At })
	return Clock(slices.CompactFunc(seen, func(a, b Sighting) bool { return a.Offset == b.Offset }))
}
