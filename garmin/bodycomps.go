package garmin

import "garner/health"

// BodyComps are weighings (Health API). One entered by hand has only a time
// and a weight; without an offset its day follows from the clock in other records
// of the person (see health.KnownClock).
var BodyComps = &Type{
	Key: "bodyComps", Title: "Body composition", Permission: healthExport, Pull: "bodyComps", Backfill: "bodyComps",
	NaturalKey: []string{"measurementTimeInSeconds"}, clock: momentClock,
	Feeds: []health.Feed{{Family: health.Placement, Days: 1}},
	Fields: []Field{
		f("weightInGrams", "Weight"),
		f("muscleMassInGrams", "Muscle mass"),
		f("boneMassInGrams", "Bone mass"),
		f("bodyWaterInPercent", "Body water"),
		f("bodyFatInPercent", "Body fat"),
		f("bodyMassIndex", "Body mass index"),
	},
	Metrics:  bodyMetricFields.metrics(),
	identify: keyByStart,
	read:     bodyMetricFields.read,
}

var bodyMetricFields = metricFields{
	vital("weight", "Weight", health.Gram, "weightInGrams"),
	vital("muscle_mass", "Muscle mass", health.Gram, "muscleMassInGrams"),
	vital("bone_mass", "Bone mass", health.Gram, "boneMassInGrams"),
	vital("body_water", "Body water", health.Percent, "bodyWaterInPercent").decimals(1),
	vital("body_fat", "Body fat", health.Percent, "bodyFatInPercent").decimals(1),
	vital("body_mass_index", "Body mass index", health.None, "bodyMassIndex").decimals(1),
}
