package ui

import (
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
	if v.compare(health.Band{Low: 40, High: 50}); v.Status != NoData {
		t.Errorf("an old HRV is %q", v.Status)
	}
}
