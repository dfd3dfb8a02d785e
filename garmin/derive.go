package garmin

import (
	"slices"

	"garner/health"
)

// The metrics that are derived across records, by the type that they belong to.
// Garmin does not send them, or computes its own from data that it does not send.
var (
	derivedHRV = []health.Metric{
		{Name: "hrv_7_days", Label: "HRV, 7-day average", Unit: health.Millisecond,
			Rule: "Mean of the nights of the 7 days that end with this one, if there are at least 4."},
		{Name: "hrv_band_low", Label: "HRV, your usual range from", Unit: health.Millisecond,
			Rule: "10th percentile of the nights of the 28 days that end with this one, if there are at least 14."},
		{Name: "hrv_band_high", Label: "HRV, your usual range to", Unit: health.Millisecond,
			Rule: "90th percentile of the nights of the 28 days that end with this one, if there are at least 14."},
		{Name: "hrv_status", Label: "HRV status",
			Rule: "The 7-day average compared with your usual range: 2 (balanced) within it, 1 (unbalanced) above it, 0 (low) " +
				"below it; none if either is missing. Garmin does not send its own status, which may differ."},
	}
	derivedSpO2 = []health.Metric{
		{Name: "spo2_day", Label: "Blood oxygen, average of the day", Unit: health.Percent,
			Rule: "Mean of the day's blood oxygen samples outside of sleep."},
		{Name: "spo2_lowest_day", Label: "Blood oxygen, lowest of the day", Unit: health.Percent,
			Rule: "Lowest of the day's blood oxygen samples outside of sleep."},
		{Name: "spo2_highest_day", Label: "Blood oxygen, highest of the day", Unit: health.Percent,
			Rule: "Highest of the day's blood oxygen samples outside of sleep."},
		{Name: "spo2_night", Label: "Blood oxygen, average of the night", Unit: health.Percent,
			Rule: "Mean of the blood oxygen samples in the day's longest sleep, or else of all samples during it."},
		{Name: "spo2_lowest_night", Label: "Blood oxygen, lowest of the night", Unit: health.Percent,
			Rule: "Lowest of the same samples as the night's average."},
		{Name: "spo2_highest_night", Label: "Blood oxygen, highest of the night", Unit: health.Percent,
			Rule: "Highest of the same samples as the night's average."},
		{Name: "spo2_lowest", Label: "Blood oxygen, lowest", Unit: health.Percent,
			Rule: "Lowest blood oxygen sample of the day and its night."},
	}
	derivedRespiration = []health.Metric{
		{Name: "respiration_day", Label: "Respiration, average awake", Unit: health.BreathsPerMin, Decimals: 1,
			Rule: "Mean of the day's respiration samples outside of sleep."},
		{Name: "respiration_night", Label: "Respiration, average asleep", Unit: health.BreathsPerMin, Decimals: 1,
			Rule: "Mean of the respiration samples in the day's longest sleep, or else of all samples during it."},
	}
)

// Derived lists the metrics that are derived across records.
var Derived = slices.Concat(derivedHRV, derivedSpO2, derivedRespiration, derivedActivities)

// derivedOf finds them by their type.
var derivedOf = map[*Type][]health.Metric{HRV: derivedHRV, PulseOx: derivedSpO2, AllDayRespiration: derivedRespiration,
	Activities: derivedActivities}

// values are readings or samples.
type values []float64

func (s values) mean() float64 {
	sum := 0.0
	for _, x := range s {
		sum += x
	}
	return sum / float64(len(s))
}
