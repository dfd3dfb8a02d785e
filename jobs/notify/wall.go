package notify

import "time"

// WallClock is when the clock of zone shows a time of day: the first such instant,
// or the last if it occurs twice. A time that the clock skips becomes the instant
// of the jump. Days and hours may be beyond their month and day, as with
// time.Date.
func WallClock(year int, month time.Month, day, hour, minute int, zone *time.Location, last bool) time.Time {
	said := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	before, after := OffsetAt(said.AddDate(0, 0, -1), zone), OffsetAt(said.AddDate(0, 0, 1), zone)
	first, second := said.Add(-max(before, after)), said.Add(-min(before, after))
	says := func(t time.Time) bool { return t.Add(OffsetAt(t, zone)).Equal(said) }
	switch {
	case says(first) && (!last || !says(second)):
		return first.In(zone)
	case says(second):
		return second.In(zone)
	}
	jump, _ := second.In(zone).ZoneBounds()
	return jump
}

// OffsetAt is how far the clock of zone is ahead of UTC at an instant.
func OffsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
