package garmin

import (
	"slices"

	"garner/health"
)

// Types lists every type that Garmin sends or answers with, in the order that people
// see them. A new type is one file, one line here, and one sample in testdata.
var Types = []*Type{
	Dailies, Sleeps, StressDetails, HRV, Epochs, PulseOx, AllDayRespiration,
	UserMetrics, BodyComps, BloodPressures, SkinTemp, HealthSnapshot, MCT,
	Activities, ActivityDetails, ActivityFiles, ManuallyUpdatedActivities, MoveIQActivities,
	ThirdPartyDailies, HRVStatuses, FitnessAges, Hydration, FoodLogs, WellnessActivities, WeightGoals, HeartRateZones,
	Profiles, Deregistrations, UserPermissionsChange,
}

// The permissions that a person grants, by Garmin's names.
const (
	healthExport   = "HEALTH_EXPORT"
	activityExport = "ACTIVITY_EXPORT"
	mctExport      = "MCT_EXPORT"
)

// The rhythms that types may be expected in.
const (
	daily       = "daily"
	nightly     = "nightly"
	severalADay = "several a day"
)

// Callbacks lists the types that Garmin pushes or announces, in the order of Types: each
// has a callback URL.
func Callbacks() []*Type {
	return slices.DeleteFunc(slices.Clone(Types), func(t *Type) bool { return t.PersonalOnly })
}

// Kinds is what the store needs to know of the types that make records.
func Kinds() []health.Kind {
	var out []health.Kind
	for _, t := range Types {
		if t.HasRecords() {
			out = append(out, t.Kind())
		}
	}
	return out
}

// Metrics lists every metric that any type yields or that is derived, each
// once.
func Metrics() []health.Metric {
	var out []health.Metric
	seen := map[string]bool{}
	add := func(list []health.Metric) {
		for _, m := range list {
			if !seen[m.Name] {
				seen[m.Name] = true
				out = append(out, m)
			}
		}
	}
	for _, t := range Types {
		add(t.allMetrics())
	}
	return out
}
