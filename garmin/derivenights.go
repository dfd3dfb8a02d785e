package garmin

import (
	"slices"

	"garner/health"
)

// The personal HRV band is based on HRVBandDays days and needs bandNights nights;
// the average of a week needs weekNights.
const (
	HRVBandDays = 28
	bandNights  = 14
	weekDays    = 7
	weekNights  = 4
)

// HRVStatus are the words of the metric hrv_status by its value. Without a
// reading the word is "none".
var HRVStatus = [...]string{"low", "unbalanced", "balanced"}

// MetricWord is the word for a value of a metric that is a status; ok is false
// for numbers.
func MetricWord(metric string, value float64) (word string, ok bool) {
	if i := int(value); metric == "hrv_status" && i >= 0 && i < len(HRVStatus) {
		return HRVStatus[i], true
	}
	return "", false
}

// DeriveNights derives from the HRV of the HRVBandDays days that end with day, for
// each the day's value; see DayValue. readings are those of hrv and, for the main
// sleeps, of sleeps; others are ignored.
func DeriveNights(day health.Day, readings []health.Reading) []health.Reading {
	byDay, main := map[health.Day][]health.Reading{}, health.MainSleeps(readings)
	for _, r := range readings {
		byDay[r.Day] = append(byDay[r.Day], r)
	}
	hrv, _ := MetricNamed("hrv")
	var week, band values
	for d := day - HRVBandDays + 1; d <= day; d++ {
		x, _, ok := DayValue(hrv, byDay[d], main)
		if !ok {
			continue
		}
		band = append(band, x)
		if d > day-weekDays {
			week = append(week, x)
		}
	}
	d := Decoded{Day: day}
	if len(week) >= weekNights {
		d.put("hrv_7_days", week.mean())
	}
	if len(band) < bandNights {
		return d.Readings
	}
	slices.Sort(band)
	low, high := band.percentile(0.1), band.percentile(0.9)
	d.put("hrv_band_low", low)
	d.put("hrv_band_high", high)
	if len(week) >= weekNights {
		d.put("hrv_status", hrvStatus(week.mean(), low, high))
	}
	return d.Readings
}

func hrvStatus(mean, low, high float64) float64 {
	switch {
	case mean < low:
		return 0
	case mean > high:
		return 1
	}
	return 2
}
