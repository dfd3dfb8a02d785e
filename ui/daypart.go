package ui

import (
	"fmt"

	"garner/ui/chart"
)

// DayPart is the part of a day that its lanes show at full width, in unix seconds. The zero
// value is the whole day.
type DayPart struct{ From, To int64 }

// Parts begin and end with a quarter of an hour, which all clocks share.
const (
	quarterHour  = 15 * 60
	shortestPart = 2 * quarterHour
)

// within is the part as far as it lies between two instants, whole quarters of an hour that
// are not too few to read; the zero value if that is all.
func (d DayPart) within(from, to int64) DayPart {
	if d.To <= d.From || d.From >= to || d.To <= from {
		return DayPart{}
	}
	d.From = max(from, d.From-d.From%quarterHour)
	d.To = min(to, (d.To+quarterHour-1)/quarterHour*quarterHour)
	d.To = min(to, max(d.To, d.From+shortestPart))
	d.From = max(from, min(d.From, d.To-shortestPart))
	if d.From == from && d.To == to {
		return DayPart{}
	}
	return d
}

// PartLinks lead from what the lanes of a day show to other parts. An empty link leads
// nowhere.
type PartLinks struct {
	// Shown says what is shown: "07:00 to 13:00".
	Shown                  string
	In, Out, Before, After string
	// Base is the address of the whole day, to which scripts add from and to.
	Base string
	// Quarters are the quarters of the day, by name.
	Quarters []QuarterLink
}

// QuarterLink leads to a quarter of the day. Times are those of the watch's clock.
type QuarterLink struct {
	Name, Times, URL string
	Here             bool
}

var quarterNames = [...]string{"Night", "Morning", "Afternoon", "Evening"}

// part cuts the ribbon, and links to other parts.
func (w *dayWriter) part(r chart.Ribbon, asked DayPart) chart.Ribbon {
	first, last := r.From/1000, r.To/1000
	base := dayURL(w.v.Person.Slug, w.v.Day)
	links := &w.v.Part
	links.Base = string(base)
	to := func(from, to int64) string {
		p := DayPart{max(from, first), min(to, last)}.within(first, last)
		if p == (DayPart{}) {
			return links.Base + "#" + partID
		}
		return fmt.Sprintf("%s?from=%d&to=%d#%s", base, p.From, p.To, partID)
	}
	p := asked.within(first, last)
	zoomed := p != DayPart{}
	for i, name := range quarterNames {
		q := w.quarter(i, first, last).within(first, last)
		if q == (DayPart{}) {
			continue // the clock was set forward over it
		}
		links.Quarters = append(links.Quarters, QuarterLink{name,
			r.Clock(q.From*1000) + " to " + r.Clock(q.To*1000), to(q.From, q.To), q == p})
	}
	if !zoomed {
		return r
	}
	length := p.To - p.From
	if length > shortestPart {
		links.In = to(p.From+length/4, p.To-length/4)
	}
	links.Out = to(p.From-length/2, p.To+length/2)
	if p.From > first {
		from := max(first, p.From-length/2)
		links.Before = to(from, from+length)
	}
	if p.To < last {
		end := min(last, p.To+length/2)
		links.After = to(end-length, end)
	}
	r = r.Part(p.From*1000, p.To*1000)
	links.Shown = r.Clock(r.From) + " to " + r.Clock(r.To)
	return r
}

// quarter is a quarter of the day on the watch's clock. The first begins with the lanes, in
// the evening before where the night did, and the last ends with them.
func (w *dayWriter) quarter(i int, first, last int64) DayPart {
	clock, midnight := w.day.Clock, w.day.From
	at := func(i int) int64 {
		t := midnight + int64(i)*6*60*60
		return t - int64(clock.Offset(t)-clock.Offset(midnight))
	}
	q := DayPart{at(i), at(i + 1)}
	if i == 0 {
		q.From = first
	}
	if i == len(quarterNames)-1 {
		q.To = last
	}
	return q
}

// partID is where the lanes stand on the page.
const partID = "over-time"
