package ui

import (
	"fmt"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// NewWeeksView writes some weeks of nights of the page's person.
func NewWeeksView(p Page, n query.Nights) WeeksView {
	slug := p.Person.Slug
	v := WeeksView{Person: *p.Person, Title: "Nights from " + Dates(n.From, n.To), Status: OK,
		Earlier: n.Earlier, Later: n.Later, Devices: n.Devices, Origins: n.Origins, Notes: n.Notes,
		CSV: sleepURL(slug) + "/weeks.csv?to=" + n.To.String()}
	v.Sentence = fmt.Sprintf("Asleep %s on average in %s.", Duration(n.Asleep), Plural(n.Counted, "night", "nights"))
	if n.Counted == 0 {
		v.Status, v.Sentence = NoData, "No night of these weeks has a sleep."
	}
	if n.First != nil && n.To < *n.First {
		v.Sentence = "There is no night before the one to " + Date(*n.First) + "."
		v.Empty = &Empty{What: "This page shows the nights of four weeks on one clock.",
			Why:  "The first sleep is of that night.",
			Next: &Link{"Show the first four weeks", weeksURL(slug, *n.First+health.Day(len(n.List))-1)}}
	}
	if without := len(n.List) - n.Counted; without > 0 && n.Counted > 0 {
		v.Facts = append(v.Facts, Plural(without, "night has", "nights have")+" no sleep")
	}
	v.Axis = weeksAxis(p, n)
	if n.Bed != n.Wake {
		v.Usual = []chart.Span{usualSpan(n.Bed), usualSpan(n.Wake)}
		v.Facts = append(v.Facts, fmt.Sprintf("usually from %s to %s; four nights of five begin between %s and %s and "+
			"end between %s and %s", v.clock(n.Bed.Middle), v.clock(n.Wake.Middle), v.clock(n.Bed.Low), v.clock(n.Bed.High),
			v.clock(n.Wake.Low), v.clock(n.Wake.High)))
	}
	for _, night := range n.List {
		v.Nights = append(v.Nights, weeksNight(night))
	}
	return v
}

// The axis of many nights is on no date: its midnight is the end of day 0.
const (
	dayMS      = int64(86_400_000)
	axisFirst  = 18 * 3600
	axisLast   = 36 * 3600
	axisWidest = 12 * 3600
)

// weeksAxis is from 18:00 to 12:00, or as wide as the main sleeps need.
func weeksAxis(p Page, n query.Nights) chart.Ribbon {
	from, to := axisFirst, axisLast
	for _, night := range n.List {
		if s := night.Slept(); s != nil {
			start, end := onAxis(s.Start, s, night.Date), onAxis(s.End, s, night.Date)
			from, to = min(from, int(start/3_600_000)*3600), max(to, int((end+3_599_999)/3_600_000)*3600)
		}
	}
	from, to = max(from, axisWidest), min(to, axisWidest+2*86400-axisFirst)
	return chart.Ribbon{ID: "weeks-", From: int64(from) * 1000, To: int64(to) * 1000, Midnight: dayMS, Hours: p.Clock}
}

// onAxis is an instant of a sleep in milliseconds of the axis.
func onAxis(at int64, s *query.NightSleep, date health.Day) int64 {
	return dayMS + (at+int64(s.OffsetAt(at))-int64(date)*86400)*1000
}

func usualSpan(u query.UsualTime) chart.Span {
	return chart.Span{From: dayMS + int64(u.Low)*1000, To: dayMS + int64(u.High)*1000}
}

// clock is a time of day, given in seconds after the midnight of a night.
func (v *WeeksView) clock(seconds int) string { return v.Axis.Clock(dayMS + int64(seconds)*1000) }

func weeksNight(night query.NightOfWeeks) WeeksNight {
	row := WeeksNight{Day: night.Date, State: night.State, Row: chart.NightRow{Title: ShortDate(night.Date)}}
	for i := range row.Stages {
		row.Stages[i] = missing
	}
	s := night.Slept()
	if s == nil {
		row.Row.Absent, row.Row.Word = night.State.Absence, text.State(night.State)
		return row
	}
	row.Slept, row.From, row.To = true, onClock(s.Start, s.Offset), onClock(s.End, s.OffsetAt(s.End))
	row.Asleep, row.Score, row.Trust = s.Asleep, scoreOf(s), trustWords[s.Class][0]
	for i, name := range []string{"deep", "light", "rem", "awake"} {
		if x, ok := s.Stage(name); ok {
			row.Stages[i] = Duration(x)
		}
	}
	row.Row.Blocks = weeksBlocks(s, night.Date)
	for i := range night.Further {
		row.Row.Blocks = append(row.Row.Blocks, weeksBlocks(&night.Further[i], night.Date)...)
	}
	return row
}

// mostBar is how many blocks the bar of a night has at most: it is as wide as a screen.
const mostBar = 120

func weeksBlocks(s *query.NightSleep, date health.Day) []chart.Block {
	blocks := chart.Condense(nightBlocks(s.Sleep), s.Start*1000, s.End*1000, mostBar)
	for i := range blocks {
		at := blocks[i].From / 1000
		shift := onAxis(at, s, date) - at*1000
		blocks[i].From, blocks[i].To = blocks[i].From+shift, blocks[i].To+shift
	}
	return blocks
}

// times is from when to when a night lasted.
func (n WeeksNight) times(p Page) string {
	if !n.Slept {
		return ""
	}
	return p.Time(n.From) + dash + p.Time(n.To)
}
