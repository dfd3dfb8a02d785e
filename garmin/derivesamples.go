package garmin

import (
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// Part is an element with the span of its record in unix seconds.
type Part struct {
	// Key is the record's natural key.
	Key        string
	Start, End int64
	// Day is the record's day; 0 stands for the day that is derived.
	Day health.Day
	// Order decides between parts that overlap.
	Order health.Order
	Value element.Value
}

// Samples is what the averages of day and night are derived from: the records
// of one calendar day, and of its neighbours where they are at hand. A night
// begins on the evening before its calendar date, so that the day before has
// samples of it, and the evening of a day belongs to the next day's night.
type Samples struct {
	Sleeps, PulseOx, Respiration []Part
}

// DeriveSamples derives averages of day and night. The night is the longest of
// the day's sleeps; what lies in any sleep is not part of the day.
func DeriveSamples(day health.Day, in Samples) []health.Reading {
	var night Part
	for _, s := range in.Sleeps {
		if s.of(day) && s.End-s.Start > night.End-night.Start {
			night = s
		}
	}
	d := Decoded{Day: day}
	spo2 := sift(day, PulseOx, in.PulseOx, in.Sleeps, night, "timeOffsetSleepSpo2")
	d.spread("day", spo2.day)
	d.spread("night", spo2.night)
	if all := slices.Concat(spo2.day, spo2.night); len(all) > 0 {
		d.put("spo2_lowest", slices.Min(all))
	}
	breaths := sift(day, AllDayRespiration, in.Respiration, in.Sleeps, night, "timeOffsetSleepRespiration")
	if len(breaths.day) > 0 {
		d.put("respiration_day", breaths.day.mean())
	}
	if len(breaths.night) > 0 {
		d.put("respiration_night", breaths.night.mean())
	}
	return d.Readings
}

func (d *Decoded) spread(part string, list values) {
	if len(list) > 0 {
		d.put("spo2_"+part, list.mean())
		d.put("spo2_lowest_"+part, slices.Min(list))
		d.put("spo2_highest_"+part, slices.Max(list))
	}
}

func (p Part) of(day health.Day) bool { return p.Day == 0 || p.Day == day }

func (p Part) holds(at int64) bool { return at >= p.Start && at < p.End }

type dayAndNight struct{ day, night values }

// sift sorts samples into day and night. The samples that came with the sleep
// itself are the night's, where there are any. Samples that are not above 0
// are none.
func sift(day health.Day, t *Type, parts, sleeps []Part, night Part, ofSleep string) (out dayAndNight) {
	for _, n := range pointsIn(night.Value.Get(ofSleep)) {
		if x := n.Float(); x > 0 {
			out.night = append(out.night, x)
		}
	}
	own := len(out.night) > 0
	for _, sample := range t.Series[0].Merge(parts) {
		x, at := sample.Num.Float(), sample.MS/1000
		asleep := slices.ContainsFunc(sleeps, func(s Part) bool { return s.holds(at) })
		switch {
		case x <= 0:
		case !asleep && parts[sample.Part].of(day):
			out.day = append(out.day, x)
		case !own && night.holds(at):
			out.night = append(out.night, x)
		}
	}
	return out
}
