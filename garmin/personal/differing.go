package personal

// Differing are the metrics that an answer gives in another precision than a push, with the
// reason. They may differ a little from those of a push.
var Differing = map[string]string{
	"spo2_day":           hourly,
	"spo2_lowest_day":    hourly,
	"spo2_highest_day":   hourly,
	"spo2_night":         hourly,
	"spo2_lowest_night":  hourly,
	"spo2_highest_night": hourly,
	"spo2_lowest":        hourly,
	"fitness_age":        "whole years of a number that Garmin rounds to two decimals first",
	"respiration_night":  "derived from a sample every two minutes instead of every minute",
}

const hourly = "derived from averages of an hour instead of a sample every minute"
