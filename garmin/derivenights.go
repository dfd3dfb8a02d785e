package garmin

import "garner/health"

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

// DeriveNights derives from the HRV of the health.UsualDays days that end with day, for
// each the day's value; see DayValue. readings are those of hrv and, for the main
// sleeps, of sleeps; others are ignored.
func DeriveNights(day health.Day, readings []health.Reading) []health.Reading {
	byDay, main := map[health.Day][]health.Reading{}, health.MainSleeps(readings)
	for _, r := range readings {
		byDay[r.Day] = append(byDay[r.Day], r)
	}
	hrv, _ := MetricNamed("hrv")
	var nights, week []float64
	for d := day - health.UsualDays + 1; d <= day; d++ {
		x, _, ok := DayValue(hrv, byDay[d], main)
		if !ok {
			continue
		}
		nights = append(nights, x)
		if d > day-health.MeanDays {
			week = append(week, x)
		}
	}
	d := Decoded{Day: day}
	mean := health.MeanOf(week)
	if !mean.Weak() {
		d.put("hrv_7_days", mean.Value)
	}
	band, ok := health.Usual(nights)
	if !ok {
		return d.Readings
	}
	d.put("hrv_band_low", band.Low)
	d.put("hrv_band_high", band.High)
	if !mean.Weak() {
		d.put("hrv_status", hrvStatus(band.Compare(mean.Value)))
	}
	return d.Readings
}

// hrvStatus is the index of the word in HRVStatus for where the mean lies against the
// usual range.
func hrvStatus(compared int) float64 {
	switch {
	case compared < 0:
		return 0
	case compared > 0:
		return 1
	}
	return 2
}
