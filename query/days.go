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
	// of has each type and day with data.
	of map[string]map[health.Day]health.DayRecord
	// pulled is what the Personal API has answered.
	pulled pulled
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
		d := &days{from: from, to: to, pulled: asked[c.person().ID],
			of: make(map[string]map[health.Day]health.DayRecord, len(c.wants))}
		for j := range c.wants {
			key := db.PersonType{Person: c.person().ID, Type: c.typ(j).Key}
			of := make(map[health.Day]health.DayRecord, len(covered[key]))
			for _, day := range covered[key] {
				of[day] = health.DayRecord{Class: health.Final}
			}
			d.of[key.Type] = of
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
		for day, r := range d.of[typ] {
			if of, ok := has[day]; ok {
				r.Start, r.End, r.NextStart = of.Start, of.End, has[day+1].Start
				d.of[typ][day] = r
			}
		}
	}
	for day, r := range records[db.PersonType{Person: person, Type: garmin.Sleeps.Key}] {
		if _, ok := d.of[garmin.Sleeps.Key][day]; ok {
			d.of[garmin.Sleeps.Key][day] = health.DayRecord{Class: r.Class}
		}
		for _, typ := range inSleep {
			if _, ok := d.of[typ][day]; !ok && r.Class == health.OffWrist && d.of[typ] != nil && day <= d.to {
				d.of[typ][day] = health.DayRecord{Class: health.OffWrist}
			}
		}
	}
}
