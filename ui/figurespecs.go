package ui

import (
	"slices"
	"strings"

	"garner/query"
	"garner/ui/chart"
)

// FigurePage declares a page of figures.
type FigurePage struct {
	Nav   Nav
	Title string
	// Path is the last part of its address.
	Path  string
	Specs []FigureSpec
	// Unknown are names asked for that are no metric, Beyond the labels of metrics for
	// which there is no room.
	Unknown, Beyond []string
}

// FigurePages are the pages that are made of figures only.
var FigurePages = []FigurePage{
	{Nav: NavHeart, Title: "Heart", Path: "heart", Specs: []FigureSpec{
		{Title: "Heart rate", Metric: "highest_heart_rate", Low: "lowest_heart_rate", Form: chart.RangeBars,
			Key: "heart"},
		{Metric: "resting_heart_rate", Key: "heart"},
		{Title: "Heart rate variability at night", Metric: "hrv", Status: "hrv_status", Key: "heart"},
	}},
	{Nav: NavStress, Title: "Stress and Body Battery", Path: "stress", Specs: []FigureSpec{
		{Metric: "average_stress", Key: "stress", Max: 100},
		{Title: "Body Battery", Metric: "body_battery_high", Low: "body_battery_low", Form: chart.RangeBars,
			Key: "battery",
			Max: 100},
		{Metric: "rest_stress_time", Form: chart.Columns, Key: "battery",
			Stack: []string{"low_stress_time", "medium_stress_time", "high_stress_time"}},
	}},
	{Nav: NavBreathing, Title: "Breathing", Path: "breathing", Specs: []FigureSpec{
		{Title: "Blood oxygen at night", Metric: "spo2_highest_night", Low: "spo2_lowest_night", Form: chart.RangeBars,
			Key: "breath", Min: 80, Max: 100, Level: 90},
		{Title: "Blood oxygen by day", Metric: "spo2_highest_day", Low: "spo2_lowest_day", Form: chart.RangeBars,
			Key: "breath", Min: 80, Max: 100, Level: 90},
		{Title: "Blood oxygen, mean of the night", Metric: "spo2_night", Key: "breath", Min: 80, Max: 100, Level: 90},
		{Title: "Respiration asleep", Metric: "respiration_night", Key: "move"},
		{Title: "Respiration awake", Metric: "respiration_day", Key: "move"},
	}},
}

// TrendsPage is the page whose figures the reader chooses by the names of their metrics;
// without any, by those of most people.
func TrendsPage(names []string) FigurePage {
	out := FigurePage{Nav: NavTrends, Title: "Trends", Path: "trends"}
	if len(names) == 0 {
		names = []string{"resting_heart_rate", "hrv", "sleep", "steps"}
	}
	for _, name := range names {
		m, ok := query.MetricNamed(name)
		switch {
		case !ok:
			out.Unknown = appendOnce(out.Unknown, name)
		case out.has(name):
		case len(out.Specs) < MostTrends:
			out.Specs = append(out.Specs, specOf(name))
		default:
			out.Beyond = appendOnce(out.Beyond, m.Label)
		}
	}
	return out
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// MostTrends is how many metrics the Trends page shows at once.
const MostTrends = 8

func (p FigurePage) has(metric string) bool {
	return slices.ContainsFunc(p.Specs, func(s FigureSpec) bool { return s.Metric == metric })
}

// columnMetrics add up over a day; stepMetrics hold until the next measurement.
var (
	columnMetrics = []string{"steps", "distance", "floors_climbed", "active_energy", "resting_energy", "pushes",
		"push_distance", "sweat_loss", "hydration", "naps", "activity_count", "body_battery_charged",
		"body_battery_drained"}
	columnParts = []string{"_time", "_intensity", "activity_", "food_"}
	stepMetrics = []string{"vo2_max", "vo2_max_cycling", "fitness_age", "exact_fitness_age", "achievable_fitness_age"}
)

// specOf is how the Trends page shows a metric.
func specOf(name string) FigureSpec {
	out := FigureSpec{Metric: name, Key: colourOf(name)}
	partOf := func(part string) bool { return strings.Contains(name, part) }
	switch {
	case slices.Contains(stepMetrics, name):
		out.Form = chart.StepsBetween
	case slices.Contains(columnMetrics, name) || slices.ContainsFunc(columnParts, partOf):
		out.Form = chart.Columns
	}
	switch name {
	case "steps":
		out.Goal = "steps_goal"
	case "sleep": // the label of the metric is no name for a sentence: Asleep
		out.Title = "Sleep"
	}
	return out
}

// groupKeys are the colours of the groups of metrics, by title.
var groupKeys = map[string]string{"Sleep": "sleep", "Heart": "heart", "Stress and Body Battery": "stress",
	"Movement":                "move",
	"Breath and blood oxygen": "breath"}

func colourOf(metric string) string {
	for _, g := range metricOrder {
		if slices.Contains(g.names, metric) {
			if key := groupKeys[g.title]; key != "" {
				return key
			}
		}
	}
	return "body"
}
