package personal

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"garner/health"
)

// sources are stored with every record: an entry may be added, none may change.
var sources = map[string]health.Source{
	"daySummary": 32, "daySummaries": 33, "steps": 34, "stress": 35, "heartRate": 36, "hydration": 37, "bodyBattery": 38,
	"spo2": 39, "sleep": 40, "sleeps": 41, "hrv": 42, "hrvs": 43, "fitnessAge": 44, "weights": 45, "weightEntries": 46,
	"weightGoals": 47, "heartRateZones": 48, "settings": 49, "food": 50, "cycle": 51, "cycleDay": 52,
	"wellnessActivities": 53, "activities": 60, "activity": 61, "activityWorkouts": 62, "activityFile": 63,
}

func TestSourcesOfEndpointsNeverChange(t *testing.T) {
	t.Parallel()
	got := map[string]health.Source{}
	for _, e := range Endpoints {
		got[e.Key] = e.Source
	}
	if !maps.Equal(got, sources) {
		t.Errorf("keys and sources are %v, want %v", got, sources)
	}
}

func TestEveryEndpointIsUniqueAndComplete(t *testing.T) {
	t.Parallel()
	keys, numbers := map[string]bool{}, map[health.Source]bool{}
	for _, e := range Endpoints {
		if keys[e.Key] || numbers[e.Source] {
			t.Errorf("%s or its source %d is there twice", e.Key, e.Source)
		}
		keys[e.Key], numbers[e.Source] = true, true
		if e.Source < health.FirstPersonal || e.Source > health.LastPersonal {
			t.Errorf("%s has the source %d, which is not one of the Personal API", e.Key, e.Source)
		}
		if e.Title == "" || !strings.HasPrefix(e.Path, "/") || Lookup(e.Key) != e {
			t.Errorf("%s is incomplete or cannot be found", e.Key)
		}
		if several := e.Shape == Range || e.Shape == Listed; several != (e.MostDays > 0) {
			t.Errorf("%s of shape %d has a range of %d days", e.Key, e.Shape, e.MostDays)
		}
		if _, err := url.ParseQuery(e.Query); err != nil {
			t.Errorf("%s: %v", e.Key, err)
		}
	}
	if Lookup("unknown") != nil {
		t.Error("an endpoint is found that is not there")
	}
}

// placeholders are what paths and queries of a shape must name, so that a call asks for
// what the ledger records.
var placeholders = map[Shape][]string{
	Day: {"{date}"}, Range: {"{from}", "{to}"}, Listed: {"{from}", "{to}", "{start}", "{limit}"}, Activity: {"{id}"},
}

func TestEveryEndpointNamesWhatItsShapeIsAbout(t *testing.T) {
	t.Parallel()
	for _, e := range Endpoints {
		rest := e.Path + "?" + e.Query
		for _, p := range placeholders[e.Shape] {
			if strings.Count(rest, p) != 1 {
				t.Errorf("%s has %s %d times", e.Key, p, strings.Count(rest, p))
			}
			rest = strings.ReplaceAll(rest, p, "")
		}
		if strings.ContainsAny(rest, "{}") {
			t.Errorf("%s names what its shape does not have: %s", e.Key, rest)
		}
	}
}

// Garmin's generateDefaults creates heart rate zones in the account.
func TestNoEndpointChangesTheAccount(t *testing.T) {
	t.Parallel()
	for _, e := range Endpoints {
		if strings.Contains(strings.ToLower(e.Path+e.Query), "generatedefaults") {
			t.Errorf("%s sends generateDefaults", e.Key)
		}
	}
}
