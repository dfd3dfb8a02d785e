package chart

import (
	"math"

	"github.com/a-h/templ"
)

// levels maps values to a height in pixels, high values up.
type levels struct {
	lo, hi      float64
	top, bottom int
}

func (l levels) y(v float64) float64 {
	if l.hi <= l.lo {
		return float64(l.top+l.bottom) / 2
	}
	share := (min(max(v, l.lo), l.hi) - l.lo) / (l.hi - l.lo)
	return float64(l.bottom) - share*float64(l.bottom-l.top)
}

// vy is y in the stretched viewport.
func (l levels) vy(v float64) int { return int(math.Round(l.y(v) * viewScale)) }

// extent is the range of samples; ok is false without any.
func extent(points []Point) (lo, hi float64, ok bool) {
	for i, p := range points {
		if i == 0 {
			lo, hi = p.V, p.V
		}
		lo, hi = min(lo, p.V), max(hi, p.V)
	}
	return lo, hi, len(points) > 0
}

// scale is that of a lane: its own bounds, or what its samples need. It has three whole
// numbers at equal distances, the lowest, the middle and the highest. ok is false without
// samples.
func (l Lane) scale(height int) (lv levels, ok bool) {
	lv = levels{top: edgeMargin, bottom: height - edgeMargin}
	lo, hi, ok := extent(l.Series.Points)
	if l.Max > l.Min {
		lv.lo, lv.hi = l.Min, l.Max
		return lv, ok
	}
	if l.Mark > 0 {
		lo, hi = min(lo, l.Mark), max(hi, l.Mark)
	}
	if l.Kind == Bars || l.Kind == Area {
		lo = 0
	}
	lv.lo, lv.hi = fitted(lo, hi, false)
	return lv, ok
}

// OnOneScale gives two lanes of one measure the scale that both of them need.
func OnOneScale(a, b *Lane) {
	if a.Max > a.Min || b.Max > b.Min || a.Kind == Stages || a.Kind == Spans {
		return
	}
	const height = 1 // the bounds of a scale do not depend on the height
	x, ok1 := a.scale(height)
	y, ok2 := b.scale(height)
	if ok1 && ok2 {
		lo, hi := fitted(min(x.lo, y.lo), max(x.hi, y.hi), false)
		a.Min, a.Max, b.Min, b.Max = lo, hi, lo, hi
	}
}

// edgeMargin keeps the outer labels of a scale inside its drawing.
const edgeMargin = 8

// roundSteps are the distances between the numbers of a scale, but for their power of ten.
var roundSteps = []float64{1, 2, 3, 4, 5, 6, 8}

// fitted are the bounds close around a range of which both, and their middle, are round
// numbers: whole ones, or with halves also those between two. A range of one value gets
// room on both sides, but for zero.
func fitted(lo, hi float64, halves bool) (float64, float64) {
	if lo == hi && lo != 0 {
		lo, hi = lo-0.5, hi+0.5
	}
	if from := math.Floor(lo*2) / 2; halves && from+1 >= hi {
		return from, from + 1
	}
	for power := 1.0; ; power *= 10 {
		from := math.Floor(lo/power) * power
		for _, m := range roundSteps {
			if to := from + 2*m*power; to >= hi {
				return from, to
			}
		}
	}
}

// marks are the numbers of a scale from the lowest.
func (l levels) marks() [3]float64 { return [3]float64{l.lo, (l.lo + l.hi) / 2, l.hi} }

// levels draws the lines of a scale.
func (c *canvas) levels(lv levels) {
	for _, v := range lv.marks() {
		c.level(lv.y(v), "level")
	}
}

// level draws a line across.
func (c *canvas) level(y float64, class string) {
	c.put(`<line class="%s" x1="0" x2="100%%" y1="%s" y2="%s"/>`, class, num(y), num(y))
}

// gutterWidth is how wide the labels beside a lane are, in pixels. The style sheet
// has it as the width of a column.
const gutterWidth = 44

// Gutter is what stands left of a lane: the names of its rows, or three numbers of its
// scale. It is a drawing of its own, so that the plot can be replaced.
func (r Ribbon) Gutter(l Lane) templ.Component {
	height := l.height()
	c := &canvas{}
	c.put(`<svg class="plot gutter" width="%d" height="%d" aria-hidden="true">`, gutterWidth, height)
	put := func(y float64, text string) {
		c.put(`<text class="end" x="%d" y="%s">%s</text>`, gutterWidth-6, num(y+4), esc(text))
	}
	lv, ok := l.scale(height)
	switch {
	case l.Absent != Present:
	case l.Kind == Stages:
		for i, name := range rowNames {
			put(rowMiddle(i, height), name)
		}
	case ok:
		for _, v := range lv.marks() {
			put(lv.y(v), l.Write(v))
		}
	}
	c.put(`</svg>`)
	return c.component()
}
