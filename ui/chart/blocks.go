package chart

import "fmt"

// rows of a hypnogram from the top. Other classes (asleep, unmeasurable)
// span all of them.
var rows = map[string]int{"awake": 0, "rem": 1, "light": 2, "deep": 3}

var rowNames = []struct{ class, text string }{{"awake", "awake"}, {"rem", "REM"}, {"light", "light"}, {"deep", "deep"}}

// stages draws a hypnogram: a block in its row, thin risers between blocks
// that touch.
func stages(c *canvas, w window, l Lane, height int) {
	row := height / len(rows)
	for _, name := range rowNames {
		c.put(`<text class="tick end" x="100%%" dx="-6" y="%d">%s</text>`, rows[name.class]*row+row-4, name.text)
	}
	for i, b := range l.Blocks {
		x, width := w.pct(b.From), w.pct(b.To)-w.pct(b.From)
		y, h := 0, height
		n, known := rows[b.Class]
		if known {
			y, h = n*row+2, row-4
		}
		fill := ""
		if b.Class == "unmeasurable" {
			fill = ` fill="url(#hatch)"`
		}
		c.put(`<rect class="stage %s" x="%s%%" width="%s%%" y="%d" height="%d" rx="1"%s/>`,
			esc(b.Class), num(x), num(max(width, 0.05)), y, h, fill)
		if i == 0 || !known || l.Blocks[i-1].To != b.From {
			continue
		}
		if m, ok := rows[l.Blocks[i-1].Class]; ok && m != n {
			c.put(`<line class="riser" x1="%s%%" x2="%s%%" y1="%d" y2="%d"/>`,
				num(x), num(x), min(m, n)*row+row-2, max(m, n)*row+2)
		}
	}
}

// provisional frames what may still change, and says so.
func (c *canvas) provisional(w window, l Lane, height int) {
	if len(l.Blocks) == 0 {
		return
	}
	from, to := w.pct(l.Blocks[0].From), w.pct(l.Blocks[len(l.Blocks)-1].To)
	c.put(`<rect class="provisional" x="%s%%" width="%s%%" y="1" height="%d" rx="3"/>`, num(from), num(to-from), height-2)
	c.name(from, to, height, Tentative.Symbol()+" provisional")
}

// spans draws blocks side by side, with their names where these fit.
func spans(c *canvas, w window, l Lane, height int) {
	for _, b := range l.Blocks {
		x, width := w.pct(b.From), w.pct(b.To)-w.pct(b.From)
		if width <= 0 {
			continue
		}
		if b.Href != "" {
			c.put(`<a href="%s">`, local(b.Href))
		}
		c.put(`<rect class="span %s" x="%s%%" width="%s%%" y="4" height="%d" rx="3">`, esc(b.Class), num(x),
			num(max(width, 0.15)), height-8)
		c.put(`<title>%s</title></rect>`, esc(b.Label))
		if b.Href != "" {
			c.put(`</a>`)
		}
		if b.Class != "worn" {
			c.name(x, x+width, height, b.Label)
		}
	}
}

// name writes a block's name after it, or before it near the right edge.
func (c *canvas) name(from, to float64, height int, text string) {
	if to > 80 {
		c.put(`<text class="span-text end" x="%s%%" dx="-6" y="%d">%s</text>`, num(from), height/2+4, esc(text))
		return
	}
	c.put(`<text class="span-text" x="%s%%" dx="6" y="%d">%s</text>`, num(to), height/2+4, esc(text))
}

// The stress bands as on the watch: below 0 too active to tell.
var stressBands = []struct {
	class string
	upTo  float64
}{{"rest", 25}, {"low", 50}, {"medium", 75}, {"high", 100}}

// stress draws a bar per sample, coloured by its level, a path per level.
func stress(c *canvas, w window, l Lane, height int) {
	lv := levels{lo: 0, hi: 100, top: 4, bottom: height}
	for _, v := range []float64{25, 50, 75} {
		c.level(lv.y(v), "", "level")
	}
	paths := make([]string, len(stressBands))
	for _, p := range Reduce(l.Series.Points, w.from, w.to, columns) {
		for i, b := range stressBands {
			if p.V <= b.upTo {
				paths[i] += bar(w, lv, p, l.Series.Cadence.Milliseconds())
				break
			}
		}
	}
	var inner string
	for i, d := range paths {
		if d != "" {
			inner += fmt.Sprintf(`<path class="stress %s" d="%s"/>`, stressBands[i].class, d)
		}
	}
	c.stretch(height, inner)
}

// bars draws sums from zero; a measured zero is a line on the floor.
func bars(c *canvas, w window, l Lane, height int) {
	_, hi, ok := extent(l.Series.Points)
	if !ok {
		return
	}
	lv := levels{lo: 0, hi: max(hi, l.Max, 1) * 1.08, top: 4, bottom: height - 1}
	if t := ticks(0, lv.hi, 2); len(t) > 1 {
		for _, v := range t[1:] {
			c.level(lv.y(v), l.Write(v), "level")
		}
	}
	var d string
	for _, p := range l.Series.Points {
		d += bar(w, lv, p, l.Series.Cadence.Milliseconds())
	}
	c.stretch(height, `<path class="bar" d="`+d+`"/>`)
}

// bar is one bar as wide as its cadence, less a hair.
func bar(w window, lv levels, p Point, cadence int64) string {
	x := w.x(p.T)
	width := max(w.x(p.T+cadence)-x-1, 1)
	floor := lv.vy(lv.lo)
	return fmt.Sprintf("M%d %dV%dh%dV%dz", x, floor, min(lv.vy(p.V), floor-2), width, floor)
}
