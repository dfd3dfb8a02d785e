package ui

import (
	"garner/query"
	"garner/ui/chart"
)

// BodyPage are the figures of the Body page. goal is a weight in grams, 0 for none.
func BodyPage(goal float64) FigurePage {
	return FigurePage{Nav: NavBody, Title: "Body", Path: "body", Specs: []FigureSpec{
		{Metric: "weight", Key: "body", Level: goal, LevelName: "goal"},
		{Title: "Blood pressure", Metric: "systolic", Low: "diastolic", Within: "pulse", Form: chart.RangeBars,
			Key: "heart"},
		{Metric: "body_fat", Key: "body"},
		{Metric: "muscle_mass", Key: "body"},
		{Metric: "bone_mass", Key: "body"},
		{Metric: "body_water", Key: "body"},
		{Metric: "body_mass_index", Key: "body"},
		{Metric: "vo2_max", Form: chart.StepsBetween, Key: "move"},
		{Metric: "vo2_max_cycling", Form: chart.StepsBetween, Key: "move"},
		{Metric: "fitness_age", Form: chart.StepsBetween, Key: "move"},
		{Metric: "exact_fitness_age", Form: chart.StepsBetween, Key: "move"},
		{Metric: "achievable_fitness_age", Form: chart.StepsBetween, Key: "move"},
		{Metric: "fitness_age_resting_heart_rate", Form: chart.StepsBetween, Key: "heart"},
		{Metric: "fitness_age_vigorous_days", Form: chart.StepsBetween, Key: "move"},
		{Metric: "fitness_age_vigorous", Form: chart.StepsBetween, Key: "move"},
		{Metric: "fitness_age_body_mass_index", Form: chart.StepsBetween, Key: "body"},
		{Metric: "fitness_age_body_fat", Form: chart.StepsBetween, Key: "body"},
		{Metric: "skin_temperature_deviation", Form: chart.Columns, Key: "breath"},
	}}
}

// BodyView answers: how does the body change over months?
type BodyView struct {
	TrendsView
	Units Units
	// Pressures are the readings of the window, the newest first.
	Pressures []query.Pressure
	// Private means that the reader may switch on what is never shared.
	Private bool
}

// value is a quantity, or nothing.
func (v BodyView) value(q query.Quantity, metric string) string {
	m, ok := query.MetricNamed(metric)
	if !ok || !q.OK {
		return missing
	}
	return v.Units.Number(valueOf(m, q.Value))
}

// CycleView is the page about the menstrual cycle.
type CycleView struct {
	Person PersonLink
	// On means that the person has switched it on.
	On     bool
	Cycles []query.Cycle
}

func (v CycleView) sentence() string {
	switch {
	case !v.On:
		return "Women’s health is switched off."
	case len(v.Cycles) == 0:
		return "No cycle came yet."
	}
	return "The newest cycle began on " + Date(v.Cycles[0].Start) + "."
}

// cycleDay is the class and the word of a day of a cycle, from 1.
func cycleDay(c query.Cycle, day int) (class, word string) {
	switch {
	case day <= c.Period:
		return "period", "period"
	case c.Fertile > 0 && day >= c.FertileStart && day < c.FertileStart+c.Fertile:
		return "fertile", "fertile window"
	}
	return "", ""
}

func cycleURL(slug string) string { return personURL(slug) + "/womens-health" }

// cycleLetter is the sign of a day beside its colour.
func cycleLetter(class string) string {
	if class == "period" {
		return "P"
	}
	return "F"
}
