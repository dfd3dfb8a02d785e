package health_test

import (
	"math"
	"testing"

	"garner/health"
)

func TestADayOfSeveralRecordsHasOneNumber(t *testing.T) {
	t.Parallel()
	morning, noon, evening := health.Reading{At: 600, Value: 40}, health.Reading{At: 1200, Value: 95},
		health.Reading{At: 1800, Value: 60}
	for fold, want := range map[health.Fold]struct {
		value float64
		from  health.Reading
	}{health.Latest: {60, evening}, health.Sum: {195, health.Reading{}}, health.Highest: {95, noon},
		health.Lowest: {40, morning}, health.NearMainSleep: {95, noon}} {
		m := health.Metric{Fold: fold}
		for _, order := range [][]health.Reading{{morning, noon, evening}, {evening, noon, morning},
			{noon, evening, morning}} {
			value, from, ok := m.OfDay(order, 1100)
			if !ok || value != want.value || fold != health.Sum && order[from] != want.from {
				t.Errorf("fold %d of %v: %v from reading %d", fold, order, value, from)
			}
		}
	}
	if _, _, ok := (health.Metric{}).OfDay(nil, 0); ok {
		t.Error("a day without readings has a number")
	}
}

func TestReadingsWithoutATimeGoByTheirRecords(t *testing.T) {
	t.Parallel()
	if value, from, _ := (health.Metric{}).OfDay([]health.Reading{{Value: 1}, {Value: 2}}, 0); value != 2 || from != 1 {
		t.Errorf("%v from reading %d", value, from)
	}
}

func TestASumBeyondWhatANumberCanBeIsNoValue(t *testing.T) {
	t.Parallel()
	m := health.Metric{Fold: health.Sum}
	for _, list := range [][]float64{{math.MaxFloat64, math.MaxFloat64}, {-math.MaxFloat64, -math.MaxFloat64, 1}} {
		var readings []health.Reading
		for _, x := range list {
			readings = append(readings, health.Reading{Value: x})
		}
		if value, _, ok := m.OfDay(readings, 0); ok {
			t.Errorf("%v add up to %v", list, value)
		}
	}
}
