package ui

import (
	"math"
	"strings"
	"testing"

	"garner/health"
	"garner/query"
)

func TestChosenUnitsHoldWhateverTheSystem(t *testing.T) {
	t.Parallel()
	weight := func(grams float64) Value { return Val(grams, health.Gram, 0) }
	fell := weight(-1500)
	fell.Delta = true
	cooler := Val(-0.5, health.Celsius, 1)
	cooler.Delta = true
	pool, climb := Val(1500, health.Meter, 0), Val(1841, health.Meter, 0)
	pool.Pool, climb.Height = true, true
	stones := Units{Weight: health.InStones}
	for _, c := range []struct {
		units Units
		value Value
		want  string
	}{
		{Units{System: health.SystemMetric, Weight: health.InPounds}, weight(72_400), "159.6 lb"},
		{Units{System: health.SystemImperial, Weight: health.InKilograms}, weight(72_400), "72.4 kg"},
		{stones, weight(72_400), "11 st 5.6 lb"},
		{stones, weight(14 * 453.59237), "1 st 0.0 lb"},
		{stones, weight(14*453.59237 - 10), "1 st 0.0 lb"}, // never 14.0 lb
		{stones, weight(3_100), "6.8 lb"},
		{stones, weight(118.6), "119 g"},
		{stones, fell, "−3.3 lb"},
		{Metric, fell, "−1.5 kg"},
		{stones, Value{Unit: health.Gram}, "–"},
		{Units{System: health.SystemImperial, Temperature: health.InCelsius}, Val(36.6, health.Celsius, 1), "36.6 °C"},
		{Units{Temperature: health.InFahrenheit}, Val(36.6, health.Celsius, 1), "97.9 °F"},
		{Units{Temperature: health.InFahrenheit}, cooler, "−0.9 °F"},
		{Imperial, cooler, "−0.9 °F"},
		{Units{Energy: health.InKilojoules}, Val(540, health.Kilocalorie, 0), "2 259 kJ"},
		{Units{System: health.SystemImperial, Energy: health.InKilojoules}, Val(540, health.Kilocalorie, 0), "2 259 kJ"},
		{Imperial, Val(80_000, health.Meter, 0), "49.7 mi"},
		{Metric, pool, "1 500 m"},
		{Imperial, pool, "1 640 yd"},
		{Metric, climb, "1 841 m"},
		{Imperial, climb, "6 040 ft"},
		{Imperial, Val(0, health.Meter, 0), "0 ft"},
	} {
		got := c.units.Format(c.value)
		if strings.Contains(got, " ") {
			t.Errorf("%q may break across lines", got)
		}
		if got = strings.ReplaceAll(got, thin, " "); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.units, c.value, got, c.want)
		}
	}
}

func TestEachSportHasItsPaceOrSpeed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sport            string
		speed            float64
		metric, imperial string
	}{
		{"RUNNING", 1000.0 / 330, "5:30/km", "8:51/mi"},
		{"TRAIL_RUNNING", 2.5, "6:40/km", "10:44/mi"},
		{"treadmill_running", 2.5, "6:40/km", "10:44/mi"},
		{"WALKING", 1.4, "11:54/km", "19:10/mi"},
		{"HIKING", 1, "16:40/km", "26:49/mi"},
		{"LAP_SWIMMING", 1, "1:40/100 m", "1:31/100 yd"},
		{"OPEN_WATER_SWIMMING", 0.8, "2:05/100 m", "1:54/100 yd"},
		{"INDOOR_ROWING", 4, "14.4 km/h", "8.9 mph"},
		{"CYCLING", 8, "28.8 km/h", "17.9 mph"},
		{"", 8, "28.8 km/h", "17.9 mph"},
		{"CYCLING", 0, "–", "–"},
		{"RUNNING", 0, "–", "–"}, // who stands has no pace
		{"RUNNING", 0.1, "–", "–"},
		{"RUNNING", math.NaN(), "–", "–"},
		{"CYCLING", math.NaN(), "–", "–"},
	} {
		for units, want := range map[Units]string{Metric: c.metric, {}: c.metric, Imperial: c.imperial} {
			if got := strings.ReplaceAll(units.Pace(c.sport, c.speed), thin, " "); got != want {
				t.Errorf("%v %s %v: %q, want %q", units, c.sport, c.speed, got, want)
			}
		}
	}
}

// TestWhatIsSwumInAPoolIsInMetresOrYards wherever its distance stands; open water is not a pool.
func TestWhatIsSwumInAPoolIsInMetresOrYards(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]map[Units]string{
		"LAP_SWIMMING":        {Metric: "1 698 m", Imperial: "1 857 yd"},
		"OPEN_WATER_SWIMMING": {Metric: "1.70 km", Imperial: "1.06 mi"},
	} {
		a := query.Activity{Name: "Swim", Sport: kind, Meters: 1698}
		lap := query.LapFigures{Meters: 1698}
		for units, want := range want {
			line, list := newActivity(&a), ActivitiesView{Units: units}
			w := activityWriter{v: &ActivityView{Units: units}, s: sportOf(kind), d: &query.ActivityDetail{Activity: a}}
			w.sentence()
			for place, got := range map[string]string{
				"Day": units.Format(line.Distance), "the month": MonthView{Units: units}.activity(a),
				"the list": units.Format(list.item(&query.ActivityRow{Activity: a}).Distance), "its page": w.v.Sentence,
				"a lap": units.distances(sportOf(kind), []query.LapFigures{lap})(lap.Meters),
			} {
				if !strings.Contains(strings.ReplaceAll(got, thin, " "), want) {
					t.Errorf("%s in %v: %s has %q, want %q", kind, units, place, got, want)
				}
			}
		}
	}
}

func TestAnAxisHasOneUnit(t *testing.T) {
	t.Parallel()
	change := Val(1, health.Celsius, 1)
	change.Delta = true
	for _, c := range []struct {
		units Units
		most  Value
		value float64
		unit  string
		want  float64
	}{
		{Metric, Val(80_000, health.Gram, 0), 72_400, "kg", 72.4},
		{Imperial, Val(80_000, health.Gram, 0), 453.59237, "lb", 1},
		{inStones, Val(80_000, health.Gram, 0), 14 * 453.59237, "st", 1},
		{inStones, Val(3_800, health.Gram, 0), 453.59237, "lb", 1},
		{Imperial, Val(40, health.Celsius, 1), 37, "°F", 98.6},
		{Imperial, change, 0.5, "°F", 0.9},
		{Metric, Val(12_000, health.Meter, 0), 500, "km", 0.5},
		{Metric, Val(900, health.Meter, 0), 500, "m", 500},
		{Imperial, Val(12_000, health.Meter, 0), 1609.344, "mi", 1},
		{Metric, Val(60, health.BPM, 0), 49, "bpm", 49},
	} {
		a := c.units.Axis(c.most)
		if got := a.Of(c.value); a.Unit != c.unit || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v %v: %v %s, want %v %s", c.units, c.most, got, a.Unit, c.want, c.unit)
		}
	}
}
