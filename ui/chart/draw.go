package chart

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// canvas collects the text of one drawing.
type canvas struct{ strings.Builder }

func (c *canvas) put(format string, args ...any) { fmt.Fprintf(c, format, args...) }

// component hands a drawing to a page. All text in it went through esc.
func (c *canvas) component() templ.Component { return templ.Raw(c.String()) }

func esc(s string) string { return html.EscapeString(s) }

// local is an address on this box, escaped; anything else leads nowhere.
func local(href string) string {
	if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
		return esc(href)
	}
	return "#"
}

// num writes a coordinate with at most two decimals.
func num(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// window is the stretch of time that a drawing is as wide as.
type window struct{ from, to int64 }

// pct is where an instant lies, in per cent of the width.
func (w window) pct(t int64) float64 {
	if w.to <= w.from {
		return 0
	}
	t = min(max(t, w.from), w.to)
	return 100 * float64(t-w.from) / float64(w.to-w.from)
}

// x is where an instant lies in the stretched viewport.
func (w window) x(t int64) int { return int(w.pct(t)*viewWidth/100 + 0.5) }

// The stretched viewport counts whole numbers, which keeps paths short:
// half minutes of a day across, quarters of a pixel down.
const (
	viewWidth = 2880
	viewScale = 4
)

// band is a rectangle across the full height.
func (c *canvas) band(w window, s Span, height int, class, fill string) {
	x := w.pct(s.From)
	width := w.pct(s.To) - x
	if width <= 0 {
		return
	}
	c.put(`<rect class="%s" x="%s%%" width="%s%%" y="0" height="%d"`, class, num(x), num(width), height)
	if fill != "" {
		c.put(` fill="url(#%s)"`, fill)
	}
	c.put(`/>`)
}

// open starts a drawing of fluid width and fixed height.
func (c *canvas) open(class string, height int, id, title, desc string) {
	c.openAs("img", class, height, id, title, desc)
}

// openAs is open with a role: a picture (img) can hold no links.
func (c *canvas) openAs(role, class string, height int, id, title, desc string) {
	id = esc(id)
	c.put(`<svg class="%s" width="100%%" height="%d" role="%s" aria-labelledby="%s-t`, esc(class), height, role, id)
	if desc != "" {
		c.put(` %s-d`, id)
	}
	c.put(`"><title id="%s-t">%s</title>`, id, esc(title))
	if desc != "" {
		c.put(`<desc id="%s-d">%s</desc>`, id, esc(desc))
	}
}

// stretch puts marks that may be stretched into the inner viewport.
func (c *canvas) stretch(height int, inner string) {
	if inner == "" {
		return
	}
	c.put(`<svg viewBox="0 0 %d %d" preserveAspectRatio="none" width="100%%" height="%d">%s</svg>`,
		viewWidth, height*viewScale, height, inner)
}

// Defs holds the patterns of absence. It stands once on a page that draws.
func Defs() templ.Component {
	return templ.Raw(`<svg class="defs" width="0" height="0" aria-hidden="true"><defs>` +
		`<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<path class="hatch-line" d="M0 0V7"/></pattern>` +
		`<pattern id="hatch-light" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<path class="hatch-line light" d="M0 0V10"/></pattern>` +
		`<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">` +
		`<circle class="dotted-dot" cx="2" cy="2" r="1"/></pattern>` +
		`</defs></svg>`)
}
