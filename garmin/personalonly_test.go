package garmin_test

import (
	"testing"

	"garner/garmin"
)

func TestGarminIsNeverAskedForWhatOnlyThePersonalAPIHas(t *testing.T) {
	t.Parallel()
	n := 0
	for _, typ := range garmin.Types {
		if !typ.PersonalOnly {
			continue
		}
		n++
		if typ.Permission != "" || typ.Pull != "" || typ.Backfill != "" || typ.Rhythm != "" || !typ.HasRecords() {
			t.Errorf("%s has what only pushed types have", typ.Key)
		}
	}
	callbacks := garmin.Callbacks()
	if n == 0 || len(callbacks) != len(garmin.Types)-n {
		t.Errorf("%d of %d types are of the Personal API only, and %d have callbacks", n, len(garmin.Types), len(callbacks))
	}
	for _, typ := range callbacks {
		if typ.PersonalOnly {
			t.Errorf("%s has a callback", typ.Key)
		}
	}
}

func TestRecordsOfThePersonalAPINeedTheirKey(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ key, element, want string }{
		"no date":            {"hydration", `{"valueInML":300}`, "no calendar date"},
		"no date of zones":   {"heartRateZones", `{"sport":"RUNNING"}`, "no calendar date"},
		"no start of a goal": {"weightGoals", `{"goalValueInGrams":67000}`, "no date on which the goal began"},
		"no uuid":            {"wellnessActivities", `{"startTimeInSeconds":1710925200}`, "names no uuid"},
	} {
		if got := decode(t, tt.key, tt.element).Fault; got != tt.want {
			t.Errorf("%s: want %q, got %q", name, tt.want, got)
		}
	}
}

func TestTheKeyOfSettingsIsTheirContentWithoutTheDay(t *testing.T) {
	t.Parallel()
	of := func(key, element string) garmin.Decoded { return decode(t, key, element) }
	first := of("heartRateZones", `{"calendarDate":"2024-03-20","sport":"RUNNING","zone1Floor":91}`)
	again := of("heartRateZones", `{"zone1Floor":91,"sport":"RUNNING","calendarDate":"2024-03-25"}`)
	other := of("heartRateZones", `{"calendarDate":"2024-03-20","sport":"RUNNING","zone1Floor":92}`)
	sport := of("heartRateZones", `{"calendarDate":"2024-03-20","sport":"CYCLING","zone1Floor":91}`)
	if first.Key != again.Key || first.Key == other.Key || first.Key == sport.Key {
		t.Errorf("keys %s, %s, %s, %s", first.Key, again.Key, other.Key, sport.Key)
	}
	if again.Reach <= first.Reach {
		t.Error("the newest day does not come first")
	}
}
