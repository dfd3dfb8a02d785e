package chart

import (
	"fmt"

	"github.com/a-h/templ"
)

const hour = int64(3_600_000)

// offsetAt is the watch's clock at an instant, in milliseconds ahead of UTC.
func (r Ribbon) offsetAt(t int64) int64 {
	offset := r.Offset
	for _, s := range r.Seams {
		if t >= s.At {
			offset = s.Offset
		}
	}
	return int64(offset) * 1000
}

// Clock is what the watch showed at an instant. On a day on which an hour
// came twice its second time is marked with b.
func (r Ribbon) Clock(t int64) string {
	local := t + r.offsetAt(t)
	text := fmt.Sprintf("%02d:%02d", local/hour%24, local%hour/60_000)
	for _, s := range r.Seams {
		before := r.offsetAt(s.At - 1)
		if back := before - int64(s.Offset)*1000; back > 0 && t >= s.At && t < s.At+back {
			text += "b"
		}
	}
	return text
}

// hours calls f for each full hour that the watch showed.
func (r Ribbon) hours(f func(t int64, clock int)) {
	const step = hour / 4 // offsets are whole quarters of an hour
	for t := r.From; t < r.To; t += step {
		if local := t + r.offsetAt(t); local%hour == 0 {
			f(t, int(local/hour%24))
		}
	}
}

// Axis is the ribbon's clock: every third hour, noon set apart.
func (r Ribbon) Axis() templ.Component {
	const height = 20
	w := window{r.From, r.To}
	c := &canvas{}
	c.put(`<svg class="plot axis" width="100%%" height="%d" aria-hidden="true">`, height)
	r.hours(func(t int64, clock int) {
		if clock%3 != 0 {
			return
		}
		class := "hour"
		switch {
		case t == r.From:
			class = "hour first"
		case clock%6 != 0:
			class = "hour minor"
		}
		c.put(`<text class="%s" x="%s%%" y="14">%02d:00</text>`, class, num(w.pct(t)), clock)
	})
	c.put(`</svg>`)
	return c.component()
}

// grid draws the hours that all lanes share.
func (c *canvas) grid(r Ribbon, height int) {
	w := window{r.From, r.To}
	r.hours(func(t int64, clock int) {
		if clock%6 == 0 && t > r.From {
			class := "grid"
			if clock%12 == 0 {
				class = "grid noon"
			}
			c.put(`<line class="%s" x1="%s%%" x2="%s%%" y1="0" y2="%d"/>`, class, num(w.pct(t)), num(w.pct(t)), height)
		}
	})
}

// seams draws where the clock changed.
func (r Ribbon) seams(c *canvas, height int) {
	w := window{r.From, r.To}
	for _, s := range r.Seams {
		x := num(w.pct(s.At))
		c.put(`<line class="seam" x1="%s%%" x2="%s%%" y1="0" y2="%d"><title>%s</title></line>`, x, x, height, seamText(s))
	}
}

func seamText(s Seam) string {
	sign, offset := "+", s.Offset
	if offset < 0 {
		sign, offset = "−", -offset
	}
	text := fmt.Sprintf("From here the watch showed UTC%s%d", sign, offset/3600)
	if rest := offset % 3600 / 60; rest != 0 {
		text += fmt.Sprintf(":%02d", rest)
	}
	return text
}
