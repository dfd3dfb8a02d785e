package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/ui/chart"
)

func (v Volume) counts() []int {
	out := make([]int, 0, len(v.Days))
	for _, d := range v.Days {
		out = append(out, d.Count)
	}
	return out
}

func (v Volume) states() []chart.Absence {
	out := make([]chart.Absence, 0, len(v.Days))
	for _, d := range v.Days {
		out = append(out, d.State)
	}
	return out
}

// odd are the types of which less comes than usual, or nothing.
func (v SyncView) odd() []Volume { return slices.DeleteFunc(slices.Clone(v.Volumes), Volume.isUsual) }

// usual are the others.
func (v SyncView) usual() []Volume {
	return slices.DeleteFunc(slices.Clone(v.Volumes), func(x Volume) bool { return !x.isUsual() })
}

func (v Volume) isUsual() bool { return v.Status == OK }

// cell is one day's count, or that nothing is known of it.
func (v Volume) cell(i int) string {
	d := v.Days[i]
	if d.State == chart.Present || d.State == chart.Awaited {
		return Count(d.Count)
	}
	return missing
}

// shown says which part of the people stands there.
func (v SyncView) shown() string {
	return strconv.Itoa(v.First) + " to " + strconv.Itoa(v.First+len(v.Rows)-1) + " of " +
		Plural(v.Matching, "person", "people")
}

// none says why the matrix is empty.
func (v SyncView) none() Empty {
	all := &Link{"Show all " + Plural(v.Total, "person", "people"), "/sync"}
	switch {
	case v.Query != "":
		return Empty{What: "No person is named “" + v.Query + "”.", Why: "Search covers names only.", Next: all}
	default:
		return Empty{What: "No problems.", Why: "All data arrives as expected.", Next: all}
	}
}

func (r SyncRow) words() string {
	if r.Note != "" {
		return r.Note
	}
	return r.State.Word()
}

// troubled names the types that are not well, for a phone, which shows no
// columns.
func (r SyncRow) troubled(types []SyncType) string {
	var out []string
	for i, c := range r.Cells {
		if c.State.Troubled() && c.State != r.State && !c.Received.IsZero() {
			out = append(out, types[i].Title+" "+c.State.Word())
		}
	}
	return strings.Join(out, ", ")
}

// shortAge is an age for a narrow column: "4 min", "7 h", "12 d".
func shortAge(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + thin + "min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + thin + "h"
	}
	return strconv.Itoa(int(d.Hours()/24)) + thin + "d"
}
