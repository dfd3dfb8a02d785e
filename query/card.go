package query

import (
	"context"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Card is the latest data of a person with the last night, the newest Body Battery
// and the newest activity. Unlike that of Latest, BodyBattery is the newest sample
// if there is one.
type Card struct {
	Latest
	Night    *Night
	Activity *Activity
	// Devices are those of the activity, by Garmin's names.
	Devices []string
	// Trends are those of the resting heart rate, HRV and sleep over some weeks up to
	// today.
	Trends []Trend
}

// Night is the main sleep of a date.
type Night struct {
	Day health.Day
	// Start and End are on the watch's clock.
	Start, End time.Time
	// Asleep is the time asleep, without being awake.
	Asleep time.Duration
	// Score is 0 if the device gives none.
	Score     int
	ScoreWord string
	// Levels are its stages by name, in order of time; none if the device gives
	// none.
	Levels []health.Span
	// Tentative means that the night may still change.
	Tentative bool
}

// The maximum number of records of a person's day that are read, the last ones.
// Details of activities may take a megabyte each.
const (
	mostOfDay     = 500
	mostUnmatched = 4
)

// Cards returns the cards of people, in their order. The number of statements
// does not depend on the number of people. It returns db.ErrNotFound if the viewer
// may not see one of them.
func (q *Reader) Cards(ctx context.Context, people []*db.Person) ([]Card, error) {
	days, err := q.typesDays(ctx, people)
	if err != nil {
		return nil, err
	}
	list, err := q.latest(ctx, people, days, max(stripDays, cardDays))
	if err != nil {
		return nil, err
	}
	out := make([]Card, len(list))
	f := cardFiller{store: q.Store, days: days, cards: map[int64]*Card{}}
	for i := range list {
		out[i].Latest = list[i]
		if list[i].shown() && !list[i].Private {
			f.cards[people[i].ID] = &out[i]
		}
	}
	if err := q.cardTrends(ctx, f.cards); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{f.nights, f.batteries, f.activities} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cardFiller fills what needs whole records, a type at a time.
type cardFiller struct {
	store *db.Store
	days  map[db.PersonType]db.Days
	cards map[int64]*Card // by person
}

// since returns the newest day of a type for those for whom it is not before another.
func (f *cardFiller) since(typ *garmin.Type, first func(*Card) health.Day) (out []db.PersonDay) {
	for person, c := range f.cards {
		if of, ok := f.days[db.PersonType{Person: person, Type: typ.Key}]; ok && of.Last >= first(c) {
			out = append(out, db.PersonDay{Person: person, Day: of.Last})
		}
	}
	return out
}

func (f *cardFiller) nights(ctx context.Context) error {
	days := f.since(garmin.Sleeps, func(c *Card) health.Day { return c.Day - 1 })
	sleeps, err := f.store.RecordsOn(ctx, garmin.Sleeps.Key, days, mostOfDay)
	if err != nil {
		return err
	}
	for person, recs := range sleeps {
		list, err := unpackAll(recs)
		if err != nil {
			return err
		}
		if main := garmin.MainSleep(partsOf(list)); main >= 0 {
			f.cards[person].Night = nightOf(list[main])
		}
	}
	return nil
}

func nightOf(u unpacked) *Night {
	score, _ := u.v.Path("overallSleepScore.value").Int()
	n := &Night{
		Day: u.Day, Start: onWatch(u.Start, u.Offset), End: onWatch(u.End, u.Offset),
		Asleep: seconds(u.v.Get("durationInSeconds")), Score: int(score),
		ScoreWord: garmin.Shorten(u.v.Path("overallSleepScore.qualifierKey").Text(), mostName),
		Tentative: u.Order.Class == health.Tentative, Levels: levelsOf(u),
	}
	return n
}

// batteries replaces the day's highest value by the newest sample.
func (f *cardFiller) batteries(ctx context.Context) error {
	days := f.since(garmin.StressDetails, func(c *Card) health.Day { return c.Day })
	stress, err := f.store.RecordsOn(ctx, garmin.StressDetails.Key, days, mostOfDay)
	if err != nil {
		return err
	}
	for person, recs := range stress {
		u, err := unpack(recs[len(recs)-1])
		if err != nil {
			return err
		}
		if x, ok := lastBattery(u.v, u.Start); ok {
			b := &f.cards[person].BodyBattery
			b.Value, b.Day, b.OK = x, u.Day, true
		}
	}
	return nil
}

// lastBattery is the last sample of Body Battery that is a value.
func lastBattery(v element.Value, start int64) (last float64, ok bool) {
	for i := range garmin.StressDetails.Series {
		if s := &garmin.StressDetails.Series[i]; s.Name == "body_battery" {
			s.Each(v, start, func(_ int64, n element.Num) bool {
				if x := n.Float(); x >= 0 {
					last, ok = x, true
				}
				return true
			})
		}
	}
	return last, ok
}

// activities finds the one that began last, by its record or, if that has not
// come, by its details.
func (f *cardFiller) activities(ctx context.Context) error {
	always := func(*Card) health.Day { return -forever }
	recs, err := f.store.RecordsOn(ctx, garmin.Activities.Key, f.since(garmin.Activities, always), mostOfDay)
	if err != nil {
		return err
	}
	newest := map[int64]*health.Record{}
	for person, list := range recs {
		all, err := unpackAll(list)
		if err != nil {
			return err
		}
		u := lastCounted(all)
		newest[person] = u.Record
		f.cards[person].show(u)
	}
	days := f.since(garmin.ActivityDetails, func(c *Card) health.Day {
		if rec := newest[c.Person.ID]; rec != nil {
			return rec.Day
		}
		return always(c)
	})
	details, err := f.store.UnmatchedOn(ctx, garmin.ActivityDetails.Key, garmin.Activities.Key, days, mostUnmatched)
	if err != nil {
		return err
	}
	for person, list := range details {
		for _, rec := range list {
			u, err := unpack(rec)
			if err != nil {
				return err
			}
			summary, ok := garmin.SummaryOf(u.v)
			if have := newest[person]; ok && (have == nil || rec.Start > have.Start) {
				newest[person] = rec
				f.cards[person].show(unpacked{rec, summary})
			}
		}
	}
	for person, rec := range newest {
		c := f.cards[person]
		c.Simulated = c.Simulated || rec.Simulated()
	}
	return nil
}

// lastCounted is the last of a day's activities that counts, or else the last.
func lastCounted(list []unpacked) unpacked {
	counted := countedActivities(partsOf(list))
	for i := len(list) - 1; i >= 0; i-- {
		if counted[list[i].Key] {
			return list[i]
		}
	}
	return list[len(list)-1]
}

// show puts an activity on the card.
func (c *Card) show(u unpacked) {
	a := activityOf(u)
	c.Activity, c.Devices = &a, nil
	if u.Device != "" {
		c.Devices = []string{u.Device}
	}
}
