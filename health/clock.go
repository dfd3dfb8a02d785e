package health

import (
	"cmp"
	"slices"
)

// Sighting is the offset of the watch's clock at an instant: At is unix seconds,
// Offset is how far it was ahead of UTC, in seconds.
type Sighting struct {
	At     int64
	Offset int32
}

// Clock is what a watch showed over some days: its offsets in order of time,
// each from its instant on. The first holds for all time before it, too.
type Clock []Sighting

// mostChanges is how often a watch's clock may plausibly change within some days.
// More changes mean two devices in turn, and the first one counts.
const mostChanges = 4

// ReadClock makes a clock from the sightings in records. Of several at one instant
// the first counts. Between two that differ the clock changed at some
// time; see changed.
func ReadClock(seen []Sighting) Clock {
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, func(a, b Sighting) int { return cmp.Compare(a.At, b.At) })
	var c Clock
	for i, s := range seen {
		switch {
		case i == 0:
			c = append(c, s)
		case s.Offset != c[len(c)-1].Offset && s.At > seen[i-1].At:
			c = append(c, Sighting{changed(seen[i-1].At, s, c[len(c)-1].Offset), s.Offset})
		}
	}
	if len(c) > mostChanges+1 {
		return c[:1]
	}
	return c
}

// Offset is how far the clock was ahead of UTC at an instant; 0 for an empty one.
func (c Clock) Offset(at int64) int32 {
	if len(c) == 0 {
		return 0
	}
	later, _ := slices.BinarySearchFunc(c, at, func(s Sighting, at int64) int {
		if s.At <= at {
			return -1
		}
		return 1
	})
	return c[max(later-1, 0)].Offset
}

// Begins is the instant at which the clock showed the day's 00:00, or skipped it. Where it
// showed 00:00 twice, as on a flight west, the one counts that is among bounds, where
// summaries begin and end, or else the first.
func (c Clock) Begins(day Day, bounds ...int64) int64 {
	list := c.midnights(day)
	for _, at := range list {
		if slices.Contains(bounds, at) {
			return at
		}
	}
	return list[0]
}

// midnights are the instants at which the clock showed the day's 00:00, or the one at which
// it skipped it.
func (c Clock) midnights(day Day) (list []int64) {
	midnight := int64(day) * 86400
	for i, s := range c {
		at := midnight - int64(s.Offset)
		if i > 0 && at < s.At {
			if len(list) == 0 {
				return []int64{s.At} // the clock was put forward over midnight
			}
			continue
		}
		if i+1 == len(c) || at < c[i+1].At {
			list = append(list, at)
		}
	}
	if len(list) == 0 {
		return []int64{midnight}
	}
	return list
}

// Changes are the instants between from and to at which the clock changed.
func (c Clock) Changes(from, to int64) []Sighting {
	var out []Sighting
	for i, s := range c {
		if i > 0 && s.At > from && s.At < to {
			out = append(out, s)
		}
	}
	return out
}

const hour = 3600

// changed is when the clock changed, of which is known only that it was after
// the instant after, and no later than the sighting. If clocks are put forward or
// back by an hour it is the usual time, if that is in between: 01:00 UTC in
// Europe, 02:00 elsewhere, and 03:00 for clocks that are put back east of Europe.
// Otherwise it is the sighting.
func changed(after int64, s Sighting, old int32) int64 {
	step := s.Offset - old
	if step < -hour || step > hour {
		return s.At
	}
	zone, clock := old, int64(2*hour)
	switch standard := min(old, s.Offset); {
	case standard >= -hour && standard <= 2*hour:
		zone, clock = 0, hour
	case standard > 0 && step < 0:
		clock = 3 * hour
	}
	for day := DayOf(s.At, zone); day >= DayOf(after, zone); day-- {
		if at := int64(day)*86400 - int64(zone) + clock; at > after && at <= s.At {
			return at
		}
	}
	return s.At
}

// LengthSays is what the length of a day's summary shows about the clock at its
// end: a summary reaches from midnight to midnight, so one of 23 hours shows that
// the clock was put forward by one. The running day's is shorter too; so
// a shorter one counts only where the next day is known to begin at its end,
// or if it lacks no more than an hour and came after the day was over.
func LengthSays(day Day, start, end int64, nextStart, received int64) (Sighting, bool) {
	const day24, quarter = 86400, 900
	length := end - start
	s := Sighting{end, int32(int64(day+1)*day24 - end)}
	switch {
	case length%quarter != 0 || length < day24/2 || length > 2*day24 || s.Offset < -day24 || s.Offset > day24:
		return s, false
	case length >= day24 || nextStart == end:
		return s, true
	}
	return s, nextStart == 0 && length >= day24-hour && received >= start+day24
}
