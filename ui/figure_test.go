package ui

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"garner/garmin"
	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// trendFrom is a metric whose days from one on have the values.
func trendFrom(name string, from health.Day, values ...float64) query.Trend {
	m, _ := garmin.MetricNamed(name)
	t := query.Trend{Metric: m}
	for i, v := range values {
		t.Days = append(t.Days, query.TrendDay{Day: from + health.Day(i), Value: v, Has: true,
			Mean: health.Mean{Value: v, N: health.MeanDays}})
	}
	return t
}

// TestAComparisonIsSaidAndDrawn in each form that can draw it; where it is only said, no
// line is spoken of.
func TestAComparisonIsSaidAndDrawn(t *testing.T) {
	t.Parallel()
	const from = health.Day(20000)
	for _, c := range []struct {
		spec        FigureSpec
		before, now []float64
		want        string
	}{
		{FigureSpec{Metric: "steps", Form: chart.Columns}, []float64{100, 300}, []float64{500, 500},
			"300 more than the 2 days before (dotted line), whose mean of 200 is from 2 of 2 days."},
		{FigureSpec{Metric: "resting_heart_rate"}, []float64{60, 60}, []float64{58, 58},
			"2 bpm less than the 2 days before (dotted line), whose mean of 60 bpm is from 2 of 2 days."},
		{FigureSpec{Metric: "resting_heart_rate"}, []float64{48, 48.8}, []float64{50.6, 50.6}, // 51 and 48, not 2 apart
			"3 bpm more than the 2 days before (dotted line), whose mean of 48 bpm is from 2 of 2 days."},
		{FigureSpec{Metric: "resting_heart_rate"}, []float64{60, 60}, []float64{60, 60},
			"As much as in the 2 days before (dotted line), whose mean of 60 bpm is from 2 of 2 days."},
		{FigureSpec{Metric: "weight", Form: chart.StepsBetween}, []float64{70000, 70000}, []float64{69000, 69000},
			"1.0 kg less than the 2 days before (dotted line), whose mean of 70.0 kg is from 2 of 2 days."},
		{FigureSpec{Metric: "resting_heart_rate", Form: chart.RangeBars}, []float64{50, 70}, []float64{55, 60},
			"The 2 days before: 50" + dash + "70 bpm."},
	} {
		f := FigureMaker{Person: ada, Window: query.Window{From: from, To: from + 1},
			Trends: []query.Trend{trendFrom(c.spec.Metric, from, c.now...)},
			Before: []query.Trend{trendFrom(c.spec.Metric, from-2, c.before...)}}
		fig, ok := f.Figure(c.spec)
		lines := make([]string, len(fig.Lines))
		for i, line := range fig.Lines {
			lines[i] = strings.ReplaceAll(line, thin, " ")
		}
		if !ok || !slices.Contains(lines, c.want) {
			t.Errorf("%s says %q, want %q", c.spec.Metric, lines, c.want)
		}
		cells, m := fig.Rows[0].Cells, f.Trends[0].Metric
		old := Units{}.Format(valueOf(m, c.before[1]))
		if fig.Columns[len(fig.Columns)-1] != Plural(2, "day", "days")+" before" || cells[len(cells)-1] != old {
			t.Errorf("the table of %s has %q, %q, want %s", c.spec.Metric, fig.Columns, cells, old)
		}
		var b bytes.Buffer
		if err := fig.Chart.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(c.want, "dotted"); strings.Contains(b.String(), `class="line before"`) != said {
			t.Errorf("%s in form %d: the line is drawn: %t", c.spec.Metric, c.spec.Form, !said)
		}
	}
}

// TestADifferenceIsThatOfTheMeansAsTheyAreWritten in each unit, also where it depends on the size.
func TestADifferenceIsThatOfTheMeansAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	inStones := Units{System: health.SystemImperial, Weight: health.InStones}
	for _, c := range []struct {
		metric      string
		units       Units
		before, now float64
		want        string
	}{
		{"activity_ascent", Metric, 58.4, 45.5, "12 m less than|58 m"},
		{"distance", Metric, 10_380, 9_954, "450 m less than|10.4 km"},
		{"distance", Metric, 7_112, 7_118, "10 m more than|7.11 km"},
		{"weight", inStones, 62_570, 62_805, "0.6 lb more than|9 st 11.9 lb"},
		{"bone_mass", inStones, 2_710, 2_730, "As much as in|6.0 lb"},
		{"awake_in_bed", Metric, 52, 41, "11 s less than|52 s"},
	} {
		f := FigureMaker{Person: ada, Units: c.units, Window: query.Window{From: 20000, To: 20000},
			Trends: []query.Trend{trendFrom(c.metric, 20000, c.now)},
			Before: []query.Trend{trendFrom(c.metric, 19999, c.before)}}
		fig, _ := f.Figure(FigureSpec{Metric: c.metric})
		by, mean, _ := strings.Cut(c.want, "|")
		want := by + " the 1 day before (dotted line), whose mean of " + mean + " is from 1 of 1 day."
		if got := strings.ReplaceAll(strings.Join(fig.Lines, "\n"), thin, " "); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", c.metric, got, want)
		}
	}
}

// TestAHeadingStatesTheFinding: where the values lie to the usual range, or how they changed.
func TestAHeadingStatesTheFinding(t *testing.T) {
	t.Parallel()
	const from, days = health.Day(20000), 2 * health.MeanDays
	usual := health.Band{Low: 50, High: 60}
	for _, c := range []struct {
		spec        FigureSpec
		first, last float64
		n           int
		want        string
	}{
		{FigureSpec{Metric: "resting_heart_rate"}, 55, 58, health.MeanDays, "Resting heart rate is as usual"},
		{FigureSpec{Metric: "resting_heart_rate"}, 55, 65, 2,
			"Resting heart rate: 60 bpm on average, up 10 bpm, above its usual range recently"},
		{FigureSpec{Metric: "vo2_max", Title: "VO2max", Form: chart.StepsBetween}, 51, 49, 1,
			"VO2max: 49.0 ml/kg/min, down 2.0 ml/kg/min, below its usual range"},
		{FigureSpec{Metric: "steps", Form: chart.Columns}, 300, 100, health.MeanDays,
			"Steps: 200 on average, down 200"},
		{FigureSpec{Title: "Heart rate", Metric: "highest_heart_rate", Low: "lowest_heart_rate",
			Form: chart.RangeBars}, 55, 65, health.MeanDays,
			"Heart rate: 52" + dash + "65 bpm, lows as usual, highs above their usual range"},
	} {
		values, lows := make([]float64, days), make([]float64, days)
		for i := range values {
			values[i], lows[i] = c.first, 52
			if i >= health.MeanDays {
				values[i] = c.last
			}
		}
		list := []query.Trend{trendFrom(c.spec.Metric, from, values...), trendFrom("lowest_heart_rate", from, lows...)}
		for k := range list {
			for i := range list[k].Days {
				d := &list[k].Days[i]
				d.Usual, d.Known, d.Mean.N = usual, true, c.n
			}
		}
		f := FigureMaker{Person: ada, Window: query.Window{From: from, To: from + days - 1}, Trends: list}
		if fig, _ := f.Figure(c.spec); strings.ReplaceAll(fig.Heading, thin, " ") != c.want {
			t.Errorf("%q, want %q", fig.Heading, c.want)
		}
	}
}

// TestADayThatIsNotOverIsLeftOutAloud in the count of the days.
func TestADayThatIsNotOverIsLeftOutAloud(t *testing.T) {
	t.Parallel()
	trend := trendFrom("resting_heart_rate", 20000, 50, 51, 52)
	trend.Days[2].SoFar = true
	f := FigureMaker{Person: ada, Window: query.Window{From: 20000, To: 20002}, Trends: []query.Trend{trend}}
	fig, _ := f.Figure(FigureSpec{Metric: "resting_heart_rate"})
	if line := strings.Join(fig.Lines, " "); !strings.Contains(line, "from 2 of 2 full days") {
		t.Errorf("the figure says %q", line)
	}
	if spark := newSpark(Units{}, &trend); !strings.Contains(spark.Title, "on 2 of 2 full days") {
		t.Errorf("Home says %q", spark.Title)
	}
}

// TestWhatIsMeasuredNowAndThenIsNotCalledMissing by a figure, nor by a lane of a day.
func TestWhatIsMeasuredNowAndThenIsNotCalledMissing(t *testing.T) {
	t.Parallel()
	trend := trendFrom("weight", 20000, 70000, 70000, 70000)
	for i := range 2 {
		trend.Days[i].Has, trend.Days[i].State = false, nowAndThen
	}
	f := FigureMaker{Person: ada, Window: query.Window{From: 20000, To: 20002}, Trends: []query.Trend{trend}}
	fig, _ := f.Figure(FigureSpec{Metric: "weight"})
	if said := strings.Join(fig.Lines, " "); !strings.Contains(said, "2 days without a measurement: taken now and then") {
		t.Errorf("the figure says %q", said)
	}
	w := dayWriter{}
	lane := w.absent(chart.Lane{Title: "Blood oxygen"}, nowAndThen)
	if lane.Sentence != "No blood oxygen on this day: it is measured now and then." || lane.Word != "none measured" {
		t.Errorf("the lane says %q and %q", lane.Sentence, lane.Word)
	}
}

// TestHoursThatMakeUpADayHaveAnAxisOfADay, so that a full bar is a day; 25 hours still fit.
func TestHoursThatMakeUpADayHaveAnAxisOfADay(t *testing.T) {
	t.Parallel()
	const from, hour = health.Day(20000), 3600.0
	for rest, want := range map[float64]float64{9 * hour: 24, 20 * hour: 0} {
		f := FigureMaker{Person: ada, Window: query.Window{From: from, To: from + 1}, Trends: []query.Trend{
			trendFrom("rest_stress_time", from, rest, rest), trendFrom("low_stress_time", from, 5*hour, 5*hour)}}
		spec := FigureSpec{Metric: "rest_stress_time", Form: chart.Columns, Stack: []string{"low_stress_time"}}
		if got := f.builder(spec, &f.Trends[0]).chart("a", "b", "c").Max; got != want {
			t.Errorf("%g h: the axis ends at %g, want %g", (rest+5*hour)/hour, got, want)
		}
	}
}
