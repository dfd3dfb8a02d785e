package chart

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"garner/health"
	"garner/ui/text"
)

// Form is how a trend draws its values.
type Form uint8

// The forms.
const (
	DotsAndMean  Form = iota // a dot for each value, a line for the mean of a week
	Columns                  // bars from zero, up or down
	RangeBars                // from the lowest to the highest of each day
	StepsBetween             // each value holds until the next one
)

// TrendMark is one day of a trend, or several that were put together.
type TrendMark struct {
	// From and To are its first and last day.
	From, To health.Day
	// Low and High are equal for one value. Without Has there is none.
	Low, High float64
	Has       bool
	// State says why there is no value, or whether it may still change.
	State Absence
	// SoFar means that the day is not over.
	SoFar bool
	// Mean is that of the week, of N days; weak if it rests on less than half of them.
	Mean health.Mean
	// Usual is the usual range, if Known.
	Usual health.Band
	Known bool
	// Goal is what the day was to reach, 0 for none.
	Goal float64
	// Parts are what the bar of a stack is made of, from the bottom; High is their sum.
	Parts []float64
	// Within is a second value in the bar of a range, 0 for none.
	Within float64
	// Label names the day and its value.
	Label string
}

// Trend is a chart over days. Its marks cover the window from From to To without holes,
// whatever came. Values are in the unit in which they are shown.
type Trend struct {
	ID string
	// Key becomes part of the class and decides the colour.
	Key         string
	Title, Desc string
	Form        Form
	From, To    health.Day
	Marks       []TrendMark
	// Before are the marks of the period before, as many. Their mean is a dotted line, or
	// their values are, in steps; RangeBars leave them out.
	Before []TrendMark
	// Notes are those on days of the window, by day.
	Notes []TrendNote
	// Min and Max are the ends of the axis where Max > Min.
	Min, Max float64
	// Halves lets the axis have numbers with a half, where values have decimals.
	Halves bool
	// Level is a line across at a value, with its label.
	Level      float64
	LevelLabel string
	// Usual labels the range.
	Usual string
	// Write is a number of the axis as text.
	Write func(float64) string
	// Stack names the parts of its marks, for Columns that are made of parts.
	Stack []StackPart
	// Unit is written after the highest number of the axis, empty for none.
	Unit string
	// WeekStart is the first day of the reader's weeks.
	WeekStart time.Weekday
}

// StackPart is one part of all bars: the class that decides its colour, and its name.
type StackPart struct{ Class, Label string }

// The parts of a trend in pixels.
const (
	trendHeight = 132
	trendAxis   = 20
)

// Draw is the trend as SVG: the numbers of its axis in a gutter, and the plot. Without
// anything to draw the axis has no numbers.
func (t Trend) Draw() templ.Component {
	l, ok := t.levels()
	c := &canvas{}
	c.put(`<div class="trend-plot">`)
	if ok {
		t.usualLabel(c)
		t.stackLegend(c)
	}
	c.gutter(t, l, ok)
	c.open("plot trend plot-"+t.Key, t.height(), t.ID, t.Title, t.Desc)
	if ok {
		c.levels(l)
	}
	t.days(c)
	t.gaps(c)
	if ok {
		c.stretch(trendHeight, t.usual(l)+t.marks(l))
		t.openMarks(c, l)
		t.labels(c, l)
	}
	t.hits(c)
	t.notes(c)
	c.put(`</svg></div>`)
	return c.component()
}

// gutter writes three round numbers beside the plot.
func (c *canvas) gutter(t Trend, l levels, ok bool) {
	c.put(`<svg class="plot gutter" width="%d" height="%d" aria-hidden="true">`, gutterWidth, trendHeight+trendAxis)
	if ok {
		for i, v := range l.marks() {
			text := t.Write(v)
			if i == 2 && t.Unit != "" {
				text += "\u202f" + t.Unit
			}
			c.put(`<text class="tick end" x="%d" y="%s">%s</text>`, gutterWidth-6, num(l.y(v)+4), esc(text))
		}
	}
	c.put(`</svg>`)
}

// at is where a day is on the axis, in hundredths of a day from the first one.
func (t Trend) at(d health.Day) int64 { return 100 * int64(d-t.From) }

func (t Trend) window() window { return window{0, t.at(t.To + 1)} }

// span is where a mark lies.
func (t Trend) span(m *TrendMark) Span { return Span{From: t.at(m.From), To: t.at(m.To + 1)} }

// middle is the middle of a mark.
func (t Trend) middle(m *TrendMark) int64 { return (t.at(m.From) + t.at(m.To+1)) / 2 }

// gapFills are the patterns of what is not there. What is not expected is left out.
var gapFills = map[Absence]string{Missing: "hatch", Failed: "hatch", OffBody: "dotted", Awaited: ""}

// gapRuns are the spans without a value, equal days as one.
func (t Trend) gapRuns(yield func(Span, Absence) bool) {
	for from := 0; from < len(t.Marks); {
		to := from + 1
		for to < len(t.Marks) && !t.Marks[to].Has && t.Marks[to].State == t.Marks[from].State {
			to++
		}
		m := &t.Marks[from]
		if !m.Has && !yield(Span{From: t.at(m.From), To: t.at(t.Marks[to-1].To + 1)}, m.State) {
			return
		}
		from = to
	}
}

// gaps draws why days have no value.
func (t Trend) gaps(c *canvas) {
	for s, state := range t.gapRuns {
		t.gap(c, s, state)
	}
}

func (t Trend) gap(c *canvas, s Span, state Absence) {
	fill, ok := gapFills[state]
	if ok {
		c.band(t.window(), s, trendHeight, "gap "+state.Key(), fill)
	}
	if ok || s == (Span{From: 0, To: t.window().to}) {
		c.word(t.window(), s, trendHeight, text.AbsenceWord(state))
	}
}

// labels names the line across.
func (t Trend) labels(c *canvas, l levels) {
	if t.LevelLabel != "" {
		c.put(`<line class="mark" x1="0" x2="100%%" y1="%s" y2="%s"/>`, num(l.y(t.Level)), num(l.y(t.Level)))
		c.put(`<text class="tick" x="4" y="%s">%s</text>`, num(beside(l.y(t.Level))), esc(t.LevelLabel))
	}
}

// usualLabel stands above the plot, off its marks and gaps, with a sample of the area that it
// names.
func (t Trend) usualLabel(c *canvas) {
	if t.Usual == "" || !slices.ContainsFunc(t.Marks, func(m TrendMark) bool { return m.Known }) {
		return
	}
	c.put(`<p class="plot-label"><svg class="plot plot-%s" width="20" height="12" aria-hidden="true">`, t.Key)
	c.put(`<path class="usual" d="M0 0h20v12H0z"/></svg> %s</p>`, esc(t.Usual))
}

// mostHits is how many marks may have a label of their own under the pointer.
const mostHits = 93

// hits lays an area over each mark, which names it. The table has the same for keys and
// for screen readers.
func (t Trend) hits(c *canvas) {
	if len(t.Marks) > mostHits {
		return
	}
	w := t.window()
	for i := range t.Marks {
		s := t.span(&t.Marks[i])
		c.put(`<rect fill="none" pointer-events="all" x="%s%%" width="%s%%" height="%d"><title>%s</title></rect>`,
			num(w.pct(s.From)), num(w.pct(s.To)-w.pct(s.From)), trendHeight, esc(t.Marks[i].Label))
	}
}
