package garmin

import (
	"time"

	"garner/garmin/element"
	"garner/health"
)

// AllDayRespiration comes in slices of fifteen minutes (Health API).
var AllDayRespiration = &Type{
	Key: "allDayRespiration", Title: "Respiration", Permission: healthExport, Pull: "respiration", Backfill: "respiration",
	NaturalKey: []string{"startTimeInSeconds"}, Packed: true, Rhythm: severalADay, clock: spanClock,
	Feeds:  []health.Feed{{Family: health.FromSamples, Before: 1, Days: 2}},
	Fields: []Field{f("durationInSeconds", "Length")},
	Series: []Series{{Name: "respiration", Label: "Respiration", Unit: health.BreathsPerMin, Cadence: 2 * time.Minute,
		JSON: "timeOffsetEpochToBreaths", Reason: StressReason}},
	identify: func(v element.Value, d *Decoded) {
		keyByStart(v, d)
		d.reachSamples(v, "timeOffsetEpochToBreaths")
	},
}
