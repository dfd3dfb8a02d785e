package chart

import (
	"fmt"
	"strconv"
)

// path joins the samples of one run by straight segments, in whole steps
// relative to the one before.
func path(w window, l levels, run []Point) string {
	x, y := w.x(run[0].T), l.vy(run[0].V)
	d := append([]byte(at(x, y)), 'l')
	for i, p := range run[1:] {
		nx, ny := w.x(p.T), l.vy(p.V)
		if i > 0 && nx >= x {
			d = append(d, ' ')
		}
		d = strconv.AppendInt(d, int64(nx-x), 10)
		if ny >= y {
			d = append(d, ' ')
		}
		d = strconv.AppendInt(d, int64(ny-y), 10)
		x, y = nx, ny
	}
	return string(d)
}

// line draws a measure over the range of its data.
func line(c *canvas, w window, l Lane, height int) {
	lv, ok := l.scale(height)
	if !ok {
		return
	}
	c.levels(lv)
	c.runs(w, lv, l, height)
	if l.Mark > 0 {
		y := lv.y(l.Mark)
		c.put(`<line class="mark" x1="0" x2="100%%" y1="%s" y2="%s"/>`, num(y), num(y))
		c.put(`<text class="tick end" x="100%%" dx="-4" y="%s">%s</text>`, num(beside(y)), esc(l.MarkLabel))
	}
	c.peak(w, lv, l)
}

// runs draws the runs as lines and single samples as dots.
func (c *canvas) runs(w window, lv levels, l Lane, height int) {
	var inner string
	var single []Point
	for _, run := range l.Series.Runs() {
		if len(run) == 1 {
			single = append(single, run[0])
			continue
		}
		inner += path(w, lv, Reduce(run, w.from, w.to, columns))
	}
	if inner != "" {
		c.stretch(height, `<path class="line" d="`+inner+`"/>`)
	}
	for _, p := range single {
		c.dot(w, lv, p, "dot")
	}
}

func (c *canvas) dot(w window, lv levels, p Point, class string) {
	c.put(`<circle class="%s" cx="%s%%" cy="%s" r="1.8"/>`, class, num(w.pct(p.T)), num(lv.y(p.V)))
}

// peak marks the highest sample with its value, kept off the edges.
func (c *canvas) peak(w window, lv levels, l Lane) {
	top := l.Series.Points[0]
	for _, p := range l.Series.Points {
		if p.V > top.V {
			top = p
		}
	}
	x := w.pct(top.T)
	c.put(`<circle class="peak" cx="%s%%" cy="%s" r="3"/>`, num(x), num(lv.y(top.V)))
	class, dx := "peak-text", 7
	if x > 90 {
		class, dx = "peak-text end", -7
	}
	c.put(`<text class="%s" x="%s%%" dx="%d" y="%s">%s</text>`, class, num(x), dx, num(lv.y(top.V)+4), esc(l.Write(top.V)))
}

// area fills from zero to a level that holds between samples.
func area(c *canvas, w window, l Lane, height int) {
	lv, _ := l.scale(height)
	c.levels(lv)
	var fill, edge string
	for _, run := range l.Series.Runs() {
		if len(run) == 1 {
			c.dot(w, lv, run[0], "dot")
			continue
		}
		run = Reduce(run, w.from, w.to, columns)
		d := path(w, lv, run)
		edge += d
		fill += fmt.Sprintf("%sV%dH%dZ", d, lv.vy(lv.lo), w.x(run[0].T))
	}
	if edge != "" {
		c.stretch(height, `<path class="fill" d="`+fill+`"/><path class="line" d="`+edge+`"/>`)
	}
}

// dots draws sparse samples, never joined.
func dots(c *canvas, w window, l Lane, height int) {
	lv, ok := l.scale(height)
	if !ok {
		return
	}
	c.levels(lv)
	for _, p := range Reduce(l.Series.Points, w.from, w.to, columns/4) {
		c.dot(w, lv, p, "dot")
	}
}
