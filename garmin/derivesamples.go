package garmin

import (
	"iter"
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
	// Simulated means that the record is simulated.
	Simulated bool
}

// Samples is what the averages of day and night are derived from: the records
// of one calendar day, and of its neighbors if available. A night
// begins on the evening before its calendar date, so that the day before has
// samples of it, and the evening of a day belongs to the next day's night.
type Samples struct {
	Sleeps, PulseOx, Respiration []Part
}

// DeriveSamples derives averages of day and night. The night is the day's main
// sleep; samples within any sleep are not part of the day.
func DeriveSamples(day health.Day, in Samples) []health.Reading {
	own := slices.DeleteFunc(slices.Clone(in.Sleeps), func(s Part) bool { return !s.of(day) })
	var night Part
	if i := MainSleep(own); i >= 0 {
		night = own[i]
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
// itself are the night's, if there are any. Samples of 0 or less are
// ignored.
func sift(day health.Day, t *Type, parts, sleeps []Part, night Part, ofSleep string) (out dayAndNight) {
	for _, n := range pointsIn(night.Value.Get(ofSleep)) {
		if x := n.Float(); x > 0 {
			out.night = append(out.night, x)
		}
	}
	own := len(out.night) > 0
	asleep := func(at int64) bool {
		return slices.ContainsFunc(sleeps, func(s Part) bool { return s.holds(at) })
	}
	ofDay := slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return !p.of(day) })
	for at, x := range t.Series[0].values(ofDay) {
		if !asleep(at) {
			out.day = append(out.day, x)
		}
	}
	for at, x := range t.Series[0].values(parts) {
		if !own && night.holds(at) {
			out.night = append(out.night, x)
		}
	}
	return out
}

// values yields the samples above 0 of several records by their unix seconds.
func (s *Series) values(parts []Part) iter.Seq2[int64, float64] {
	return func(yield func(int64, float64) bool) {
		for _, sample := range s.Merge(parts) {
			if x := sample.Num.Float(); x > 0 && !yield(sample.MS/1000, x) {
				return
			}
		}
	}
}
