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
		{FigureSpec{Metric: "resting_heart_rate"}, []float64{60, 60}, []float64{60, 60},
			"As much as in the 2 days before (dotted line), whose mean of 60 bpm is from 2 of 2 days."},
		{FigureSpec{Metric: "weight", Form: chart.StepsBetween}, []float64{70000, 70000}, []float64{69000, 69000},
			"1.0 kg less than the 2 days before (dotted line), whose mean of 70.0 kg is from 2 of 2 days."},
		{FigureSpec{Metric: "resting_heart_rate", Form: chart.RangeBars}, []float64{50, 70}, []float64{55, 60},
			"The 2 days before: 50–70 bpm."},
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
