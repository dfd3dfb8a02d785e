package personal

import (
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// instant reads a time of Garmin's: a text without a zone letter, which is UTC where the
// member's name ends in GMT and a wall clock where it ends in Local, or milliseconds
// since 1970, of the wall clock too where the name ends in Local. It returns unix
// milliseconds.
func instant(v element.Value) (ms int64, ok bool) {
	if v.Kind() == element.Number {
		return v.Int()
	}
	s := strings.TrimSpace(v.Text())
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z"))
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	if err == nil {
		return t.UnixMilli(), true
	}
	return v.Int() // milliseconds as text
}

// seconds reads a time as unix seconds.
func seconds(v element.Value) (unix int64, ok bool) {
	ms, ok := instant(v)
	return floorDiv(ms, 1000), ok
}

// inSeconds is a time as a member in unix seconds.
func inSeconds(v element.Value) element.Value {
	unix, ok := seconds(v)
	if !ok {
		return element.Value{}
	}
	return number(unix)
}

// number is a whole number as a value.
func number(n int64) element.Value { return element.Num{Mantissa: n}.Value() }

// mostOffset is how far a wall clock may be from UTC, in seconds.
const mostOffset = 86400

// offset is how far the wall clock is ahead of UTC at an instant (unix seconds): what the
// answer says with a local time, or else the clock of the person's zone.
func (a *answer) offset(unix int64, local element.Value) (ahead int64, ok bool) {
	if at, said := seconds(local); said && at-unix >= -mostOffset && at-unix <= mostOffset {
		return at - unix, true
	}
	if a.clock == nil {
		return 0, false
	}
	_, n := time.Unix(unix, 0).In(a.clock).Zone()
	return int64(n), true
}

// location is a time zone by its name, nil if it is not known.
func location(name string) *time.Location {
	if name == "" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil // not a zone that this machine knows
	}
	return zone
}

// start sets startTimeInSeconds and startTimeOffsetInSeconds from a time in UTC and the
// local one, and returns the start. ok is false if there is none.
func (a *answer) start(e *object, gmt, local element.Value) (unix int64, ok bool) {
	unix, ok = seconds(gmt)
	if !ok {
		return 0, false
	}
	e.int("startTimeInSeconds", unix)
	if ahead, ok := a.offset(unix, local); ok {
		e.int("startTimeOffsetInSeconds", ahead)
	}
	return unix, true
}

// startOf sets the start of a day as start does, or else from the midnight in the person's
// zone, if that is known.
func (a *answer) startOf(e *object, day health.Day, gmt, local element.Value) (unix int64, ok bool) {
	if unix, ok = seconds(gmt); ok && near(unix, day) {
		return a.start(e, gmt, local)
	}
	if a.clock == nil {
		return 0, false
	}
	y, m, d := day.Midnight().Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, a.clock)
	_, ahead := midnight.Zone()
	e.int("startTimeInSeconds", midnight.Unix())
	e.int("startTimeOffsetInSeconds", int64(ahead))
	return midnight.Unix(), true
}

// near reports whether an instant can be the start of a day, or of the night before it, on
// some clock.
func near(unix int64, day health.Day) bool {
	from := unix - day.Midnight().Unix()
	return from >= -longestRun && from <= longestRun
}

// until sets durationInSeconds from a start (unix seconds) and an end.
func (o *object) until(start int64, end element.Value) {
	if at, ok := seconds(end); ok && at > start {
		o.int("durationInSeconds", at-start)
	}
}

// date reads a date, with or without a time after it.
func date(v element.Value) (health.Day, bool) {
	s := strings.TrimSpace(v.Text())
	if v.Kind() != element.String || len(s) < len(time.DateOnly) {
		return 0, false
	}
	day, err := health.ParseDay(s[:len(time.DateOnly)])
	return day, err == nil
}

// day is the date of an object, by the names that it may have, or else the day that was
// asked for, if that was one.
func (a *answer) day(v element.Value, names ...string) (health.Day, bool) {
	for _, name := range names {
		if day, ok := date(v.Get(name)); ok {
			return day, true
		}
	}
	return a.From, a.From != 0 && a.From == a.To
}

// askedOn is the date in UTC on which Garmin was asked: the person's clock may not be known
// yet, and what is decoded again must get the same date.
func (a *answer) askedOn() health.Day { return health.DayOf(a.Asked, 0) }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
