package pages

import (
	"context"
	"fmt"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// Of the day before a page reads what may reach over midnight, and more where
// the night that ends on the day began in the evening.
var (
	overMidnight = []*garmin.Type{garmin.PulseOx, garmin.AllDayRespiration}
	eveningTypes = []*garmin.Type{garmin.Dailies, garmin.StressDetails, garmin.Epochs, garmin.Activities}
)

// clockTypes are recorded by the watch on the wrist, so their offsets are what
// it showed. Where two begin at one instant the first of the list counts.
var clockTypes = []*garmin.Type{garmin.Dailies, garmin.Epochs, garmin.StressDetails, garmin.AllDayRespiration,
	garmin.PulseOx,
	garmin.Sleeps, garmin.HRV}

// longestNight is how far before midnight a page begins at most.
const longestNight = 86400

// loadEvening reads what the day before has for this page.
func (d *dayPage) loadEvening() error {
	types := overMidnight
	if d.beganInTheEvening() {
		types = append(types[:len(types):len(types)], eveningTypes...)
	}
	var err error
	d.before, err = d.s.partsOf(d.r.Context(), d.person.ID, types, d.day-1)
	return err
}

func (d *dayPage) beganInTheEvening() bool {
	for _, part := range d.parts[garmin.Sleeps.Key] {
		if part.rec.Offset != nil && health.DayOf(part.rec.Start, *part.rec.Offset) < d.day {
			return true
		}
	}
	return false
}

// partsOf reads a person's records of some types and a day.
func (s *Site) partsOf(ctx context.Context, person int64, types []*garmin.Type,
	day health.Day) (map[string][]part, error) {
	out := map[string][]part{}
	for _, t := range types {
		recs, err := s.store.Records(ctx, person, t.Key, day, day, db.Cursor{}, 2000)
		if err != nil {
			return nil, err
		}
		for _, rec := range recs {
			v, err := element.Unpack(rec.Body)
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", t.Key, day, err)
			}
			out[t.Key] = append(out[t.Key], part{rec, v})
		}
	}
	return out, nil
}

// bounds finds what the watch's clock showed, and with it where the day begins
// and ends and from where on the page draws.
func (d *dayPage) bounds() error {
	seen, err := d.sightings()
	if err != nil {
		return err
	}
	d.clock = health.ReadClock(seen)
	d.from, d.to = d.clock.Begins(d.day), d.clock.Begins(d.day+1)
	d.night = d.from
	for _, part := range d.parts[garmin.Sleeps.Key] {
		if part.rec.End > d.from-longestNight {
			d.night = min(d.night, max(part.rec.Start, d.from-longestNight))
		}
	}
	d.first = d.night
	if d.first < d.from {
		d.first -= (d.first + int64(d.clock.Offset(d.first))) % 3600
	}
	return nil
}

// sightings are what the records say of the watch's clock.
func (d *dayPage) sightings() ([]health.Sighting, error) {
	var out []health.Sighting
	for _, t := range clockTypes {
		for _, parts := range [][]part{d.before[t.Key], d.parts[t.Key]} {
			out = append(out, seenBy(parts)...)
		}
	}
	if len(out) == 0 { // a scale's clock is better than none
		for _, t := range garmin.Types {
			if seen := seenBy(d.parts[t.Key]); len(seen) > 0 {
				return seen[:1], nil
			}
		}
	}
	for _, daily := range d.parts[garmin.Dailies.Key] {
		if daily.rec.Offset == nil {
			continue
		}
		next, err := d.s.store.Records(d.r.Context(), d.person.ID, garmin.Dailies.Key, d.day+1, d.day+1, db.Cursor{}, 1)
		if err != nil {
			return nil, err
		}
		var nextStart int64
		if len(next) > 0 {
			nextStart = next[0].Start
			out = append(out, seenBy([]part{{rec: next[0]}})...)
		}
		if s, ok := health.LengthSays(d.day, daily.rec.Start, daily.rec.End, nextStart, daily.rec.Received/1000); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

func seenBy(parts []part) []health.Sighting {
	var out []health.Sighting
	for _, p := range parts {
		if p.rec.Offset != nil && p.rec.Start > 0 {
			out = append(out, health.Sighting{At: p.rec.Start, Offset: *p.rec.Offset})
		}
	}
	return out
}

// on puts an instant on the clock that the watch showed then.
func (d *dayPage) on(instant int64) time.Time {
	offset := d.clock.Offset(instant)
	return time.Unix(instant, 0).In(at(&offset))
}

// seams are the changes of the clock within what the page draws.
func (d *dayPage) seams() []chart.Seam {
	var out []chart.Seam
	for _, c := range d.clock.Changes(d.first, d.to) {
		out = append(out, chart.Seam{At: c.At * 1000, Offset: c.Offset})
	}
	return out
}

// clockNote says in words what the seams show.
func (d *dayPage) clockNote() string {
	var notes []string
	for _, c := range d.clock.Changes(d.first, d.to) {
		before, after := d.on(c.At-1).Add(time.Second), d.on(c.At)
		word := "forward"
		if _, old := before.Zone(); int32(old) > c.Offset {
			word = "back"
		}
		notes = append(notes, fmt.Sprintf("the clock went %s from %s to %s (%s to %s)", word, ui.Clock(before),
			ui.Clock(after),
			ui.Zone(before), ui.Zone(after)))
	}
	if length := d.to - d.from; length != 86400 {
		notes = append(notes, "a day of "+ui.Duration(time.Duration(length)*time.Second))
	}
	return strings.Join(notes, ", ")
}
