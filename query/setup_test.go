package query_test

import (
	"testing"

	"garner/query"
)

func TestAnyPreferenceOfTheHouseholdFinishesTheirStep(t *testing.T) {
	t.Parallel()
	s := crowded(t)
	for _, c := range []struct {
		settings map[string]string
		have     query.Configured
		want     query.StepState
	}{
		{nil, query.Configured{}, query.StepOpen},
		{map[string]string{"public_url": "https://garner.example.org"}, query.Configured{}, query.StepOpen},
		{map[string]string{query.SettingUnits: ""}, query.Configured{}, query.StepFinished}, // the default was chosen
		{map[string]string{query.SettingClock: "12"}, query.Configured{}, query.StepFinished},
		{map[string]string{query.SettingWeekStart: "sunday"}, query.Configured{}, query.StepFinished},
		{nil, query.Configured{Zone: true}, query.StepFinished},
	} {
		got, err := s.q.SetUp(t.Context(), c.settings, c.have)
		if err != nil || got.States[query.StepPreferences] != c.want {
			t.Errorf("%v, %+v: %+v, %v", c.settings, c.have, got, err)
		}
	}
}
