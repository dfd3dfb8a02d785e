package health

import (
	"fmt"
	"time"
)

// Day is a calendar date as the person's device counts it, in days since
// 1970-01-01. It is never derived from the server's zone: Garmin's
// calendarDate decides it, or a record's start together with the record's own
// offset.
type Day int32

// ParseDay reads an ISO 8601 date (2006-01-02).
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Day(floorDiv(t.Unix(), 86400)), nil
}

// DayOf is the date that a clock running offset seconds ahead of UTC shows at
// the instant unix (seconds).
func DayOf(unix int64, offset int32) Day {
	return Day(floorDiv(unix+int64(offset), 86400))
}

// String returns the ISO 8601 date.
func (d Day) String() string { return d.Midnight().Format(time.DateOnly) }

// Midnight is the date's 00:00 as if the zone were UTC; for formatting and
// calendar arithmetic, never as an instant of the person's life.
func (d Day) Midnight() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
