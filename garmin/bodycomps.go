package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// BodyComps are weighings (Health API 3.4). One typed in by hand has a time
// and a weight only.
var BodyComps = &Type{
	Key: "bodyComps", Title: "Body composition", Permission: healthExport, Pull: "bodyComps", Backfill: "bodyComps",
	NaturalKey: []string{"measurementTimeInSeconds"}, clock: momentClock,
	Fields: []Field{
		f("weightInGrams", "Weight"),
		f("muscleMassInGrams", "Muscle mass"),
		f("boneMassInGrams", "Bone mass"),
		f("bodyWaterInPercent", "Body water"),
		f("bodyFatInPercent", "Body fat"),
		f("bodyMassIndex", "Body mass index"),
	},
	Metrics: []health.Metric{
		{Name: "weight", Label: "Weight", Unit: health.Gram},
		{Name: "muscle_mass", Label: "Muscle mass", Unit: health.Gram},
		{Name: "bone_mass", Label: "Bone mass", Unit: health.Gram},
		{Name: "body_water", Label: "Body water", Unit: health.Percent, Decimals: 1},
		{Name: "body_fat", Label: "Body fat", Unit: health.Percent, Decimals: 1},
		{Name: "body_mass_index", Label: "Body mass index", Decimals: 1},
	},
	identify: keyByStart,
	read: func(v element.Value, d *Decoded) {
		d.positive("weight", v, "weightInGrams")
		d.positive("muscle_mass", v, "muscleMassInGrams")
		d.positive("bone_mass", v, "boneMassInGrams")
		d.positive("body_water", v, "bodyWaterInPercent")
		d.positive("body_fat", v, "bodyFatInPercent")
		d.positive("body_mass_index", v, "bodyMassIndex")
	},
}
