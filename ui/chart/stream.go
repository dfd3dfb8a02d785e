package chart

import (
	"github.com/a-h/templ"
)

// Streams are the measures of an activity above one axis: time or distance. Their
// points have at T where they stand on it, in thousandths of its unit.
type Streams struct {
	From, To int64
	Ticks    []StreamTick
	// Pauses are where the timer stood; a pause has no width on an axis that stands
	// with it.
	Pauses []Span
}

// StreamTick is a named place of the axis.
type StreamTick struct {
	At   int64
	Text string
}

// Stream is one measure.
type Stream struct {
	// ID is that of its drawing, Key becomes part of its CSS class.
	ID, Key, Title, Sentence string
	// Runs are what a line joins.
	Runs [][]Point
	// Invert puts low values at the top. Clip, if not 0, is where the scale ends:
	// what is higher is drawn there, and ClipText says so.
	Invert   bool
	Clip     float64
	ClipText string
	Format   func(float64) string
}

// streamHeight is how high a measure is drawn, in pixels.
const streamHeight = 96

func (s Stream) scale() (lv levels, ok, clipped bool) {
	var lo, hi float64
	for _, run := range s.Runs {
		low, high, some := extent(run)
		switch {
		case !some:
		case !ok:
			lo, hi, ok = low, high, true
		default:
			lo, hi = min(lo, low), max(hi, high)
		}
	}
	if s.Clip > 0 && hi > s.Clip {
		hi, clipped = s.Clip, true
	}
	lv = levels{top: edgeMargin, bottom: streamHeight - edgeMargin}
	lv.lo, lv.hi = fitted(min(lo, hi), hi, false)
	if s.Invert {
		lv.top, lv.bottom = lv.bottom, lv.top
	}
	return lv, ok, clipped
}

// Draw is one measure as SVG.
func (f Streams) Draw(s Stream) templ.Component {
	w := window{f.From, f.To}
	c := &canvas{}
	c.open("plot plot-"+s.Key, streamHeight, s.ID, s.Title, s.Sentence)
	for _, p := range f.Pauses {
		c.band(w, p, streamHeight, "pause", "")
	}
	for _, t := range f.Ticks {
		x := num(w.pct(t.At))
		c.put(`<line class="grid" x1="%s%%" x2="%s%%" y1="0" y2="%d"/>`, x, x, streamHeight)
	}
	if lv, ok, clipped := s.scale(); ok {
		c.levels(lv)
		inner := ""
		for _, run := range s.Runs {
			if len(run) == 1 {
				c.dot(w, lv, run[0], "dot")
			} else {
				inner += path(w, lv, Reduce(run, w.from, w.to, columns))
			}
		}
		if inner != "" {
			c.stretch(streamHeight, `<path class="line" d="`+inner+`"/>`)
		}
		if clipped {
			c.put(`<text class="tick end" x="100%%" dx="-4" y="%d">%s</text>`, streamHeight-4, esc(s.ClipText))
		}
	}
	c.put(`</svg>`)
	return c.component()
}

// Gutter has three numbers of a measure's scale.
func (f Streams) Gutter(s Stream) templ.Component {
	c := &canvas{}
	c.put(`<svg class="plot gutter" width="%d" height="%d" aria-hidden="true">`, gutterWidth, streamHeight)
	if lv, ok, _ := s.scale(); ok {
		for _, v := range lv.marks() {
			c.put(`<text class="end" x="%d" y="%s">%s</text>`, gutterWidth-6, num(lv.y(v)+4), esc(s.Format(v)))
		}
	}
	c.put(`</svg>`)
	return c.component()
}

// Axis names the ticks.
func (f Streams) Axis() templ.Component {
	w := window{f.From, f.To}
	c := &canvas{}
	c.put(`<svg class="plot axis" width="100%%" height="20" aria-hidden="true">`)
	for i, t := range f.Ticks {
		class, x := "hour", w.pct(t.At)
		if x < edge {
			class = "hour first"
		} else if i%2 == 1 {
			class = "hour minor"
		}
		if x <= 100-edge {
			c.put(`<text class="%s" x="%s%%" y="14">%s</text>`, class, num(x), esc(t.Text))
		}
	}
	c.put(`</svg>`)
	return c.component()
}

// Ticks are round numbers within a range, at most n+1.
func Ticks(lo, hi float64, n int) []float64 {
	if hi <= lo || n < 1 {
		return nil
	}
	step := roundStep((hi - lo) / float64(n))
	var out []float64
	for v := ceilTo(lo, step); v <= hi+step/1e6; v += step {
		out = append(out, v)
	}
	return out
}
