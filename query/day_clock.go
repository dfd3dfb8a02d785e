package query

import (
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Of the previous date, a day needs what may reach over midnight, and more if the
// night that ends on the day began in the evening.
var (
	overMidnight = []*garmin.Type{garmin.PulseOx, garmin.AllDayRespiration}
	eveningTypes = []*garmin.Type{garmin.PulseOx, garmin.AllDayRespiration, garmin.Dailies, garmin.StressDetails,
		garmin.Epochs, garmin.Activities}
)

// clockTypes are recorded by the watch on the wrist, so their offsets are those
// of the watch. If two begin at one instant the first of the list counts.
var clockTypes = []*garmin.Type{garmin.Dailies, garmin.Epochs, garmin.StressDetails, garmin.AllDayRespiration,
	garmin.PulseOx, garmin.Sleeps, garmin.HRV}

// longestNight is how far before midnight a day's samples may begin, in
// seconds.
const longestNight = 86400

// readEvening reads what this date needs from the previous one.
func (r *dayReader) readEvening() (err error) {
	types := overMidnight
	if r.beganInTheEvening() {
		types = eveningTypes
	}
	r.before, err = r.records(types, r.Date-1)
	return err
}

func (r *dayReader) beganInTheEvening() bool {
	if r.night {
		return true
	}
	for _, sleep := range r.own[garmin.Sleeps.Key] {
		if sleep.Offset != nil && health.DayOf(sleep.Start, *sleep.Offset) < r.Date {
			return true
		}
	}
	return false
}

// readClock finds what the watch's clock showed, and with it if the date begins
// and ends and where samples begin.
func (r *dayReader) readClock() error {
	seen, err := r.sightings()
	if err != nil {
		return err
	}
	r.Clock = health.ReadClock(seen)
	r.From = r.Clock.Begins(r.Date, r.midnights(r.Date)...)
	r.To = r.Clock.Begins(r.Date+1, r.midnights(r.Date+1)...)
	r.Night = r.From
	for _, sleep := range r.own[garmin.Sleeps.Key] {
		if sleep.End > r.From-longestNight {
			r.Night = min(r.Night, max(sleep.Start, r.From-longestNight))
		}
	}
	r.boundNight()
	r.First = r.Night
	if r.First < r.From {
		r.First -= (r.First + int64(r.Clock.Offset(r.First))) % 3600
	}
	return nil
}

// midnights are the instants at which a date begins as summaries say: where its own begin,
// and where those of the date before end.
func (r *dayReader) midnights(date health.Day) (out []int64) {
	for _, daily := range r.both(garmin.Dailies) {
		switch daily.Day {
		case date:
			out = append(out, daily.Start)
		case date - 1:
			out = append(out, daily.End)
		}
	}
	return out
}

// readHome finds what the clock showed where the person lives.
func (r *dayReader) readHome() error {
	zone, _, err := r.q.livesIn(r.ctx, r.person)
	if err != nil || zone == nil {
		return err
	}
	_, ahead := time.Unix(r.From, 0).In(zone).Zone()
	offset := int32(ahead)
	r.Home = &offset
	return nil
}

// sightings are the offsets of the watch's clock in the records.
func (r *dayReader) sightings() ([]health.Sighting, error) {
	var out []health.Sighting
	for _, t := range clockTypes {
		out = append(out, seenBy(r.both(t))...)
	}
	if len(out) == 0 { // a scale's clock is better than none
		return r.anyClock(), nil
	}
	length, err := r.lengthSays()
	return append(out, length...), err
}

func (r *dayReader) anyClock() []health.Sighting {
	for _, t := range garmin.Types {
		if seen := seenBy(r.own[t.Key]); len(seen) > 0 {
			return seen[:1]
		}
	}
	return nil
}

// lengthSays is what the lengths of the day's summary and of the next one show
// about the clock at its end.
func (r *dayReader) lengthSays() (out []health.Sighting, err error) {
	var next []*health.Record
	for _, daily := range r.own[garmin.Dailies.Key] {
		if daily.Offset == nil {
			continue
		}
		if next == nil {
			next, err = r.q.Store.Records(r.ctx, r.person, garmin.Dailies.Key, r.Date+1, r.Date+1, db.Cursor{}, 1)
			if err != nil {
				return nil, err
			}
		}
		var nextStart int64
		if len(next) > 0 {
			nextStart = next[0].Start
			out = append(out, seenBy([]unpacked{{Record: next[0]}})...)
		}
		if s, ok := health.LengthSays(r.Date, daily.Start, daily.End, nextStart, daily.Received/1000); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

func seenBy(list []unpacked) []health.Sighting {
	var out []health.Sighting
	for _, u := range list {
		if u.Offset != nil && u.Start > 0 {
			out = append(out, health.Sighting{At: u.Start, Offset: *u.Offset})
		}
	}
	return out
}
