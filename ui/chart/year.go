package chart

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"garner/health"
	"garner/ui/text"
)

// A year is drawn with a row for each type; runs of days of one state are one
// mark, so that ten thousand days stay a small drawing.
const (
	yearRow  = 18 // height of a row
	yearMark = 12
	yearTop  = 18 // for the names of months
)

// YearRow is one type through a year; its days begin with 1 January.
type YearRow struct {
	Title string
	Days  []Absence
}

// Year draws a year's days by types. What is missing is hatched, what arrived
// is full, what was not expected is left out.
func Year(id, title string, year int, rows []YearRow) templ.Component {
	c := &canvas{}
	c.open("plot year", yearTop+yearRow*len(rows), id, title, "")
	first := health.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), 0)
	days := int(health.DayOf(time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), 0) - first)
	pct := func(day int) string { return num(100 * float64(day) / float64(days)) }
	for m := time.January; m <= time.December; m++ {
		at := int(health.DayOf(time.Date(year, m, 1, 0, 0, 0, 0, time.UTC).Unix(), 0) - first)
		c.put(`<line class="grid" x1="%s%%" x2="%s%%" y1="0" y2="100%%"/>`, pct(at), pct(at))
		c.put(`<text class="month" x="%s%%" dx="3" y="12">%s</text>`, pct(at), m.String()[:3])
	}
	for i, row := range rows {
		y := yearTop + i*yearRow + (yearRow-yearMark)/2
		for from := 0; from < len(row.Days) && from < days; {
			to := from + 1
			for to < len(row.Days) && row.Days[to] == row.Days[from] {
				to++
			}
			c.yearRun(row, from, to, first, y, pct)
			from = to
		}
	}
	c.put(`</svg>`)
	return c.component()
}

func (c *canvas) yearRun(row YearRow, from, to int, first health.Day, y int, pct func(int) string) {
	state := row.Days[from]
	if state == NotExpected {
		return
	}
	fill := ""
	switch state {
	case Missing, Partial:
		fill = ` fill="url(#hatch)"`
	case Awaited:
		fill = ` fill="url(#hatch-light)"`
	}
	span := (first + health.Day(from)).Midnight().Format("2 Jan")
	if to-from > 1 {
		span += " to " + (first + health.Day(to-1)).Midnight().Format("2 Jan")
	}
	c.put(`<rect class="cover %s" x="%s%%" width="%s%%" y="%d" height="%d"%s><title>%s: %s, %s</title></rect>`,
		state.Key(), pct(from), pct(to-from), y, yearMark, fill, esc(row.Title), text.AbsenceWord(state), span)
}

const (
	volumeHeight = 44
	volumeStep   = 8 // width of a day
)

// Volume draws counts by days as bars; a day of which nothing is known has no
// bar but a hatched slot, so that 0 is a measured nothing.
func Volume(id, title string, counts []int, states []Absence) templ.Component {
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	c := &canvas{}
	width := len(counts) * volumeStep
	c.put(`<svg class="volume" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="%s-t">`+
		`<title id="%s-t">%s</title>`,
		width, volumeHeight, width, volumeHeight, esc(id), esc(id), esc(title))
	for i, n := range counts {
		x := i * volumeStep
		switch {
		case states[i] != Present && states[i] != Awaited:
			c.put(`<rect class="gap" fill="url(#hatch-light)" x="%d" y="2" width="%d" height="%d"/>`, x+1, volumeStep-2,
				volumeHeight-3)
		case n == 0:
			c.put(`<rect class="zero" x="%d" y="%d" width="%d" height="1"/>`, x+1, volumeHeight-2, volumeStep-2)
		default:
			h := max(n*(volumeHeight-4)/most, 2)
			c.put(`<rect class="bar %s" x="%d" y="%d" width="%d" height="%d"/>`, states[i].Key(), x+1, volumeHeight-1-h,
				volumeStep-2, h)
		}
	}
	c.put(`<line class="level" x1="0" x2="%d" y1="%s" y2="%s"/></svg>`, width, fmt.Sprint(volumeHeight-0.5),
		fmt.Sprint(volumeHeight-0.5))
	return c.component()
}
