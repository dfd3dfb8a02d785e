package chart

import (
	"time"

	"github.com/a-h/templ"

	"garner/ui/text"
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

// Clock is what the watch showed at an instant. Where the clock was put back,
// the time that came twice is marked with a and b.
func (r Ribbon) Clock(t int64) string {
	return r.write(t, r.Hours.Minutes())
}

// write is an instant on the watch's clock, in a layout of time.Time.Format.
func (r Ribbon) write(t int64, layout string) string {
	at := time.UnixMilli(t + r.offsetAt(t)).UTC().Format(layout)
	for _, s := range r.Seams {
		switch back := r.offsetAt(s.At-1) - int64(s.Offset)*1000; {
		case t >= s.At && t < s.At+back:
			at += r.twice("b")
		case t < s.At && t >= s.At-back:
			at += r.twice("a")
		}
	}
	return at
}

// twice marks a time that comes twice.
func (r Ribbon) twice(mark string) string {
	if r.Hours == text.Clock12 {
		return "\u202f(" + mark + ")"
	}
	return mark
}

// eachStep calls f for each time that the watch showed that is a multiple of step, which is
// one of quarters of an hour, with the time since midnight.
func (r Ribbon) eachStep(step int64, f func(t, clock int64)) {
	const quarter = hour / 4 // offsets are whole ones
	for t := r.From; t < r.To; t += quarter {
		if local := t + r.offsetAt(t); local%step == 0 {
			f(t, local%(24*hour))
		}
	}
}

// steps are how far apart the axis names times, and which of them narrow screens show.
func (r Ribbon) steps() (named, narrow int64) {
	switch length := r.To - r.From; {
	case length <= 2*hour:
		return hour / 4, hour / 2
	case length <= 4*hour:
		return hour / 2, hour
	case length <= 12*hour:
		return hour, 3 * hour
	}
	return 3 * hour, 6 * hour
}

// Axis is the ribbon's clock: every third hour, or more of a part of the day, and below
// it if the clock changed.
func (r Ribbon) Axis() templ.Component {
	const row = 20
	height := row
	for _, more := range []bool{len(r.Marks) > 0, len(r.Seams) > 0} {
		if more {
			height += row
		}
	}
	w := window{r.From, r.To}
	c := &canvas{}
	c.put(`<svg class="plot axis" width="100%%" height="%d" aria-hidden="true">`, height)
	named, narrow := r.steps()
	layout := r.Hours.Hours()
	if named < hour {
		layout = r.Hours.Minutes()
	}
	r.eachStep(named, func(t, clock int64) {
		class := "hour"
		switch {
		case t == r.From:
			class = "hour first"
		case t == r.Midnight:
			class = "hour midnight"
			if w.pct(t) < edge {
				class += " first"
			}
		case clock%narrow != 0 || r.crowded(t):
			class = "hour minor"
		}
		c.put(`<text class="%s" x="%s%%" y="14">%s</text>`, class, num(w.pct(t)), r.write(t, layout))
	})
	r.marks(c, w, row+14)
	for _, s := range r.Seams {
		x, class := w.pct(s.At), "seam-text"
		if x > 50 {
			class += " end"
		}
		c.put(`<text class="%s" x="%s%%" y="%d">%s</text>`, class, num(x), height-6, r.seamText(s))
	}
	c.put(`</svg>`)
	return c.component()
}

// edge is how near to the left, in per cent, an hour has no room on both sides
// of it on a narrow screen.
const edge = 6

// crowded says that an hour stands too near to the first to be named on a
// narrow screen.
func (r Ribbon) crowded(t int64) bool { return t-r.From < (r.To-r.From)/8 }

// grid draws the hours that all lanes share.
func (c *canvas) grid(r Ribbon, height int) {
	w := window{r.From, r.To}
	_, narrow := r.steps()
	r.eachStep(narrow, func(t, clock int64) {
		if t > r.From {
			class := "grid"
			switch {
			case t == r.Midnight:
				class = "grid midnight"
			case clock%(12*hour) == 0:
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
		c.put(`<line class="seam" x1="%s%%" x2="%s%%" y1="0" y2="%d"><title>%s</title></line>`, x, x, height, r.seamText(s))
	}
}

// seamText names both clocks: "UTC+1 → UTC+2".
func (r Ribbon) seamText(s Seam) string {
	return text.Zone(int(r.offsetAt(s.At-1)/1000)) + " → " + text.Zone(int(s.Offset))
}
