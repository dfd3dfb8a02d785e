package garmin

import "garner/health"

// HeartRateZones are the heart rate zones of a sport (Personal API); see keyByContent.
var HeartRateZones = &Type{
	Key: "heartRateZones", Title: "Heart rate zones", PersonalOnly: true,
	NaturalKey: jsonNames(zoneFields), clock: dateClock,
	Fields:   zoneFields,
	identify: keyByContent(zoneFields),
}

var zoneFields = []Field{
	text("sport", "Sport"),
	text("trainingMethod", "Zones follow from"),
	fu("zone1Floor", "Zone 1 from", health.BPM),
	fu("zone2Floor", "Zone 2 from", health.BPM),
	fu("zone3Floor", "Zone 3 from", health.BPM),
	fu("zone4Floor", "Zone 4 from", health.BPM),
	fu("zone5Floor", "Zone 5 from", health.BPM),
	fu("maxHeartRateUsed", "Highest heart rate", health.BPM),
	fu("restingHeartRateUsed", "Resting heart rate", health.BPM),
	fu("lactateThresholdHeartRateUsed", "Lactate threshold", health.BPM),
	flag("restingHrAutoUpdateUsed", "Resting heart rate follows the watch"),
}
