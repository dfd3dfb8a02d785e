package chart

import (
	"github.com/a-h/templ"

	"garner/health"
)

// Heat is the days of a year: a column for each week, a row for each weekday.
type Heat struct {
	ID, Title string
	// Weekdays are the names of the rows, from the first day of the week.
	Weekdays [7]string
	// First is the row of the first day.
	First int
	Days  []HeatDay
}

// HeatDay is one day of a Heat.
type HeatDay struct {
	Day health.Day
	// Level is 1 (lowest) to 5, LevelZero for a measured 0, and LevelNone where State
	// says why there is no value.
	Level int
	State Absence
	// Label is the day with its value or the reason.
	Label string
	// Note is what was written about the day.
	Note string
	// Href leads to the day; empty for a day to come.
	Href string
	// Stop means that the tab key stops here; the arrow keys reach the other days.
	Stop bool
}

// The levels that are no fifth of the values.
const (
	LevelNone = 0
	LevelZero = -1
)

const (
	heatStep = 16 // a day with its margin
	heatMark = 13
	heatLeft = 30 // for the names of weekdays
	heatTop  = 18 // for the names of months
)

// Component draws it. Marks have a fixed size: a narrow window scrolls.
func (h Heat) Component() templ.Component {
	c, id := &canvas{}, esc(h.ID)
	width, height := heatLeft+heatStep*((h.First+len(h.Days)+6)/7), heatTop+heatStep*7
	c.put(`<svg class="plot heat" data-heat width="%d" height="%d" viewBox="0 0 %d %d" role="group" `+
		`aria-labelledby="%s-t"><title id="%s-t">%s</title>`, width, height, width, height, id, id, esc(h.Title))
	for row := 0; row < 7; row += 2 {
		c.put(`<text class="weekday" x="0" y="%d" aria-hidden="true">%s</text>`, heatTop+heatStep*row+11,
			esc(h.Weekdays[row]))
	}
	for i, d := range h.Days {
		place := h.First + i
		x, y := heatLeft+heatStep*(place/7), heatTop+heatStep*(place%7)
		if date := d.Day.Midnight(); date.Day() == 1 {
			c.put(`<text class="month" x="%d" y="12" aria-hidden="true">%s</text>`, x+monthShift(place), date.Format("Jan"))
		}
		c.heatDay(x, y, d)
	}
	c.put(`</svg>`)
	return c.component()
}

// monthShift is where a month is named: above its first whole week.
func monthShift(place int) int {
	if place%7 == 0 {
		return 0
	}
	return heatStep
}

func (c *canvas) heatDay(x, y int, d HeatDay) {
	if d.Href == "" {
		c.heatMark(x, y, d)
		return
	}
	tab := "-1"
	if d.Stop {
		tab = "0"
	}
	label := esc(d.Label)
	if d.Note != "" {
		label += esc(". Note: " + d.Note)
	}
	c.put(`<a href="%s" tabindex="%s" aria-label="%s"><title>%s</title>`, local(d.Href), tab, label, label)
	// The whole cell can be clicked, whatever is drawn in it.
	c.put(`<rect class="cell" x="%d" y="%d" width="%d" height="%d"/>`, x-1, y-1, heatStep, heatStep)
	c.heatMark(x, y, d)
	if d.Note != "" {
		c.put(`<circle class="noted" cx="%d" cy="%d" r="3"/>`, x+heatMark-1, y+2)
	}
	c.put(`</a>`)
}

// heatMark draws the value, or the kind of absence.
func (c *canvas) heatMark(x, y int, d HeatDay) {
	rect := func(class, fill string) {
		c.put(`<rect class="%s" x="%d.5" y="%d.5" width="%d" height="%d" rx="2"%s/>`, class, x, y, heatMark, heatMark, fill)
	}
	switch {
	case d.Level == LevelZero:
		rect("zero", "")
	case d.Level > LevelNone:
		rect([...]string{"b1", "b2", "b3", "b4", "b5"}[min(d.Level, 5)-1], "")
	case d.State.Gap():
		rect(d.State.Key(), ` fill="url(#hatch)"`)
	case d.State == Awaited:
		rect("awaited", "")
	case d.State == NotExpected:
		c.put(`<circle class="not_expected" cx="%d" cy="%d" r="1.5"/>`, x+7, y+7)
	default: // it came without this value
		c.put(`<circle class="off_body" cx="%d" cy="%d" r="3.5"/>`, x+7, y+7)
	}
}
