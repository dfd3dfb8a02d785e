package chart

import (
	"math"

	"github.com/a-h/templ"
)

// The size of a sparkline in pixels.
const (
	sparkWidth  = 112
	sparkHeight = 28
	sparkPad    = 3
)

// Spark is a small picture of some days, mostly 28: the values, joined where days follow
// each other, over the usual range of the last day that has one. A day without a value
// is a gap.
func Spark(id, title string, marks []TrendMark) templ.Component {
	lo, hi := math.Inf(1), math.Inf(-1)
	usual := -1
	for i := range marks {
		if m := &marks[i]; m.Has {
			lo, hi = min(lo, m.Low), max(hi, m.High)
		}
		if marks[i].Known {
			usual = i
		}
	}
	if usual >= 0 {
		lo, hi = min(lo, marks[usual].Usual.Low), max(hi, marks[usual].Usual.High)
	}
	l := levels{lo: lo, hi: hi, top: sparkPad, bottom: sparkHeight - sparkPad}
	c := &canvas{}
	id = esc(id)
	c.put(`<svg class="spark" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-t">`+
		`<title id="%s-t">%s</title>`, sparkWidth, sparkHeight, sparkWidth, sparkHeight, id, id, esc(title))
	if usual >= 0 {
		top, bottom := l.y(marks[usual].Usual.High), l.y(marks[usual].Usual.Low)
		c.put(`<rect class="usual" width="%d" y="%s" height="%s"/>`, sparkWidth, num(top), num(max(bottom-top, 1)))
	}
	c.spark(l, marks)
	c.put(`</svg>`)
	return c.component()
}

// spark draws the values: runs of days as lines, single ones and the last as dots.
func (c *canvas) spark(l levels, marks []TrendMark) {
	x := func(i int) float64 {
		return sparkPad + float64(i)*float64(sparkWidth-2*sparkPad)/float64(max(len(marks)-1, 1))
	}
	line, last := "", -1
	for i := range marks {
		if !marks[i].Has {
			continue
		}
		alone := i == 0 || !marks[i-1].Has
		if alone && (i+1 == len(marks) || !marks[i+1].Has) {
			c.put(`<circle class="dot" cx="%s" cy="%s" r="1.5"/>`, num(x(i)), num(l.y(marks[i].High)))
		}
		way := "L"
		if alone {
			way = "M"
		}
		line += way + num(x(i)) + " " + num(l.y(marks[i].High))
		last = i
	}
	if last >= 0 {
		c.put(`<path class="line" d="%s"/><circle class="dot" cx="%s" cy="%s" r="2.5"/>`, line, num(x(last)),
			num(l.y(marks[last].High)))
	}
}
