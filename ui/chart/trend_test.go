package chart

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"garner/health"
	"garner/ui/text"
)

// november are the marks of 28 days that end on 27 November 2026, with each kind of
// absence, a night that may still change and a day that is not over.
func november() []TrendMark {
	last, _ := health.ParseDay("2026-11-27")
	var out []TrendMark
	for i := range 28 {
		day := last - 27 + health.Day(i)
		v := math.Round(50 + 8*math.Sin(float64(i)/3))
		m := TrendMark{From: day, To: day, Low: v, High: v, Has: true, Mean: health.Mean{Value: v - 1, N: 7},
			Usual: health.Band{Low: 44, High: 56}, Known: i > 5, Goal: 55, Label: fmt.Sprintf("%s: %g", day, v)}
		out = append(out, m)
	}
	without := map[int]Absence{2: NotExpected, 5: Missing, 6: Missing, 7: Missing, 10: OffBody, 13: Failed, 27: Awaited}
	for i, state := range without {
		out[i].Has, out[i].State, out[i].Low, out[i].High = false, state, 0, 0
		out[i].Label = out[i].From.String() + ": " + text.AbsenceWord(state)
	}
	for i := range 4 {
		out[8+i].Mean.N = 3
	}
	out[20].State, out[24].State, out[26].SoFar = Partial, Tentative, true
	return out
}

func trendOf(form Form, marks []TrendMark) Trend {
	return Trend{ID: "hrv", Key: "hrv", Title: "HRV is as usual", Desc: "28 days.", Form: form, From: marks[0].From,
		To: marks[len(marks)-1].To, Marks: marks, Usual: "your usual 44–56", WeekStart: time.Monday,
		Write: func(x float64) string { return fmt.Sprint(x) }}
}

func spread(marks []TrendMark) []TrendMark {
	for i := range marks {
		if marks[i].Has {
			marks[i].Low, marks[i].High = marks[i].Low-10, marks[i].High+20
		}
	}
	return marks
}

func noneOf(state Absence) []TrendMark {
	out := november()
	for i := range out {
		out[i] = TrendMark{From: out[i].From, To: out[i].To, State: state, Label: out[i].From.String()}
	}
	return out
}

func trends() map[string]templ.Component {
	one, equal := noneOf(NotExpected), november()
	one[9] = november()[9]
	for i := range equal {
		equal[i].Low, equal[i].High, equal[i].Mean, equal[i].Known, equal[i].Has = 47, 47, health.Mean{Value: 47,
			N: 7}, false, true
	}
	bars := trendOf(Columns, november())
	stack := trendOf(Columns, stacked(november()))
	stack.Usual = ""
	stack.Stack = []StackPart{{"stress rest", "rest"}, {"stress low", "low"}, {"stress high", "high"}}
	spo2 := trendOf(RangeBars, spread(november()))
	spo2.Level, spo2.LevelLabel = 60, "60"
	compared := trendOf(DotsAndMean, november())
	compared.Before = equal
	columns, steps := compared, compared
	columns.Form, steps.Form = Columns, StepsBetween
	noted := trendOf(DotsAndMean, november())
	noted.Notes = []TrendNote{{noted.From + 12, `Thu 12 Nov: <script>alert("ill")</script>`},
		{noted.From + 14, "Sat 14 Nov: travel to Tokyo"}}
	weeks := trendOf(DotsAndMean, spread(november()))
	for i := range weeks.Marks {
		weeks.Marks[i].From = health.Day(20000 + 7*i)
		weeks.Marks[i].To = health.Day(20006 + 7*i)
	}
	weeks.From, weeks.To = 20000, 20000+28*7-1
	return map[string]templ.Component{
		"trend-dots": trendOf(DotsAndMean, november()).Draw(), "trend-columns": bars.Draw(), "trend-ranges": spo2.Draw(),
		"trend-steps":   trendOf(StepsBetween, november()).Draw(),
		"trend-missing": trendOf(DotsAndMean, noneOf(Missing)).Draw(),
		"trend-none":    trendOf(Columns, noneOf(NotExpected)).Draw(),
		"trend-one":     trendOf(DotsAndMean, one).Draw(), "trend-equal": trendOf(DotsAndMean, equal).Draw(),
		"trend-stacked": stack.Draw(), "trend-compared": compared.Draw(), "trend-compared-columns": columns.Draw(),
		"trend-compared-steps": steps.Draw(),
		"trend-weeks":          weeks.Draw(), "trend-noted": noted.Draw(),
		"spark": Spark("s", "HRV, 28 days", november()), "spark-none": Spark("s", "HRV", noneOf(Missing)),
		"spark-one": Spark("s", "HRV", one), "spark-equal": Spark("s", "HRV", equal),
	}
}

// stacked makes each value of three parts, of which the last may be nothing.
func stacked(marks []TrendMark) []TrendMark {
	for i := range marks {
		m := &marks[i]
		m.Low, m.Known, m.Goal = 0, false, 0
		if m.Has {
			m.Parts = []float64{m.High - 20 - float64(i%3), 20, float64(i % 3)}
		}
	}
	return marks
}

// TestTheBarsOfAStackStandOnEachOther and reach as far as their sum.
func TestTheBarsOfAStackStandOnEachOther(t *testing.T) {
	t.Parallel()
	parts := []float64{30, 20, 10}
	day := TrendMark{From: 20000, To: 20000, High: 60, Has: true, Parts: parts}
	trend := Trend{Form: Columns, From: 20000, To: 20000, Marks: []TrendMark{day}, Min: 0, Max: 60,
		Stack: []StackPart{{"a", "a"}, {"b", "b"}, {"c", "c"}}}
	l, _ := trend.levels()
	got, from := trend.stacks(l), 0.0
	for k, x := range parts {
		var d strings.Builder
		trend.Form = RangeBars // a bar from its lowest to its highest value
		trend.box(&d, l, &TrendMark{From: 20000, To: 20000, Low: from, High: from + x})
		trend.Form = Columns
		if from += x; !strings.Contains(got, pathOf(trend.Stack[k].Class, d.String())) {
			t.Errorf("part %d is not from the one below: %s", k, got)
		}
	}
}

func svgOf(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNoLineOfATrendCrossesAMissingDay(t *testing.T) {
	t.Parallel()
	trend := trendOf(DotsAndMean, november())
	l, _ := trend.levels()
	strong, weak := trend.means(l, trend.Marks)
	// The mean stops before days 5, 10 and 13 and rests on few days from 8 to 11; the day
	// without expectation does not end it.
	if n, few := strings.Count(strong, "M"), strings.Count(weak, "M"); n != 2 || few != 2 {
		t.Errorf("%d and %d strokes: %s and %s", n, few, strong, weak)
	}
	missing := trend.window().x(trend.middle(&trend.Marks[6]))
	for _, stroke := range strings.Split(strong+weak, "M")[1:] {
		var from, to, y int
		first, rest, _ := strings.Cut(stroke, "L")
		last := rest[strings.LastIndex(rest, "L")+1:]
		_, err1 := fmt.Sscan(first, &from, &y)
		_, err2 := fmt.Sscan(last, &to, &y)
		if err1 != nil || err2 != nil || from < missing && to > missing {
			t.Errorf("%q crosses the missing days", stroke)
		}
	}
}

func TestTheAxisHasThreeWholeNumbersCloseToItsValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lo, hi float64
		form   Form
		want   [3]float64
	}{
		{46, 61, DotsAndMean, [3]float64{46, 54, 62}}, {38, 61, DotsAndMean, [3]float64{30, 50, 70}},
		{47.1, 47.9, DotsAndMean, [3]float64{47, 48, 49}},
		{52, 52, DotsAndMean, [3]float64{51, 52, 53}}, {3000, 11_800, Columns, [3]float64{0, 6000, 12_000}},
		{-0.4, 0.6, DotsAndMean, [3]float64{-1, 0, 1}}, {0, 0, Columns, [3]float64{0, 1, 2}},
	} {
		l, _ := Trend{Form: c.form, Marks: []TrendMark{{Has: true, Low: c.lo, High: c.lo}, {Has: true, Low: c.hi,
			High: c.hi}}}.levels()
		got := l.marks()
		if got[0] > c.lo || got[2] < c.hi {
			t.Errorf("%g to %g: the axis %v leaves values out", c.lo, c.hi, got)
		}
		for _, v := range got {
			if v != math.Trunc(v) {
				t.Errorf("%g to %g: %v are not whole", c.lo, c.hi, got)
			}
		}
		if got != c.want {
			t.Errorf("%g to %g: %v, want %v", c.lo, c.hi, got, c.want)
		}
	}
}

func TestATrendHasANameAndADescription(t *testing.T) {
	t.Parallel()
	svg := svgOf(t, trendOf(DotsAndMean, november()).Draw())
	for _, want := range []string{`role="img"`, `<title id="hrv-t">HRV is as usual</title>`, `<desc id="hrv-d">`,
		"your usual 44–56", `fill="url(#hatch)"`, `fill="url(#dotted)"`, `class="gap awaited"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
}

func TestTheLabelOfTheUsualRangeStandsAboveThePlot(t *testing.T) {
	t.Parallel()
	svg := svgOf(t, trendOf(DotsAndMean, november()).Draw())
	label, _, _ := strings.Cut(svg, `<svg class="plot gutter"`)
	if want := "your usual 44–56"; !strings.Contains(label, want) || strings.Count(svg, want) != 1 {
		t.Errorf("above the plot: %s", label)
	}
	if svg := svgOf(t, trendOf(DotsAndMean, noneOf(Missing)).Draw()); strings.Contains(svg, "your usual") {
		t.Error("a trend without values names a usual range")
	}
}

func TestATrendWithoutAnyValueHasNoNumbers(t *testing.T) {
	t.Parallel()
	for _, form := range []Form{DotsAndMean, Columns, RangeBars, StepsBetween} {
		if svg := svgOf(t, trendOf(form, noneOf(Missing)).Draw()); strings.Contains(svg, `class="tick`) {
			t.Errorf("form %d: %s", form, svg)
		}
	}
}

// TestNotesTooCloseForTwoMarksShareOne which names both, and each note is named once.
func TestNotesTooCloseForTwoMarksShareOne(t *testing.T) {
	t.Parallel()
	year := trendOf(DotsAndMean, november())
	year.To = year.From + 364
	year.Notes = []TrendNote{{year.From, "a"}, {year.From + 1, "b"}, {year.From + 100, "c"}}
	svg := svgOf(t, year.Draw())
	if strings.Count(svg, `class="note-mark"`) != 2 || !strings.Contains(svg, "<title>a\nb</title>") ||
		!strings.Contains(svg, "<title>c</title>") {
		t.Errorf("the marks are %s", svg[strings.Index(svg, `class="note-mark"`):])
	}
}

// weighed are 60 days with values on some of them, by their place.
func weighed(values map[int]float64) []TrendMark {
	out := make([]TrendMark, 60)
	last := -99
	for i := range out {
		out[i] = TrendMark{From: 20_000 + health.Day(i), To: 20_000 + health.Day(i), State: NotExpected}
		if v, ok := values[i]; ok {
			last, out[i].Has, out[i].State, out[i].Low, out[i].High = i, true, Present, v, v
		}
		if i-last < 7 {
			out[i].Mean = health.Mean{Value: out[last].High, N: 1}
		}
	}
	return out
}

func TestALineOfWeighingsBreaksAfterFourteenDays(t *testing.T) {
	t.Parallel()
	for strokes, values := range map[int]map[int]float64{1: {0: 70, 14: 71, 28: 72}, 2: {0: 70, 14: 71, 29: 72}} {
		trend := trendOf(DotsAndMean, weighed(values))
		l, _ := trend.levels()
		_, weak := trend.means(l, trend.Marks)
		if n := strings.Count(weak, "M"); n != strokes {
			t.Errorf("%v: %d strokes, want %d", values, n, strokes)
		}
	}
}

func TestBarsOfDeviationsStandOnZeroInTheMiddle(t *testing.T) {
	t.Parallel()
	trend := trendOf(Columns, weighed(map[int]float64{1: -0.3, 2: 0.8}))
	trend.Halves, trend.Marks = true, trend.Marks[:4]
	l, _ := trend.levels()
	if l.marks() != [3]float64{-1, 0, 1} {
		t.Errorf("the axis has %v", l.marks())
	}
	zero, ends := l.vy(0), [2]int{}
	for i, d := range strings.Split(trend.bars(l), "z")[:2] {
		var bottom, top int
		if _, err := fmt.Sscanf(d[strings.IndexAny(d, " ,")+1:], "%dV%d", &bottom, &top); err != nil {
			t.Fatal(d, err)
		}
		ends[i] = bottom
		if i == 0 {
			ends[i] = top
		}
	}
	if ends != [2]int{zero, zero} {
		t.Errorf("bars end at %v, zero is at %d", ends, zero)
	}
}
