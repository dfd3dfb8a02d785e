package chart

import "github.com/a-h/templ"

const (
	gaugeWidth  = 96
	gaugeHeight = 12
)

// Gauge is a value against the range that is usual: a line three ranges wide,
// the range in its middle third, and a dot where the value lies; a value
// beyond the line stands at its end. Whether the value counts as usual is the
// caller's rule, so that rounding never sets words and colour at odds. The
// words beside it say the same, so it is hidden from those who do not see it.
// Without a range it is nothing.
func Gauge(v, lo, hi float64, usual bool) templ.Component {
	if hi <= lo {
		return templ.NopComponent
	}
	const third, r = gaugeWidth / 3, 4
	share := (v - lo) / (hi - lo)
	x := min(max(third+share*third, r), gaugeWidth-r)
	class := "out"
	if usual {
		class = "in"
	}
	c := &canvas{}
	c.put(`<svg class="gauge" width="%d" height="%d" aria-hidden="true">`, gaugeWidth, gaugeHeight)
	c.put(`<line class="gauge-line" x1="0" x2="%d" y1="%d" y2="%d"/>`, gaugeWidth, gaugeHeight/2, gaugeHeight/2)
	c.put(`<rect class="gauge-band" x="%d" width="%d" y="%d" height="6" rx="3"/>`, third, third, gaugeHeight/2-3)
	c.put(`<circle class="gauge-dot %s" cx="%s" cy="%d" r="%d"/></svg>`, class, num(x), gaugeHeight/2, r)
	return c.component()
}
