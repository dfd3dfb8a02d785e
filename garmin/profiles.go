package garmin

// Profiles are a person's settings at Garmin Connect (Personal API), without what
// identifies or locates them beyond the time zone; see keyByContent.
var Profiles = &Type{
	Key: "profiles", Title: "Profile", PersonalOnly: true,
	NaturalKey: jsonNames(profileFields), clock: dateClock,
	Fields:   profileFields,
	identify: keyByContent(profileFields),
}

var profileFields = []Field{
	text("timeZone", "Time zone"),
	text("measurementSystem", "Units"),
	text("preferredLocale", "Language"),
	text("firstDayOfWeek", "First day of the week"),
	text("numberFormat", "Format of numbers"),
	text("timeFormat", "Format of times"),
	text("dateFormat", "Format of dates"),
	text("heartRateFormat", "Heart rate is shown as"),
	text("powerFormat", "Power is shown as"),
	text("hydrationMeasurementUnit", "Hydration is shown in"),
	text("gender", "Sex"),
	f("birthYear", "Year of birth"),
	f("heightInCentimeters", "Height"),
	f("lactateThresholdHeartRateInBeatsPerMinute", "Lactate threshold"),
}
