package query

import (
	"context"
	"errors"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Day is the data of one date of a person. Instants are unix seconds, those of
// samples and spans unix milliseconds.
type Day struct {
	Date health.Day
	// Prev and Next are the previous and next date, nil if they have no data.
	Prev, Next *health.Day
	// Future means that the date has not begun anywhere on Earth.
	Future bool
	// Note is what was written about the date, empty for nothing.
	Note string
	// States are the states of the date for each type, by its key.
	States map[string]health.DayState
	// Lacking are the titles of the types that were due and are missing.
	Lacking []string
	// Types are those with data. Without any, all fields below are empty.
	Types []DayType
	// Devices are the names of the devices that recorded data, Origins how it came in.
	Devices []string
	Origins health.Origins

	// Clock is what the watch showed.
	Clock health.Clock
	// Home is how many seconds the clock where the person lives was ahead of UTC when the
	// date began; nil if it is not known where they live.
	Home *int32
	// From and To are where the date begins and ends on that clock.
	From, To int64
	// Night is where the night that ends on the date began; From if that was
	// not before midnight.
	Night int64
	// Evening and Morning are where the night that ends on the date is drawn from and to:
	// 18:00 and 12:00, or the full hours around the main sleep where it does not fit.
	Evening, Morning int64
	// First is where samples begin: the full hour before Night.
	First int64
	// Until is up to when there is heart rate on a date that is not over, in
	// unix milliseconds; 0 when it is over.
	Until int64

	Sleep       SleepOfDay
	Stress      Measure
	BodyBattery Measure
	HeartRate   Measure
	// RestingHeartRate is in bpm, 0 if there is none.
	RestingHeartRate float64
	Steps            Measure
	SpO2             Measure
	Respiration      Measure
	Worn             Worn
	// Snapshots are the day's health snapshots in order of time, each by its start in unix
	// seconds.
	Snapshots  []int64
	Moving     Moving
	Metrics    []DayMetric
	Naps       []Nap
	Activities []Activity
}

// DayType is a type with data for the day.
type DayType struct {
	Key, Title string
	// Simulated means that some of it is from Garmin's Data Generator.
	Simulated bool
	// Deliveries are the ids of its deliveries, without those that are listed with
	// an earlier type. Small types, of which many come, list none.
	Deliveries []int64
}

// dayTypes are what a day is read from. Samples of activities are not read: a
// day shows none.
var dayTypes = []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.StressDetails, garmin.HRV, garmin.Epochs,
	garmin.PulseOx, garmin.AllDayRespiration, garmin.UserMetrics, garmin.BodyComps, garmin.BloodPressures,
	garmin.SkinTemp, garmin.HealthSnapshot, garmin.Activities, garmin.MoveIQActivities, garmin.HRVStatuses,
	garmin.FitnessAges, garmin.Hydration, garmin.FoodLogs, garmin.WellnessActivities}

// mostRecords is how many records of a type and date are read.
const mostRecords = 2000

// Day returns a date of a person whose values the viewer may read.
func (q *Reader) Day(ctx context.Context, person *db.Person, date health.Day) (Day, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return Day{}, err
	}
	r := &dayReader{q: q, ctx: ctx, person: person.ID, private: q.Viewer.offersPrivate(person),
		Day: Day{Date: date, Future: date > health.DayOf(q.Now.Unix(), easternmost)}}
	for _, step := range []func() error{r.neighbours, r.readNote, r.readRecords, r.readStates} {
		if err := step(); err != nil {
			return Day{}, err
		}
	}
	if r.types(); len(r.Types) == 0 {
		return r.Day, nil
	}
	for _, step := range []func() error{r.readEvening, r.readClock, r.readHome, r.readMetrics} {
		if err := step(); err != nil {
			return Day{}, err
		}
	}
	r.measures()
	r.lists()
	var err error
	if r.Devices, err = q.worn(ctx, person.ID, date, date, r.Devices); err != nil {
		return Day{}, err
	}
	return r.Day, r.readFiles()
}

// NewestDay is a person's newest date with data; today in UTC if there is
// none.
func (q *Reader) NewestDay(ctx context.Context, person *db.Person) (health.Day, error) {
	if err := q.Viewer.sees(person.ID); err != nil {
		return 0, err
	}
	day, err := q.Store.NewestDay(ctx, person.ID)
	if errors.Is(err, db.ErrNotFound) {
		return health.DayOf(q.Now.Unix(), 0), nil
	}
	return day, err
}

// easternmost is the UTC offset at which a date begins first, in
// seconds.
const easternmost = 14 * 3600

// dayReader reads one day.
type dayReader struct {
	q      *Reader
	ctx    context.Context
	person int64
	// private means that the person's private metrics are read too.
	private bool
	// night means that the night that ends on the date is read, with the whole evening.
	night bool
	Day

	own    map[string][]unpacked // of the date, by type
	before map[string][]unpacked // of the date before
	// evening is the state of each type on the date before, if the
	// night began then.
	evening map[string]health.DayState
}

// neighbours are the dates before and after, within what there is.
func (r *dayReader) neighbours() error {
	newest, err := r.q.Store.NewestDay(r.ctx, r.person)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	prev, next := r.Date-1, r.Date+1
	if r.Future {
		prev = newest // the days between have nothing either
	}
	r.Prev = &prev
	if r.Date < newest {
		r.Next = &next
	}
	return nil
}

func (r *dayReader) readNote() error {
	notes, err := r.q.DayNotes(r.ctx, r.person, r.Date, r.Date)
	r.Note = health.NoteOn(notes, r.Date)
	return err
}

func (r *dayReader) readRecords() (err error) {
	if r.own, err = r.records(dayTypes, r.Date); err != nil {
		return err
	}
	alone, err := r.detailsAlone()
	if len(alone) > 0 {
		r.own[garmin.Activities.Key] = health.RealOnly(append(r.own[garmin.Activities.Key], alone...),
			func(u unpacked) bool { return u.Simulated() })
	}
	return err
}

// records reads a date's records of some types.
func (r *dayReader) records(types []*garmin.Type, date health.Day) (map[string][]unpacked, error) {
	keys := make([]string, len(types))
	for i, t := range types {
		keys[i] = t.Key
	}
	byType, err := r.q.Store.DayRecords(r.ctx, r.person, keys, date, mostRecords)
	if err != nil {
		return nil, err
	}
	out := map[string][]unpacked{}
	for key, list := range byType {
		if out[key], err = unpackAll(list); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// detailsAlone are the activities of which only the details came, from their
// summaries.
func (r *dayReader) detailsAlone() (out []unpacked, err error) {
	records := r.q.Store.Unmatched(r.ctx, r.person, garmin.ActivityDetails.Key, garmin.Activities.Key, r.Date)
	for u, err := range intact(records) {
		if err != nil {
			return nil, err
		}
		if summary, ok := garmin.SummaryOf(u.v); ok {
			out = append(out, unpacked{u.Record, summary})
		}
	}
	return out, nil
}

// readStates reads the states of the day's types.
func (r *dayReader) readStates() error {
	r.States, r.evening = map[string]health.DayState{}, map[string]health.DayState{}
	c, err := r.q.known(r.ctx, r.person)
	if err != nil {
		return err
	}
	for _, t := range dayTypes {
		state, err := c.Of(r.ctx, t.Key, r.Date)
		if err != nil {
			return err
		}
		if r.States[t.Key] = state; state.Absence == health.Missing {
			r.Lacking = append(r.Lacking, t.Title)
		}
	}
	r.Sleep.State = r.States[garmin.Sleeps.Key].Within()
	if !r.beganInTheEvening() {
		return nil
	}
	for _, t := range eveningTypes {
		if r.evening[t.Key], err = c.Of(r.ctx, t.Key, r.Date-1); err != nil {
			return err
		}
	}
	return nil
}

// types lists what came, in the order of garmin.Types.
func (r *dayReader) types() {
	seen := map[int64]bool{}
	for _, t := range garmin.Types {
		if len(r.own[t.Key]) == 0 {
			continue
		}
		typ := DayType{Key: t.Key, Title: t.Title}
		for _, u := range r.own[t.Key] {
			typ.Simulated = typ.Simulated || u.Simulated()
			if id := u.Order.Arrival.Delivery; !seen[id] && !t.Packed {
				seen[id] = true
				typ.Deliveries = append(typ.Deliveries, id)
			}
			r.Origins |= u.AllOrigins()
			if u.Device != "" && !slices.Contains(r.Devices, u.Device) {
				r.Devices = append(r.Devices, u.Device)
			}
		}
		r.Types = append(r.Types, typ)
	}
}

// both are a type's records of the date before and of the date.
func (r *dayReader) both(t *garmin.Type) []unpacked {
	return slices.Concat(r.before[t.Key], r.own[t.Key])
}

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
