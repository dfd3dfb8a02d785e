package export

import (
	"math"
	"strings"
	"testing"

	"garner/garmin"
	"garner/health"
	"garner/query"
)

// TestAFileOfTrendsHasWhatTheTableOfThePageHas for each day, rounded where it was computed.
func TestAFileOfTrendsHasWhatTheTableOfThePageHas(t *testing.T) {
	t.Parallel()
	trend := func(name string, days ...query.TrendDay) query.Trend {
		m, ok := garmin.MetricNamed(name)
		if !ok {
			t.Fatal(name)
		}
		return query.Trend{Metric: m, Days: days}
	}
	day, err := health.ParseDay("2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	missing := health.DayState{Absence: health.Missing}
	file := Trends{Person: "Ada", Notes: []health.Note{{Day: day, Text: "=ill"}},
		List: []query.Trend{
			trend("resting_heart_rate", query.TrendDay{Day: day, Value: 52, Has: true, Mean: health.Mean{Value: 154.0 / 3, N: 3},
				Usual: health.Band{Low: 48.1, High: 53}, Known: true}, query.TrendDay{Day: day + 1, State: missing}),
			trend("hrv_status", query.TrendDay{Day: day, Value: 2, Has: true}, query.TrendDay{Day: day + 1, State: missing})},
		Before: []query.Trend{
			trend("resting_heart_rate", query.TrendDay{Day: day - 2, State: missing}, query.TrendDay{Day: day - 1, Value: 50, Has: true}),
			trend("hrv_status", query.TrendDay{Day: day - 2, State: missing}, query.TrendDay{Day: day - 1, Value: 0, Has: true})}}
	var out strings.Builder
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := "person,calendar_date,before_calendar_date,resting_heart_rate_bpm,resting_heart_rate_state," +
		"resting_heart_rate_mean_7_days_bpm,resting_heart_rate_mean_7_days_count,resting_heart_rate_usual_low_bpm," +
		"resting_heart_rate_usual_high_bpm,resting_heart_rate_before_bpm,hrv_status,hrv_status_state,hrv_status_before,note\r\n" +
		"Ada,2026-11-23,2026-11-21,52,present,51.3333,3,48.1,53,,balanced,present,,'=ill\r\n" +
		"Ada,2026-11-24,2026-11-22,,missing,,0,,,50,,missing,low,\r\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestAComputedNumberBeyondWhatANumberCanBeIsEmpty(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64} {
		if got := appendRounded(nil, x); len(got) > 0 {
			t.Errorf("%v is written as %s", x, got)
		}
	}
}
