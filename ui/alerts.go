package ui

import (
	"slices"
	"strconv"
	"time"

	"garner/health"
	"garner/ui/chart"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func orDash(text string) string {
	if text == "" {
		return missing
	}
	return text
}

// newestFirst is the strip for reading.
func (v TypeSyncView) newestFirst() []chart.DayMark {
	out := slices.Clone(v.Strip)
	slices.Reverse(out)
	return out
}

// who says what a pause is about.
func (r PauseRow) who() string {
	switch {
	case r.Person == nil && r.Type == nil:
		return "Everyone"
	case r.Person == nil:
		return r.Type.Title + " of everyone"
	case r.Type == nil:
		return r.Person.Name
	}
	return r.Type.Title + " of " + r.Person.Name
}

// lastDay is the last day of a pause, on its own clock.
func (r PauseRow) lastDay() health.Day {
	t := r.Until.Add(-time.Second)
	_, offset := t.Zone()
	return health.DayOf(t.Unix(), int32(offset))
}

// lasted is how long an incident was, or is so far.
func (e IncidentRow) lasted(now time.Time) string {
	if e.Closed.IsZero() {
		return "open, " + long(now.Sub(e.Since)) + " so far"
	}
	return "lasted " + long(e.Closed.Sub(e.Since))
}

// long is a length of time in its two largest units.
func long(d time.Duration) string {
	if d < 48*time.Hour {
		return Duration(d)
	}
	days, hours := int(d.Hours())/24, int(d.Hours())%24
	if hours == 0 {
		return strconv.Itoa(days) + thin + "d"
	}
	return strconv.Itoa(days) + thin + "d " + strconv.Itoa(hours) + thin + "h"
}

// about is what a rule of the page is about, within its sentence.
func (r RuleRow) about() string {
	switch {
	case r.Person == nil && r.Type == nil:
		return "no data arrives"
	case r.Person == nil:
		return "no " + r.Type.Title + " arrives from a person who sends other data"
	case r.Type == nil:
		return "no data of " + r.Person.Name + " arrives"
	}
	return "no " + r.Type.Title + " of " + r.Person.Name + " arrives, although other data does,"
}

func slugOf(p *PersonLink) string {
	if p == nil {
		return ""
	}
	return p.Slug
}

func keyOf(t *SyncType) string {
	if t == nil {
		return ""
	}
	return t.Key
}
