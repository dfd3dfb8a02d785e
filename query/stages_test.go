package query_test

import (
	"testing"

	"garner/health"
)

// TestANightWithoutStagesHasNoneAnywhere: Garmin sends 0 of each for a night entered by hand, which
// would be a night without deep sleep in every mean.
func TestANightWithoutStagesHasNoneAnywhere(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada")
	const zeros = `"validation":"MANUAL","deepSleepDurationInSeconds":0,"lightSleepDurationInSeconds":0,` +
		`"remSleepInSeconds":0,"awakeDurationInSeconds":0,"unmeasurableSleepInSeconds":0`
	h.push("sleeps", 1, today-1, -3600, 27000, zeros)
	h.push("sleeps", 1, today, -3600, 27000, `"validation":"AUTO_FINAL","deepSleepDurationInSeconds":0,`+
		`"lightSleepDurationInSeconds":27000,"awakeDurationInSeconds":0`)
	h.push("dailies", 1, today, 0, 64800, `"steps":1234`)
	h.Run()
	h.look(h.q.Now)
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	nights, err := h.q.Nights(t.Context(), people[0], today)
	if err != nil {
		t.Fatal(err)
	}
	if with, without := nights.List[0].Main.Stages, nights.List[1].Main.Stages; len(with) != 3 || len(without) != 0 {
		t.Errorf("Sleep: %+v, %+v", with, without)
	}
	names := []string{"sleep", "deep_sleep", "light_sleep", "awake_in_bed", "sleep_efficiency"}
	list, err := h.q.Trends(t.Context(), people[0], names, today-1, today)
	if err != nil {
		t.Fatal(err)
	}
	unmeasured := health.DayState{Absence: health.OffBody, Why: health.Unmeasured}
	for _, trend := range list {
		whole := trend.Name == "sleep"
		if d := trend.Days[0]; d.Has != whole || !whole && d.State != unmeasured || !trend.Days[1].Has {
			t.Errorf("%s: %+v, %+v", trend.Name, d, trend.Days[1])
		}
	}
}
