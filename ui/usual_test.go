package ui

import (
	"strings"
	"testing"

	"garner/health"
)

func TestAValueIsComparedWithItsUsualRangeAndAnOldOneIsNeverGreen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value  float64
		old    bool
		note   string
		status Status
	}{{50, false, "in your usual 48" + dash + "52", OK}, {50, true, "in your usual 48" + dash + "52", NoData},
		{47, false, "below your usual 48" + dash + "52", Running}, {53, false, "above your usual 48" + dash + "52", Running}} {
		trend := trendFrom("resting_heart_rate", 20000, 50, c.value, 0)
		for i := range trend.Days {
			trend.Days[i].Usual, trend.Days[i].Known = health.Band{Low: 48, High: 52}, true
		}
		if trend.Days[2].Has = false; !c.old {
			trend.Days = trend.Days[:2]
		}
		if note, status := besideUsual(Units{}, &trend); note != c.note || status != c.status {
			t.Errorf("%v: %q, %q", c, note, status)
		}
	}
	v := Vital{Value: Val(45, health.Millisecond, 0), Old: true}
	if v.compare(Metric, health.Band{Low: 40, High: 50}); v.Status != NoData {
		t.Errorf("an old HRV is %q", v.Status)
	}
}

// TestAValueThatReadsAsAnEndOfItsUsualRangeIsInside: "below your usual 49–52" beside 49 would contradict itself.
func TestAValueThatReadsAsAnEndOfItsUsualRangeIsInside(t *testing.T) {
	t.Parallel()
	usual, want := health.Band{Low: 49.4, High: 51.8}, "in your usual 49"+dash+"52"
	trend := trendFrom("resting_heart_rate", 20000, 50, 49)
	for i := range trend.Days {
		trend.Days[i].Usual, trend.Days[i].Known = usual, true
	}
	if note, _ := besideUsual(Units{}, &trend); note != want {
		t.Errorf("%q", note)
	}
	v := Vital{Value: Val(49, health.Millisecond, 0)}
	if v.compare(Metric, usual); v.Note != want {
		t.Errorf("%q", v.Note)
	}
}

// TestHalvesAreRoundedAlikeEverywhere: a difference is of what is written, and durations round halves up.
func TestHalvesAreRoundedAlikeEverywhere(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{38.5: "39 ms", 39.5: "40 ms", 0.4: "0 ms", -38.5: "−39 ms"} {
		v := Val(x, health.Millisecond, 0)
		if got, shown := Metric.Format(v), Metric.Format(Val(Metric.shown(v), health.Millisecond, 0)); got != shown ||
			got != want[:len(want)-3]+thin+"ms" {
			t.Errorf("%v is %q, counted as %q", x, got, shown)
		}
	}
	if got := Metric.Format(Val(36.25, health.Celsius, 1)); got != "36.3"+thin+"°C" {
		t.Errorf("a half of the last decimal: %q", got)
	}
	if got := Metric.Number(Val(1e308, health.Gram, 2)); strings.ContainsAny(got, "IN") {
		t.Errorf("a number that cannot be multiplied: %q", got)
	}
}
