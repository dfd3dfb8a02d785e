package ui

import (
	"strings"

	"github.com/a-h/templ"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// FigureSpec declares a chart over days: which metrics it shows and in which form.
type FigureSpec struct {
	// Title is empty for the label of the metric.
	Title string
	// Metric is the value of each day, or the highest of a range whose lowest is Low.
	Metric, Low string
	// Goal is the metric that the value is to reach, Status one whose word judges it, Within
	// one that is a dot in the bar of a range.
	Goal, Status, Within string
	// Stack are metrics whose bars stand on those of Metric.
	Stack []string
	Form  chart.Form
	// Key decides the colour: heart, sleep, stress, battery, breath, move or body.
	Key string
	// Min and Max are the ends of the axis where Max > Min. Level is a line across, 0 for
	// none, with LevelName before its value.
	Min, Max, Level float64
	LevelName       string
}

// Metrics are the names that query.Reader.Trends needs for figures.
func Metrics(specs []FigureSpec) (out []string) {
	for i := range specs {
		for _, name := range []string{specs[i].Metric, specs[i].Low, specs[i].Goal, specs[i].Status,
			specs[i].Within} {
			if name != "" {
				out = append(out, name)
			}
		}
		out = append(out, specs[i].Stack...)
	}
	return out
}

// Figure is a chart over days with its heading, which states the finding, and its table.
type Figure struct {
	ID, Heading string
	// Lines are the sentences under the heading.
	Lines []string
	Chart templ.Component
	// Status is a word that judges the newest value, and Rule what it follows from.
	Status, Rule string
	// Value heads the values of Rows; Columns head the other cells of Rows, which are days or weeks, the newest first.
	Value   string
	Columns []string
	Rows    []FigureRow
	// Notes are those on the days shown, by day.
	Notes []health.Note
	// CSV is the address of what is shown, empty for none.
	CSV string
	// Help leads to what the dictionary says of the metric.
	Help Link
	// finding is what the opening sentence of the page is made of.
	finding finding
	// none means that there is no value and none was due; why is the reason.
	none bool
	why  health.DayState
}

// FigureRow is one day or week of a figure.
type FigureRow struct {
	// Text is its date, which leads to URL, empty for a week.
	Text, URL string
	Value     string
	// Why is why there is no value, and Note what is special about it.
	Why   health.DayState
	Note  string
	Cells []string
}

// FigureMaker makes figures of one window of a person.
type FigureMaker struct {
	Page   Page
	Person PersonLink
	Units  Units
	Window query.Window
	// Trends are the metrics, Before those of the window before, nil without comparison.
	Trends, Before []query.Trend
	// Compare means that the window before was asked for.
	Compare bool
	// Notes are those on the days of the window.
	Notes []health.Note
	// Devices are the names of those in use.
	Devices []string
}

// longest is how many days are shown day by day; longer windows by weeks.
const longest = 800

// Figure makes the figure of a declaration; ok is false if its metric was not asked for.
func (f *FigureMaker) Figure(spec FigureSpec) (Figure, bool) {
	t := trendNamed(f.Trends, spec.Metric)
	if t == nil {
		return Figure{}, false
	}
	b := f.builder(spec, t)
	out := Figure{ID: "fig-" + spec.Metric, Notes: f.Notes, finding: b.finding()}
	if out.why, out.none = b.nothing(); out.none {
		return out, true
	}
	out.Help = Link{t.Label, metricHelp(t.Name)}
	out.Heading, out.Lines = out.finding.says, b.lines(out.finding)
	if s := trendNamed(f.Trends, spec.Status); s != nil {
		out.Status, out.Rule = s.Word, s.Rule
	}
	out.Chart = b.chart(out.ID, out.Heading, out.Lines[0]).Draw()
	out.Value = b.valueName()
	out.Columns, out.Rows = b.table()
	return out, true
}

func trendNamed(list []query.Trend, name string) *query.Trend {
	for i := range list {
		if name != "" && list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

func (f *FigureMaker) builder(spec FigureSpec, t *query.Trend) *figureBuilder {
	b := &figureBuilder{FigureMaker: f, spec: spec, t: t, low: trendNamed(f.Trends, spec.Low),
		goal: trendNamed(f.Trends, spec.Goal), within: trendNamed(f.Trends, spec.Within),
		before: trendNamed(f.Before, spec.Metric)}
	if spec.Title == "" {
		b.spec.Title = t.Label
	}
	most := 0.0
	for _, name := range spec.Stack {
		if part := trendNamed(f.Trends, name); part != nil {
			b.stack = append(b.stack, part)
		}
	}
	for i := range t.Days {
		most = max(most, b.sum(i))
	}
	b.axis = f.Units.Axis(valueOf(t.Metric, most))
	b.marks = b.marksOf(t)
	if b.weekly() {
		b.marks = byWeeks(b.marks, f.Page.WeekStart, spec.Form)
	}
	return b
}

// figureBuilder makes one figure.
type figureBuilder struct {
	*FigureMaker
	spec      FigureSpec
	t         *query.Trend
	low, goal *query.Trend
	within    *query.Trend
	before    *query.Trend
	stack     []*query.Trend
	axis      Axis
	marks     []chart.TrendMark
}

// weekly reports whether days are put together to weeks.
func (b *figureBuilder) weekly() bool { return b.Window.Len() > longest }

// marksOf are the days of a trend on the scale of the chart.
func (b *figureBuilder) marksOf(t *query.Trend) []chart.TrendMark {
	out := make([]chart.TrendMark, len(t.Days))
	for i := range t.Days {
		d := &t.Days[i]
		m := chart.TrendMark{From: d.Day, To: d.Day, Has: d.Has, State: d.State.Absence, SoFar: d.SoFar, Known: d.Known,
			Mean:  health.Mean{Value: b.axis.Of(d.Mean.Value), N: d.Mean.N},
			Usual: health.Band{Low: b.axis.Of(d.Usual.Low), High: b.axis.Of(d.Usual.High)}}
		m.High = b.axis.Of(d.Value)
		m.Low = m.High
		if b.low != nil && t == b.t {
			low := &b.low.Days[i]
			m.Has, m.Low = d.Has && low.Has, b.axis.Of(low.Value)
		}
		if t == b.t {
			b.stackOn(&m, i)
		}
		if b.goal != nil && b.goal.Days[i].Has {
			m.Goal = b.axis.Of(b.goal.Days[i].Value)
		}
		if b.within != nil && t == b.t && b.within.Days[i].Has {
			m.Within = b.axis.Of(b.within.Days[i].Value)
		}
		if b.spec.Form == chart.RangeBars || b.spec.Form == chart.Columns {
			m.Known = false // a range of highest values or of sums says little
		}
		m.Label = ShortDate(d.Day) + ": " + b.said(i)
		out[i] = m
	}
	return out
}

// said is the value of a day in words, or why there is none.
func (b *figureBuilder) said(i int) string {
	d := &b.t.Days[i]
	switch {
	case !d.Has:
		return dayWithout(d.State)
	case b.low != nil && b.low.Days[i].Has:
		return b.Units.Span(valueOf(b.t.Metric, b.low.Days[i].Value), valueOf(b.t.Metric, d.Value)) + b.saidWithin(i)
	}
	return b.write(d.Value) + b.saidStack(i)
}

// saidWithin is the second value of a day, empty for none.
func (b *figureBuilder) saidWithin(i int) string {
	if b.within == nil || !b.within.Days[i].Has {
		return ""
	}
	return ", " + inSentence(b.within.Label) + " " + b.Units.Format(valueOf(b.within.Metric, b.within.Days[i].Value))
}

func (b *figureBuilder) write(x float64) string { return b.Units.Format(valueOf(b.t.Metric, x)) }

// note is what is special about the value of a day.
func note(d *query.TrendDay) string {
	switch {
	case d.SoFar:
		return "so far"
	case d.Has && d.State.Absence != health.Present:
		return text.State(d.State)
	}
	return ""
}

// chart is the drawing.
func (b *figureBuilder) chart(id, title, desc string) chart.Trend {
	t := chart.Trend{ID: id + "-svg", Key: b.spec.Key, Title: title, Desc: desc, Form: b.spec.Form,
		From: b.Window.From, To: b.Window.To,
		Marks: b.marks, Min: b.spec.Min, Max: b.spec.Max, Halves: b.t.Decimals+b.axis.scale.decimals > 0,
		Write: tick, WeekStart: b.Page.WeekStart.Weekday()}
	if b.t.Unit == health.Second { // hours or minutes, whichever the values need
		t.Unit = b.axis.scale.name
	}
	if b.partsOfDays() {
		t.Max = hoursOfADay
	}
	if b.before != nil {
		t.Before = b.marksOf(b.before)
		if b.weekly() {
			t.Before = byWeeks(t.Before, b.Page.WeekStart, b.spec.Form)
		}
	}
	if len(b.stack) > 0 {
		t.Stack = stressParts
	}
	for _, n := range b.Notes {
		t.Notes = append(t.Notes, chart.TrendNote{Day: n.Day, Label: ShortDate(n.Day) + ": " + n.Text})
	}
	if b.spec.Level > 0 {
		t.Level, t.LevelLabel = b.axis.Of(b.spec.Level), strings.TrimSpace(b.spec.LevelName+" "+b.write(b.spec.Level))
	}
	if i := b.t.Newest(); i >= 0 && b.t.Days[i].Known && b.spec.Form == chart.DotsAndMean {
		t.Usual = "your usual " + b.band(b.t.Days[i].Usual)
	}
	return t
}

// band is a range with its unit once: "46–61 ms".
func (b *figureBuilder) band(r health.Band) string {
	return b.Units.Span(valueOf(b.t.Metric, r.Low), valueOf(b.t.Metric, r.High))
}
