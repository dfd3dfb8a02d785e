package query

import (
	"context"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Latest is the latest data of a person, as shown in a line of a list.
type Latest struct {
	Person *db.Person
	// State is how the person's data arrives; nil if no check has run since
	// the person was added. Then there are no values either.
	State *PersonState
	// Came means that there is any record; Day is the newest day with one.
	Came bool
	Day  health.Day
	// Today is the person's date.
	Today health.Day
	// DataUpTo is the last instant that any record reaches, on the person's clock;
	// Received is when the newest delivery came. Both are zero if nothing came.
	DataUpTo, Received time.Time
	// Private means that the values are not shared with the viewer: there are none.
	Private bool
	// Simulated means that some of the values are from Garmin's Data Generator.
	Simulated bool
	// Sleep is in seconds asleep. BodyBattery is the day's highest.
	RestingHR, HRV, BodyBattery, Steps, Sleep Newest
	// HRVBand is the person's usual range of HRV on the day of HRV; nil until it is known.
	HRVBand *health.Band
	// Strip is what came on the last days, oldest first: the last is today.
	Strip []health.Delivered
	// ActivityWhy is why there is no activity of today.
	ActivityWhy health.DayState
}

// Newest is a metric's value of the newest of the last two days that has one.
type Newest struct {
	Value float64
	OK    bool
	Day   health.Day
	// Why is why there is none of today.
	Why health.DayState
}

const (
	// latestDays is how many days the newest values are looked for in, up to the
	// newest with data.
	latestDays = 2
	// stripDays is how many days a strip shows.
	stripDays = 14
)

// latestTypes are the types whose values are shown; the empty one means metrics
// derived across records.
var latestTypes = []string{"", garmin.Dailies.Key, garmin.HRV.Key, garmin.StressDetails.Key, garmin.Sleeps.Key}

// Latest returns the latest data of people, in their order. It returns
// db.ErrNotFound if the viewer may not see one of them.
func (q *Reader) Latest(ctx context.Context, people []*db.Person) ([]Latest, error) {
	days, err := q.typesDays(ctx, people)
	if err != nil {
		return nil, err
	}
	return q.latest(ctx, people, days, stripDays)
}

// typesDays returns the days of each type of people.
func (q *Reader) typesDays(ctx context.Context, people []*db.Person) (map[db.PersonType]db.Days, error) {
	ids := make([]int64, 0, len(people))
	for _, p := range people {
		if err := q.Viewer.sees(p.ID); err != nil {
			return nil, err
		}
		ids = append(ids, p.ID)
	}
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	return home.typesDays(ctx, ids)
}

// newestDays returns each person's newest day of any type.
func newestDays(days map[db.PersonType]db.Days) map[int64]health.Day {
	out := map[int64]health.Day{}
	for of, span := range days {
		if day, came := out[of.Person]; !came || span.Last > day {
			out[of.Person] = span.Last
		}
	}
	return out
}

// latest is Latest for people of whom the days of each type are known. It has read so many
// of the last days of each.
func (q *Reader) latest(ctx context.Context, people []*db.Person, days map[db.PersonType]db.Days,
	last int) ([]Latest, error) {
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := q.Store.LastSeen(ctx)
	if err != nil {
		return nil, err
	}
	out, states, newest := make([]Latest, len(people)), home.states(), newestDays(days)
	var upTo []db.PersonDay
	for i, p := range people {
		l := &out[i]
		l.Person, l.Received, l.Private = p, seen[p.ID].Received, q.Viewer.readsOf(p.ID) != nil
		if state, ok := states[p.ID]; ok {
			l.State = &state
		}
		if l.Day, l.Came = newest[p.ID]; l.Came {
			l.DataUpTo = seen[p.ID].Sample
		}
		if l.Came && !l.Private {
			upTo = append(upTo, db.PersonDay{Person: p.ID, Day: l.Day})
		}
	}
	readings, err := q.Store.LastReadings(ctx, upTo, latestDays, latestTypes...)
	if err != nil {
		return nil, err
	}
	of := map[int64][]db.PersonReading{}
	for _, r := range readings {
		of[r.Person] = append(of[r.Person], r)
	}
	if err := home.loadLast(ctx, placesOf(home, out), last); err != nil {
		return nil, err
	}
	for i := range out {
		if l := &out[i]; l.shown() {
			if err := q.know(ctx, l, of[l.Person.ID]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// shown reports whether there are values to show.
func (l *Latest) shown() bool { return l.Came && l.State != nil }

// know sets the values, each with why there is none of today.
func (q *Reader) know(ctx context.Context, l *Latest, readings []db.PersonReading) error {
	known, err := q.Coverage(ctx, l.Person.ID)
	if err != nil {
		return err
	}
	l.Today, l.DataUpTo = known.Today, l.DataUpTo.In(known.zone)
	newest := newestOf(readings)
	for _, m := range []struct {
		into *Newest
		name string
		typ  *garmin.Type
	}{
		{&l.RestingHR, "resting_heart_rate", garmin.Dailies}, {&l.Steps, "steps", garmin.Dailies},
		{&l.BodyBattery, "body_battery_high", garmin.StressDetails}, {&l.HRV, "hrv", garmin.HRV},
		{&l.Sleep, "sleep", garmin.Sleeps},
	} {
		if m.into.Why, err = known.Of(ctx, m.typ.Key, l.Today); err != nil {
			return err
		}
		if r, ok := newest[m.name]; ok {
			m.into.Value, m.into.Day, m.into.OK = r.Value, r.Day, true
			l.Simulated = l.Simulated || r.Simulated
		}
	}
	l.HRVBand = bandOf(readings, l.HRV.Day)
	if l.ActivityWhy, err = known.Of(ctx, garmin.Activities.Key, l.Today); err != nil {
		return err
	}
	l.Strip, err = known.Delivered(ctx, l.Today-stripDays+1, l.Today)
	return err
}

// bandOf is the usual range of HRV of a day, nil if it is not known.
func bandOf(readings []db.PersonReading, day health.Day) *health.Band {
	var b health.Band
	for _, r := range readings {
		switch {
		case r.Day != day:
		case r.Metric == "hrv_band_low":
			b.Low = r.Value
		case r.Metric == "hrv_band_high":
			b.High = r.Value
		}
	}
	if b.High == 0 {
		return nil
	}
	return &b
}

// placesOf are the indexes in the facts of those with values to show.
func placesOf(home *Household, list []Latest) (out []int) {
	shown := map[int64]bool{}
	for i := range list {
		shown[list[i].Person.ID] = list[i].shown()
	}
	for at, p := range home.Facts.People {
		if shown[p.ID] {
			out = append(out, at)
		}
	}
	return out
}

// newestOf returns each metric's value of the newest day that has one.
func newestOf(readings []db.PersonReading) map[string]db.PersonReading {
	plain := make([]health.Reading, len(readings))
	for i, r := range readings {
		plain[i] = r.Reading
	}
	main, newest := health.MainSleeps(plain), map[string][]int{} // indexes of the newest day's
	for i, r := range plain {
		if m, _ := garmin.MetricNamed(r.Metric); !m.Counts(r, main) {
			continue
		}
		switch have := newest[r.Metric]; {
		case have == nil || r.Day > plain[have[0]].Day:
			newest[r.Metric] = []int{i}
		case r.Day == plain[have[0]].Day:
			newest[r.Metric] = append(have, i)
		}
	}
	out := map[string]db.PersonReading{}
	for name, places := range newest {
		list := make([]health.Reading, len(places))
		for i, place := range places {
			list[i] = plain[place]
		}
		m, _ := garmin.MetricNamed(name)
		if x, at, ok := garmin.DayValue(m, list, main); ok {
			r := readings[places[at]]
			r.Value = x // for a sum it is all of them
			out[name] = r
		}
	}
	return out
}
