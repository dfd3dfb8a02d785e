package garmin_test

import (
	"testing"

	"garner/garmin"
)

func TestFieldsThatGarminAddedHaveColumns(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ key, element, column, want string }{
		"a delivery":          {"mct", `"deliveryDate":"2026-07-20"`, "delivery_date", "2026-07-20"},
		"a loss":              {"mct", `"hasExperiencedLoss":true`, "has_experienced_loss", "true"},
		"tracking that ended": {"mct", `"stopTracking":false`, "stop_tracking", "false"},
		"a delivery, in the snapshot": {"mct", `"pregnancySnapshot":{"deliveryDate":"2026-07-20"}`,
			"pregnancy_snapshot_delivery_date", "2026-07-20"},
		"a loss, in the snapshot": {"mct", `"pregnancySnapshot":{"hasExperiencedLoss":true}`,
			"pregnancy_snapshot_has_experienced_loss", "true"},
		"tracking, in the snapshot": {"mct", `"pregnancySnapshot":{"stopTracking":true}`,
			"pregnancy_snapshot_stop_tracking", "true"},
		"a slice's heart rate":         {"epochs", `"meanHeartRateInBeatsPerMinute":71`, "mean_heart_rate_bpm", "71"},
		"the lowest skin temperature":  {"skinTemp", `"minDeviationCelsius":-1.2`, "min_deviation_c", "-1.2"},
		"the highest skin temperature": {"skinTemp", `"maxDeviationCelsius":0.8`, "max_deviation_c", "0.8"},
		"stress by another case":       {"dailies", `"averageStresslevel":31`, "average_stress_level", "31"},
		"stress of its details":        {"stressDetails", `"averageStresslevel":31`, "average_stress_level", "31"},
	} {
		text := `{"userId":"a","startTimeInSeconds":1784498400,` + tt.element + `}`
		if tt.key == garmin.MCT.Key {
			text = `{"userId":"a","periodStartDate":"2026-07-01",` + tt.element + `}`
		}
		typ, v := one(t, tt.key, text)
		got, extra := "no column", string(typ.Extra(v))
		for i := range typ.Fields {
			if typ.Fields[i].Name == tt.column {
				got = typ.Fields[i].Value(v).Text()
			}
		}
		if got != tt.want || len(typ.Decode(v).Ignored) > 0 || extra != "" {
			t.Errorf("%s: got %q, extra %s, ignored %v", name, got, extra, typ.Decode(v).Ignored)
		}
	}
	for _, name := range []string{"averageStressLevel", "averageStresslevel"} {
		if got := reading(decode(t, garmin.Dailies.Key, `{"startTimeInSeconds":1784498400,"`+name+`":31}`),
			"average_stress"); got != "31" {
			t.Errorf("%s: average_stress is %s", name, got)
		}
	}
}
