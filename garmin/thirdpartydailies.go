package garmin

import (
	"strings"

	"garner/garmin/element"
)

// ThirdPartyDailies are daily summaries of other makers' devices, distinguished
// by their source. Garmin's current lists do not name them; receivers of older
// versions saw them. They yield no metric, or days would count twice.
var ThirdPartyDailies = &Type{
	Key: "thirdPartyDailies", Title: "Daily summary of other devices", Permission: healthExport,
	NaturalKey: []string{"calendarDate", "source"}, clock: dayClock,
	Fields: dailyFields,
	Series: dailySeries,
	identify: func(v element.Value, d *Decoded) {
		if keyByDate(v, d); d.Key != "" {
			d.Key += " " + strings.ToLower(scalar(v.Get("source")))
		}
	},
}
