package ui

import (
	"strconv"
	"time"

	"garner/health"
	"garner/ui/text"
)

// Duration is a length of time: "7 h 41", "25 min", "40 s".
func Duration(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d.Round(time.Second) < time.Minute:
		return strconv.Itoa(int(d.Round(time.Second).Seconds())) + thin + "s"
	case d.Round(time.Minute) < time.Hour:
		return strconv.Itoa(int(d.Round(time.Minute).Minutes())) + thin + "min"
	}
	minutes := int(d.Round(time.Minute).Minutes())
	return strconv.Itoa(minutes/60) + thin + "h" + thin + pad(minutes%60)
}

// Took is a short technical duration, down to the millisecond.
func Took(d time.Duration) string {
	switch {
	case d < 0:
		return "0" + thin + "ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + thin + "ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + thin + "s"
	}
	return long(d)
}

// Date is a day for people: "Mon 23 Nov 2026".
func Date(d health.Day) string { return d.Midnight().Format("Mon 2 Jan 2006") }

// ShortDate leaves the year out: "Mon 23 Nov".
func ShortDate(d health.Day) string { return d.Midnight().Format("Mon 2 Jan") }

// Dates is a range of days, both ends included: "Mon 2 Nov to Mon 23 Nov 2026". The first has
// its year where that is another one.
func Dates(from, to health.Day) string {
	first := ShortDate(from)
	if from.Midnight().Year() != to.Midnight().Year() {
		first = Date(from)
	}
	return first + " to " + Date(to)
}

// Time is the time of day in the instant's own location: "07:05", "7:05 am".
func (p Preferences) Time(t time.Time) string { return t.Format(p.Clock.Minutes()) }

// here puts an instant of the box itself, which carries the machine's zone, on
// the reader's clock; what a record says stays on the record's own.
func here(t, now time.Time) time.Time {
	if t.Location() == time.Local {
		return t.In(now.Location())
	}
	return t
}

// When is an instant for people, without the date when it is today's. A clock
// that is not the reader's is named, and so is UTC, which few people live by.
func (p Preferences) When(t, now time.Time) string {
	t = here(t, now)
	if t.Format(time.DateOnly) == now.In(t.Location()).Format(time.DateOnly) {
		return p.Time(t) + clockName(t, now)
	}
	return p.Dated(t, now)
}

// Dated is When with the date also where it is today's: what came today for a
// day long ago would look as if it had come then.
func (p Preferences) Dated(t, now time.Time) string {
	t = here(t, now)
	layout := "Mon 2 Jan "
	if t.Year() != now.In(t.Location()).Year() {
		layout = "Mon 2 Jan 2006 "
	}
	return t.Format(layout+p.Clock.Minutes()) + clockName(t, now)
}

// TimeOfDay is When without any date.
func (p Preferences) TimeOfDay(t, now time.Time) string {
	t = here(t, now)
	return p.Time(t) + clockName(t, now)
}

// Began is when something began on its record's own clock, with the year where that is not
// the current one. The clock is named where it is not that of home.
func (p Preferences) Began(t, now time.Time, home *time.Location) string {
	layout := "Mon 2 Jan "
	if t.Year() != now.In(home).Year() {
		layout = "Mon 2 Jan 2006 "
	}
	return t.Format(layout) + p.Clocked(t, home)
}

// Clocked is the time of day on its record's own clock, which is named where it is not that
// of home.
func (p Preferences) Clocked(t time.Time, home *time.Location) string {
	_, offset := t.Zone()
	if _, atHome := t.In(home).Zone(); offset == atHome {
		return p.Time(t)
	}
	return p.Time(t) + " " + Zone(t)
}

// clockName is the name of an instant's clock, where that has to be said.
func clockName(t, now time.Time) string {
	_, offset := t.Zone()
	if _, readers := t.In(now.Location()).Zone(); offset == readers && offset != 0 {
		return ""
	}
	return " " + Zone(t)
}

// Stamp is an instant in full, for titles.
func (p Preferences) Stamp(t time.Time) string {
	return t.Format("Mon 2 Jan 2006 "+p.Clock.Seconds()) + " " + Zone(t)
}

// Zone is the clock's distance from UTC, "UTC+9" or "UTC+5:30": it is what
// the watch showed, not a place.
func Zone(t time.Time) string {
	_, offset := t.Zone()
	return text.Zone(offset)
}

// Ago is how long ago an instant was: "4 min ago". The future is "just now",
// since a clock that runs ahead is no news.
func Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + thin + "min ago"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d.Hours())) + thin + "h ago"
	case d < 60*24*time.Hour:
		return Plural(int(d.Hours()/24), "day ago", "days ago")
	}
	return here(t, now).Format("2 Jan 2006")
}
