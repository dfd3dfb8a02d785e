package garmin

import (
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// PulseOx is blood oxygen, all day or on demand (Health API). A spot check
// and the day's record may start together; if the flag is missing, the
// suffix of summaryIds of spot checks decides. One receiver saw
// starts with fractions: they stay in the element, the record's start is the
// whole second.
var PulseOx = &Type{
	Key: "pulseox", Title: "Blood oxygen", Permission: healthExport, Pull: "pulseOx", Backfill: "pulseOx",
	NaturalKey: []string{"startTimeInSeconds", "onDemand"}, Packed: true, clock: spanClock,
	Feeds: []health.Feed{{Family: health.FromSamples, Before: 1, Days: 2}},
	Fields: []Field{
		f("durationInSeconds", "Length"),
		flag("onDemand", "On demand"),
	},
	Series: []Series{{Name: "spo2", Label: "Blood oxygen", Unit: health.Percent, Cadence: time.Minute,
		JSON: "timeOffsetSpo2Values", Reason: StressReason}},
	identify: func(v element.Value, d *Decoded) {
		d.Key = itoa(d.Start)
		onDemand, said := truth(v.Get("onDemand"))
		if onDemand || !said && strings.HasSuffix(d.SummaryID, "-spo2OnDemand") {
			d.Key += " on demand"
		}
		d.reachSamples(v, "timeOffsetSpo2Values")
	},
}
