package query

import (
	"context"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// days is the data of a person from one day to another, both included.
type days struct {
	from, to health.Day
	// of has each of the person's types.
	of map[string]*arrivals
	// pulled is what the Personal API has answered.
	pulled pulled
}

// arrivals are what came of a type, by day.
type arrivals struct {
	came db.DaySet
	// known has those of which more matters than that it came, and the nights without
	// the watch.
	known map[health.Day]health.DayRecord
}

// on is what came on a day; nil for nothing.
func (t *arrivals) on(day health.Day) *health.DayRecord {
	if r, ok := t.known[day]; ok {
		return &r
	}
	if t.came.Has(day) {
		return &health.DayRecord{Class: health.Final}
	}
	return nil
}

// Types whose records affect absence by more than their presence.
var (
	// whole cover whole days, so that one can end early.
	whole = []string{garmin.Dailies.Key, garmin.StressDetails.Key}
	// inSleep are measured in sleep, so never without the watch.
	inSleep = []string{garmin.HRV.Key, garmin.SkinTemp.Key}
)

// readDays reads the days from from to to of some people.
func readDays(ctx context.Context, store *db.Store, list []*Coverage, from, to health.Day) error {
	people := make([]int64, 0, len(list))
	for _, c := range list {
		people = append(people, c.person().ID)
	}
	covered, err := store.Covered(ctx, people, from, to)
	if err != nil {
		return err
	}
	// A day of a flight is complete if the next one begins at its end.
	records, err := store.RecordDays(ctx, people, append([]string{garmin.Sleeps.Key}, whole...), from, to+1)
	if err != nil {
		return err
	}
	asked, err := readPulled(ctx, store, people, from, to)
	if err != nil {
		return err
	}
	for _, c := range list {
		d := &days{from: from, to: to, pulled: asked[c.person().ID], of: make(map[string]*arrivals, len(c.wants))}
		for j := range c.wants {
			key := db.PersonType{Person: c.person().ID, Type: c.typ(j).Key}
			d.of[key.Type] = &arrivals{covered[key], map[health.Day]health.DayRecord{}}
		}
		d.detail(c.person().ID, records)
		c.read = append(c.read, d)
	}
	return nil
}

// detail adds the length of whole days, the class of nights, and which nights were
// without the watch.
func (d *days) detail(person int64, records map[db.PersonType]map[health.Day]db.RecordDay) {
	for _, typ := range whole {
		has := records[db.PersonType{Person: person, Type: typ}]
		for day, of := range has {
			if t := d.of[typ]; t != nil && t.came.Has(day) {
				t.known[day] = health.DayRecord{Class: health.Final, Start: of.Start, End: of.End, NextStart: has[day+1].Start}
			}
		}
	}
	for day, r := range records[db.PersonType{Person: person, Type: garmin.Sleeps.Key}] {
		if t := d.of[garmin.Sleeps.Key]; t != nil && t.came.Has(day) {
			t.known[day] = health.DayRecord{Class: r.Class}
		}
		for _, typ := range inSleep {
			if t := d.of[typ]; t != nil && !t.came.Has(day) && r.Class == health.OffWrist && day <= d.to {
				t.known[day] = health.DayRecord{Class: health.OffWrist}
			}
		}
	}
}
