package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// FullNight is the night of a person that ends on a date. Instants are unix seconds, those of
// samples and spans unix milliseconds.
type FullNight struct {
	Date health.Day
	// Prev and Next are the dates before and after, nil if they have no data.
	Prev, Next *health.Day
	// Age is how many days before the person's today the date is, of the newest date with a
	// sleep; 0 for all others.
	Age int
	// State is that of the date's main sleep.
	State health.DayState
	// Main is the date's main sleep; a night without the watch if there is no other, nil if
	// there is none at all.
	Main *NightSleep
	// Further are the date's other sleeps in order of time, Naps those that came with them.
	Further []NightSleep
	Naps    []Nap
	// Clock is what the watch showed.
	Clock health.Clock
	// From and To are 18:00 and 12:00 on that clock, or the full hours around the main sleep
	// where it does not fit. Midnight is in between.
	From, Midnight, To int64
	// Until is up to when there is heart rate in a night that is not over, in unix
	// milliseconds; 0 when it is over.
	Until int64

	HeartRate, HRV, SpO2, Respiration Measure
	// Usual is the person's usual time asleep.
	Usual UsualSleep
	// Devices are the names of the devices that recorded it, Origins how it came in.
	Devices   []string
	Origins   health.Origins
	Simulated bool
}

// NightSleep is a sleep with what Garmin says of it.
type NightSleep struct {
	Sleep
	// Offset is the record's own offset from UTC in seconds.
	Offset int32
	// Clock is what the watch showed around a sleep of a list; empty where nothing tells.
	Clock health.Clock
	Class health.Class
	// Validation is Garmin's word for how certain it is.
	Validation string
	// Score is 0 to 100, nil if there is none; Qualifier is Garmin's word for it.
	Score     *float64
	Qualifier string
	// Stages are how long it was in each stage, those that Garmin sent.
	Stages []Stage
	Device string
	// Versions are all versions that arrived, in that order; of the sleeps of a list, none.
	Versions []Version
}

// OffsetAt is the offset at an instant of the sleep: the record's own, until the clock was put
// forward or back.
func (s *NightSleep) OffsetAt(at int64) int32 {
	return s.Offset + s.Clock.Offset(at) - s.Clock.Offset(s.Start)
}

// Slept reports whether there was a sleep: with times, and not a night without the watch.
// A nil one is none.
func (s *NightSleep) Slept() bool { return s != nil && s.Class != health.OffWrist && s.End > s.Start }

// Stage is how long a sleep was in one stage: deep, light, rem, awake or unmeasurable.
type Stage struct {
	Name   string
	Length time.Duration
}

// Stage is how long a sleep was in a stage; ok is false where Garmin did not send it.
func (s *NightSleep) Stage(name string) (length time.Duration, ok bool) {
	if s == nil {
		return 0, false
	}
	i := slices.IndexFunc(s.Stages, func(s Stage) bool { return s.Name == name })
	if i < 0 {
		return 0, false
	}
	return s.Stages[i].Length, true
}

// UsualSleep is the median time asleep of the 28 nights before; Nights is how many of them
// have one, and Asleep 0 if those are too few.
type UsualSleep struct {
	Asleep time.Duration
	Nights int
}

// Night returns the night that ends on a date, of a person whose values the viewer may read.
func (q *Reader) Night(ctx context.Context, person *db.Person, date health.Day) (FullNight, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return FullNight{}, err
	}
	r := &dayReader{q: q, ctx: ctx, person: person.ID, night: true, Day: Day{Date: date}}
	n := nightReader{dayReader: r, FullNight: FullNight{Date: date}}
	for _, step := range []func() error{r.neighbours, n.read, r.readStates, n.clock, n.sleeps, n.usual} {
		if err := step(); err != nil {
			return FullNight{}, err
		}
	}
	n.measures()
	n.FullNight.Prev, n.FullNight.Next = r.Day.Prev, r.Day.Next
	n.State = r.States[garmin.Sleeps.Key].With(n.Main.Slept())
	var err error
	if n.Age, err = q.ageOfNewest(ctx, person, date); err != nil {
		return FullNight{}, err
	}
	n.FullNight.Devices, err = q.worn(ctx, person.ID, date, date, n.FullNight.Devices)
	return n.FullNight, err
}

// ageOfNewest is how many days ago the newest night was, if that is the one of a date.
func (q *Reader) ageOfNewest(ctx context.Context, person *db.Person, date health.Day) (int, error) {
	newest, err := q.NewestNight(ctx, person)
	if err != nil || newest != date {
		return 0, err
	}
	bounds, err := q.Bounds(ctx, person.ID)
	return int(max(bounds.Today-date, 0)), err
}

// NewestNight is the newest date with a sleep of a person; NewestDay if there is none.
func (q *Reader) NewestNight(ctx context.Context, person *db.Person) (health.Day, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return 0, err
	}
	extents, err := q.Extents(ctx, person.ID)
	if err != nil {
		return 0, err
	}
	if e, ok := extents[garmin.Sleeps.Key]; ok {
		return e.Newest, nil
	}
	return q.NewestDay(ctx, person)
}

// nightReader reads one night by the means of a day.
type nightReader struct {
	*dayReader
	FullNight
}

// nightTypes are what a night is read from.
var nightTypes = []*garmin.Type{garmin.Sleeps, garmin.HRV, garmin.Dailies, garmin.StressDetails, garmin.PulseOx,
	garmin.AllDayRespiration}

func (n *nightReader) read() (err error) {
	if n.own, err = n.records(nightTypes, n.FullNight.Date); err != nil {
		return err
	}
	n.before, err = n.records(eveningTypes, n.FullNight.Date-1)
	return err
}

// clock finds the watch's clock, and with it where the night is drawn from and to.
func (n *nightReader) clock() error {
	r := n.dayReader
	if err := r.readClock(); err != nil {
		return err
	}
	n.FullNight.Clock, n.Midnight = r.Clock, r.From
	r.First, r.To = r.Evening, r.Morning
	n.FullNight.From, n.FullNight.To = r.First, r.To
	return nil
}

// boundNight finds where a night is drawn from and to.
func (r *dayReader) boundNight() {
	r.Evening, r.Morning = r.From-eveningLasts, clockTime(r.Clock, r.Date, noon)
	main := mainOf(r.own[garmin.Sleeps.Key])
	if main == nil {
		return
	}
	if start := max(main.Start, r.From-longestNight); start < r.Evening {
		r.Evening = start - (start+int64(r.Clock.Offset(start)))%3600
	}
	if end := min(main.End, r.To+longestNight); end > r.Morning {
		r.Morning = end + 3599 - (end+3599+int64(r.Clock.Offset(end)))%3600
	}
}

// A night is drawn from 18:00 to 12:00.
const (
	eveningLasts = 6 * 3600
	noon         = 12 * 3600
)

// clockTime is the instant at which a clock shows a time of day, in seconds.
func clockTime(c health.Clock, day health.Day, seconds int64) int64 {
	wall := int64(day)*86400 + seconds
	return wall - int64(c.Offset(wall-int64(c.Offset(c.Begins(day)))))
}

// mainOf is the main sleep among those of a date: a night without the watch if there is no
// other.
func mainOf(sleeps []unpacked) *unpacked {
	if i := garmin.MainSleep(partsOf(sleeps)); i >= 0 {
		return &sleeps[i]
	}
	if len(sleeps) > 0 {
		return &sleeps[0]
	}
	return nil
}

// sleeps reads the date's sleeps, and the versions that they have.
func (n *nightReader) sleeps() error {
	own := n.own[garmin.Sleeps.Key]
	records := make([]*health.Record, len(own))
	for i, u := range own {
		records[i] = u.Record
	}
	versions, err := n.q.Versions(n.ctx, n.person, records)
	if err != nil {
		return err
	}
	main := mainOf(own)
	for i, u := range own {
		s := nightSleepOf(u, u.Record == main.Record)
		s.Versions = versions[i]
		if s.Main {
			n.Main = &s
		} else if s.Slept() {
			n.Further = append(n.Further, s)
		}
		n.naps(u)
		n.FullNight.Origins |= u.AllOrigins()
		n.FullNight.Simulated = n.FullNight.Simulated || u.Simulated()
		if u.Device != "" && !slices.Contains(n.FullNight.Devices, u.Device) {
			n.FullNight.Devices = append(n.FullNight.Devices, u.Device)
		}
	}
	n.FullNight.Naps = n.dayReader.Naps
	return nil
}

func nightSleepOf(u unpacked, main bool) NightSleep {
	s := NightSleep{Sleep: sleepOf(u, main), Class: u.Order.Class, Device: u.Device,
		Validation: garmin.Shorten(u.v.Get("validation").Text(), mostName)}
	if u.Offset != nil {
		s.Offset = *u.Offset
	}
	if u.Order.Class == health.OffWrist {
		return s // zero stages: the watch was not worn
	}
	if x, ok := u.v.Get("overallSleepScore").Get("value").Float(); ok {
		s.Score = &x
	}
	s.Qualifier = garmin.Shorten(u.v.Get("overallSleepScore").Get("qualifierKey").Text(), mostName)
	staged := garmin.HasStages(u.v)
	for _, stage := range stageFields {
		if x, ok := firstOf(u.v, stage.fields); ok && (staged || seconds(x) > 0) {
			s.Stages = append(s.Stages, Stage{stage.name, seconds(x)})
		}
	}
	return s
}

// stageFields are where Garmin has the length of each stage.
var stageFields = []struct {
	name   string
	fields []string
}{
	{"deep", []string{"deepSleepDurationInSeconds"}},
	{"light", []string{"lightSleepDurationInSeconds"}},
	{"rem", []string{"remSleepInSeconds", "remSleepDurationInSeconds"}},
	{"awake", []string{"awakeDurationInSeconds"}},
	{"unmeasurable", []string{"unmeasurableSleepInSeconds", "unmeasurableSleepDurationInSeconds"}},
}

func firstOf(v element.Value, fields []string) (element.Value, bool) {
	for _, name := range fields {
		x := v.Get(name)
		if _, ok := x.Int(); ok {
			return x, true
		}
	}
	return element.Value{}, false
}

func (n *nightReader) usual() (err error) {
	n.Usual, err = n.q.usualSleep(n.ctx, n.person, n.FullNight.Date)
	return err
}

// usualSleep is the usual time asleep of a person before a date.
func (q *Reader) usualSleep(ctx context.Context, person int64, date health.Day) (UsualSleep, error) {
	readings, err := q.Store.Readings(ctx, person, date-medianDays, date-1)
	if err != nil {
		return UsualSleep{}, err
	}
	var list []float64
	for _, day := range byDay(readings, date-medianDays, date-1) {
		if x, ok := day.Values["sleep"]; ok {
			list = append(list, x)
		}
	}
	usual := UsualSleep{Nights: len(list)}
	if len(list) >= medianLeast {
		usual.Asleep = time.Duration(health.Median(list)) * time.Second
	}
	return usual, nil
}

// measures fills what was measured from the evening to the morning.
func (n *nightReader) measures() {
	r := n.dayReader
	n.FullNight.HeartRate, n.HRV = r.series(garmin.Dailies, "heart_rate"), r.series(garmin.HRV, "hrv")
	n.FullNight.SpO2 = r.sparse("spo2", garmin.Sleeps, garmin.PulseOx)
	n.FullNight.Respiration = r.sparse("respiration", garmin.Sleeps, garmin.AllDayRespiration)
	for _, m := range []struct {
		measure *Measure
		typ     *garmin.Type
	}{{&n.FullNight.HeartRate, garmin.Dailies}, {&n.HRV, garmin.HRV}, {&n.FullNight.SpO2, garmin.PulseOx},
		{&n.FullNight.Respiration, garmin.AllDayRespiration}} {
		r.conclude(m.measure, m.typ, r.First)
	}
	if m := &n.FullNight.HeartRate; n.Main != nil {
		awake := func(p health.Point) bool { return p.T < n.Main.Start*1000 || p.T >= n.Main.End*1000 }
		m.Figures = figuresOf(slices.DeleteFunc(slices.Clone(m.Points), awake), 0)
	}
	if points := n.FullNight.HeartRate.Points; len(points) > 0 && n.q.Now.Unix() < r.To {
		n.FullNight.Until = points[len(points)-1].T
	}
	r.Stress = r.series(garmin.StressDetails, "stress")
	r.explain(&n.FullNight.HeartRate, garmin.Dailies, r.unworn(), health.Break(n.FullNight.HeartRate.Cadence))
}
