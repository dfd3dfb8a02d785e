package garmin

import (
	"time"

	"garner/garmin/element"
	"garner/health"
)

// HRV is the heart rate variability of a night (Health API). Garmin sends
// neither a status nor a baseline; see Derived for ours. A night that is sent
// again may start at another time, so all versions that overlap are of one.
var HRV = &Type{
	Key: "hrv", Title: "Heart rate variability", Permission: healthExport, Pull: "hrv", Backfill: "hrv",
	NaturalKey: []string{"startTimeInSeconds"}, Overlap: true, Rhythm: nightly, clock: spanClock,
	Feeds: []health.Feed{{Family: health.FromNights, Days: health.UsualDays}},
	Fields: []Field{
		f("durationInSeconds", "Length"),
		fu("lastNightAvg", "Average of the night", health.Millisecond),
		fu("lastNight5MinHigh", "Highest five minutes", health.Millisecond),
	},
	Series: []Series{{Name: "hrv", Label: "Heart rate variability", Unit: health.Millisecond, Cadence: 5 * time.Minute,
		JSON: "hrvValues", Reason: StressReason}},
	Metrics: hrvMetricFields.metrics(),
	identify: func(v element.Value, d *Decoded) {
		keyByStart(v, d)
		d.reachSamples(v, "hrvValues")
	},
	read: hrvMetricFields.read,
}

var hrvMetricFields = metricFields{
	vital("hrv", "HRV of the night", health.Millisecond, "lastNightAvg"),
	vital("hrv_5_minute_high", "HRV, highest five minutes", health.Millisecond, "lastNight5MinHigh"),
}.nearMainSleep()
