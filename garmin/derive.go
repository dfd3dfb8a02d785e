package garmin

import (
	"cmp"
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// The personal HRV band rests on HRVBandDays days and needs bandNights nights.
const (
	HRVBandDays = 28
	bandNights  = 14
	weekDays    = 7
	weekNights  = 4
)

// The words of hrv_status, by its value.
var HRVStatus = [...]string{"low", "unbalanced", "balanced"}

// Derived lists the metrics that are derived across records.
var Derived = []health.Metric{
	{Name: "spo2_day", Label: "Blood oxygen, average of the day", Unit: health.Percent, Rule: "Mean of the day's blood oxygen samples outside the night."},
	{Name: "spo2_night", Label: "Blood oxygen, average of the night", Unit: health.Percent, Rule: "Mean of the samples that came with the night's sleep, or else of the day's samples within it."},
	{Name: "spo2_lowest", Label: "Blood oxygen, lowest", Unit: health.Percent, Rule: "Lowest blood oxygen sample of the day and its night."},
	{Name: "respiration_day", Label: "Respiration, average of the day", Unit: health.BreathsPerMin, Decimals: 1, Rule: "Mean of the day's respiration samples outside the night."},
	{Name: "respiration_night", Label: "Respiration, average of the night", Unit: health.BreathsPerMin, Decimals: 1, Rule: "Mean of the samples that came with the night's sleep, or else of the day's samples within it."},
	{Name: "hrv_7_days", Label: "HRV, 7-day average", Unit: health.Millisecond, Rule: "Mean of the nights of the last 7 days, where there are at least 4."},
	{Name: "hrv_band_low", Label: "HRV, your usual range from", Unit: health.Millisecond, Rule: "10th percentile of the nights of the 28 days before the last 7 days' end, where there are at least 14."},
	{Name: "hrv_band_high", Label: "HRV, your usual range to", Unit: health.Millisecond, Rule: "90th percentile of the same nights."},
	{Name: "hrv_status", Label: "HRV status", Rule: "2 (balanced) where the 7-day average lies within your usual range, 1 (unbalanced) above it, 0 (low) below it. Garmin's own status is not sent and may differ."},
}

// DeriveNights derives from the HRV readings of the 28 days that end with day.
func DeriveNights(day health.Day, nights []health.Reading) []health.Reading {
	var week, band []float64
	for _, r := range nights {
		if r.Metric != "hrv" || r.Day > day || r.Day <= day-HRVBandDays {
			continue
		}
		band = append(band, r.Value)
		if r.Day > day-weekDays {
			week = append(week, r.Value)
		}
	}
	d := Decoded{Day: day}
	if len(week) < weekNights {
		return nil
	}
	mean := average(week)
	d.put("hrv_7_days", mean)
	if len(band) >= bandNights {
		slices.Sort(band)
		low, high := percentile(band, 0.1), percentile(band, 0.9)
		d.put("hrv_band_low", low)
		d.put("hrv_band_high", high)
		switch {
		case mean < low:
			d.put("hrv_status", 0)
		case mean > high:
			d.put("hrv_status", 1)
		default:
			d.put("hrv_status", 2)
		}
	}
	return d.Readings
}

// Part is an element with the start of its record, unix seconds.
type Part struct {
	Start, End int64
	Value      element.Value
}

// Samples is what the day's averages are derived from: the records of one
// calendar day.
type Samples struct {
	Sleeps, PulseOx, Respiration []Part
}

// DeriveSamples derives averages of day and night. The night is the longest of
// the day's sleeps.
func DeriveSamples(day health.Day, in Samples) []health.Reading {
	var night Part
	for _, s := range in.Sleeps {
		if s.End-s.Start > night.End-night.Start {
			night = s
		}
	}
	spo2 := split(PulseOx, in.PulseOx, night, "timeOffsetSleepSpo2")
	breaths := split(AllDayRespiration, in.Respiration, night, "timeOffsetSleepRespiration")
	d := Decoded{Day: day}
	d.mean("spo2_day", spo2.day)
	d.mean("spo2_night", spo2.night)
	if all := append(spo2.day, spo2.night...); len(all) > 0 {
		d.put("spo2_lowest", slices.Min(all))
	}
	d.mean("respiration_day", breaths.day)
	d.mean("respiration_night", breaths.night)
	return d.Readings
}

type dayAndNight struct{ day, night []float64 }

// split sorts samples into day and night. The samples that came with the sleep
// itself are the night's where there are any.
func split(t *Type, parts []Part, night Part, ofSleep string) (out dayAndNight) {
	for _, n := range night.Value.Get(ofSleep).Points() {
		if x := n.Float(); x > 0 {
			out.night = append(out.night, x)
		}
	}
	own := len(out.night) > 0
	for _, part := range parts {
		t.Series[0].Each(part.Value, part.Start, func(ms int64, n element.Num) bool {
			x, at := n.Float(), ms/1000
			switch asleep := at >= night.Start && at < night.End; {
			case x <= 0:
			case !asleep:
				out.day = append(out.day, x)
			case !own:
				out.night = append(out.night, x)
			}
			return true
		})
	}
	return out
}

func (d *Decoded) mean(metric string, list []float64) {
	if len(list) > 0 {
		d.put(metric, average(list))
	}
}

func average(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// percentile reads a sorted list at a share between 0 and 1, between two
// members by their distance.
func percentile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// sortReadings gives readings that were gathered in no order a steady one.
func sortReadings(list []health.Reading) {
	slices.SortFunc(list, func(a, b health.Reading) int { return cmp.Compare(a.Metric, b.Metric) })
}
