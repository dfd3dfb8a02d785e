package garmin_test

import (
	"testing"

	"garner/garmin"
	"garner/health"
)

func TestAMetricThatTwoTypesHaveCountsOnceADay(t *testing.T) {
	t.Parallel()
	charged, ok := garmin.MetricNamed("body_battery_charged")
	if !ok {
		t.Fatal("no such metric")
	}
	of := func(typ string, x float64) health.Reading {
		return health.Reading{Metric: charged.Name, Type: typ, Day: today, Value: x}
	}
	daily, morning, evening := of("dailies", 50), of("stressDetails", 30), of("stressDetails", 25)
	for _, list := range [][]health.Reading{{daily, morning, evening}, {morning, evening, daily},
		{morning, daily, evening}} {
		if x, at, ok := garmin.DayValue(charged, list, nil); x != 50 || !ok || list[at] != daily {
			t.Errorf("%v give %v from reading %d", list, x, at)
		}
	}
	if x, _, _ := garmin.DayValue(charged, []health.Reading{morning, evening}, nil); x != 55 {
		t.Errorf("the parts of a day sum up to %v", x)
	}
	if _, _, ok := garmin.DayValue(charged, []health.Reading{{Metric: "steps", Day: today, Value: 9}}, nil); ok {
		t.Error("another metric counts")
	}
}

// The HRV of a siesta, which came with a record of its own, is not a night's.
func TestEachDayHasOneNightInTheHRVAverages(t *testing.T) {
	t.Parallel()
	var in []health.Reading
	for back := range health.Day(4) {
		day := today - back
		midnight := day.Midnight().Unix()
		in = append(in,
			health.Reading{Metric: "hrv", Day: day, At: midnight + 600, Value: 60},
			health.Reading{Metric: "hrv", Day: day, At: midnight + 13*3600, Value: 90},
			health.Reading{Metric: "sleep", Day: day, At: midnight, Value: 28800},
			health.Reading{Metric: "sleep", Day: day, At: midnight + 13*3600, Value: 3600})
	}
	if got := derived(garmin.DeriveNights(today, in))["hrv_7_days"]; got != "60.0" {
		t.Errorf("the average is %s, want that of the nights", got)
	}
}
