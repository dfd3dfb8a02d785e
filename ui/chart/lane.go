package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"garner/ui/text"

	"github.com/a-h/templ"
)

// heights of the lanes in pixels, by kind.
var heights = map[LaneKind]int{Stages: 140, Levels: 72, Area: 72, Line: 160, Bars: 72, Dots: 72, Spans: 28}

func (l Lane) height() int { return cmp.Or(l.Height, heights[l.Kind]) }

// columns is the number of columns that a lane is reduced to: as many as a
// wide screen shows, two minutes each on a day of 24 hours.
const columns = 720

// Draw is one lane of the ribbon as SVG.
func (r Ribbon) Draw(l Lane) templ.Component {
	height := l.height()
	w := window{r.From, r.To}
	c := &canvas{}
	role := "img"
	if slices.ContainsFunc(l.Blocks, func(b Block) bool { return b.Href != "" }) {
		role = "group"
	}
	c.openAs(role, "plot plot-"+l.Key, height, r.ID+"lane-"+l.Key, l.Title+", "+r.Title, l.Sentence)
	c.grid(r, height)
	if l.Absent != Present && len(l.Series.OffBody) == 0 {
		c.absent(w, l, height)
	} else {
		r.absences(c, l, height)
		draw[l.Kind](c, w, l, height)
		if l.Provisional {
			c.provisional(w, l, height)
		}
	}
	r.seams(c, height)
	c.put(`</svg>`)
	return c.component()
}

var draw = map[LaneKind]func(*canvas, window, Lane, int){
	Stages: hypnogram, Levels: stress, Area: area, Line: line, Bars: bars, Dots: dots, Spans: spans,
}

// gapless kinds are sparse by nature; a hole in them means nothing.
var gapless = map[LaneKind]bool{Stages: true, Dots: true, Spans: true}

// absences draws what is not there behind what is.
func (r Ribbon) absences(c *canvas, l Lane, height int) {
	w, end := window{r.From, r.To}, r.To
	if r.Until > 0 && r.Until < r.To {
		end = r.Until
		c.band(w, Span{From: end, To: r.To}, height, "awaited", "")
		if l.Kind != Spans {
			c.word(w, Span{From: end, To: r.To}, height, "not yet")
		}
	}
	for _, s := range l.Series.OffBody {
		c.band(w, s, height, "off", "dotted")
		c.word(w, s, height, s.Word)
	}
	if gapless[l.Kind] {
		return
	}
	from := r.From
	if r.eveningOf(l, r.From) {
		from = min(r.Midnight, end)
		c.word(w, Span{From: r.From, To: from}, height, text.AbsenceWord(l.Evening.Absence))
	}
	for _, s := range l.Series.Gaps(from, end) {
		c.band(w, s, height, "gap", "hatch")
		c.word(w, s, height, text.AbsenceWord(Missing))
	}
}

// eveningOf reports whether an instant is of the evening before and nothing of a
// lane was due then.
func (r Ribbon) eveningOf(l Lane, at int64) bool {
	return at < r.Midnight && (l.Evening.Absence == NotExpected || l.Evening.Absence == Awaited)
}

// Words stand in bands that leave room for them; narrow screens need more.
const (
	roomyShare = 8
	wideShare  = 20
)

func (c *canvas) word(w window, s Span, height int, text string) {
	share := w.pct(s.To) - w.pct(s.From)
	if text == "" || share < roomyShare {
		return
	}
	class := "word"
	if share < wideShare {
		class = "word roomy"
	}
	c.put(`<text class="%s" x="%s%%" y="%d">%s</text>`, class, num(w.pct(s.From)+share/2), height/2+4, esc(text))
}

// fills are the patterns of absence. What is not there yet has none: a plain tint says
// that nothing is wrong.
var fills = map[Absence]string{Missing: "hatch", Failed: "hatch", Partial: "hatch", OffBody: "dotted"}

// absent fills a lane that has nothing at all.
func (c *canvas) absent(w window, l Lane, height int) {
	a := l.Absent
	all := Span{From: w.from, To: w.to}
	if fill := fills[a]; fill != "" {
		c.band(w, all, height, "gap", fill)
	} else if a == Awaited {
		c.band(w, all, height, "awaited", "")
	}
	word := cmp.Or(l.Word, text.AbsenceWord(a))
	if a == Failed {
		word = "! " + word
	}
	c.word(w, all, height, word)
}

// beside is the baseline of a text above the line at y, or below it if
// there is no room above.
func beside(y float64) float64 {
	if y < 14 {
		return y + 12
	}
	return y - 3
}

// Write is a value as the lane writes it.
func (l Lane) Write(v float64) string {
	if l.Format != nil {
		return l.Format(v)
	}
	return num(v)
}

// Cell is a value in the lane's table: all of a column have as many decimals, none or one.
func (l Lane) Cell(v float64) string {
	broken := func(p Point) bool { return p.V != math.Trunc(p.V) }
	if l.Format != nil || !slices.ContainsFunc(l.Series.Points, broken) {
		return l.Write(v)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

func at(x, y int) string { return fmt.Sprintf("M%d %d", x, y) }
