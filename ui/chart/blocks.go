package chart

import (
	"fmt"
	"strings"
)

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
			c.put(`<a href="%s" tabindex="-1">`, local(b.Href)) // the list below the lanes has it too
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

// A name has so many runes at most: what a block's name says in full stands in the list
// below the lanes. Each takes about two per cent of the width on a phone.
const (
	nameRunes = 22
	runeShare = 2
)

// name writes a block's name after it, or before it where the right edge is near.
func (c *canvas) name(from, to float64, height int, text string) {
	if runes := []rune(text); len(runes) > nameRunes {
		text = strings.TrimRight(string(runes[:nameRunes-1]), " ,") + "…"
	}
	if to+runeShare*float64(len([]rune(text))) > 100 && from > 100-to {
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
	lv, _ := l.scale(height)
	c.levels(lv)
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
	lv, ok := l.scale(height)
	if !ok {
		return
	}
	c.levels(lv)
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
