package query

import (
	"cmp"
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Nights are the nights of four weeks, the newest first.
type Nights struct {
	From, To health.Day
	// First is the first date with a sleep, nil for none.
	First *health.Day
	// Earlier and Later are the last dates of the weeks before and after; nil if there are
	// no nights.
	Earlier, Later *health.Day
	List           []NightOfWeeks
	// Counted is how many nights have a sleep with times. Asleep is their mean, Bed and Wake
	// are when they usually began and ended.
	Counted   int
	Asleep    time.Duration
	Bed, Wake UsualTime
	Devices   []string
	Origins   health.Origins
	// Notes are those on the dates of the nights.
	Notes []health.Note
}

// NightOfWeeks is one night of a list.
type NightOfWeeks struct {
	Date health.Day
	// State is that of the date's main sleep.
	State health.DayState
	// Main is the date's main sleep, nil if there is none; Further are its other sleeps.
	Main    *NightSleep
	Further []NightSleep
}

// UsualTime is the middle of some times of day and the range of four fifths of them, in
// seconds after the midnight of the night, negative before it.
type UsualTime struct{ Low, Middle, High int }

// nightsOfWeeks is how many nights a list has, and mostSleeps how many sleeps of them are
// read.
const (
	nightsOfWeeks = 28
	mostSleeps    = 400
)

// Nights returns four weeks of nights up to a date, the person's today where that is 0 or
// later. The viewer must be allowed to read the person's values.
func (q *Reader) Nights(ctx context.Context, person *db.Person, to health.Day) (Nights, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return Nights{}, err
	}
	bounds, err := q.Bounds(ctx, person.ID)
	if err != nil {
		return Nights{}, err
	}
	to = min(cmp.Or(to, bounds.Today), bounds.Today)
	n := Nights{From: to - nightsOfWeeks + 1, To: to}
	if err := n.readNights(ctx, q, person.ID); err != nil {
		return Nights{}, err
	}
	if err := n.readClocks(ctx, q, person.ID); err != nil {
		return Nights{}, err
	}
	if err := n.readStates(ctx, q, person.ID); err != nil {
		return Nights{}, err
	}
	n.sum()
	if n.Notes, err = q.DayNotes(ctx, person.ID, n.From, n.To); err != nil {
		return Nights{}, err
	}
	if n.Devices, err = q.worn(ctx, person.ID, n.From, n.To, n.Devices); err != nil {
		return Nights{}, err
	}
	return n, n.around(ctx, q, person.ID, bounds.Today)
}

func (n *Nights) readNights(ctx context.Context, q *Reader, person int64) error {
	records, err := q.Store.Records(ctx, person, garmin.Sleeps.Key, n.From, n.To, db.Cursor{}, mostSleeps)
	if err != nil {
		return err
	}
	all, err := unpackAll(records)
	if err != nil {
		return err
	}
	byDate := map[health.Day][]unpacked{}
	for _, u := range all {
		byDate[u.Day] = append(byDate[u.Day], u)
		n.Origins |= u.AllOrigins()
		if u.Device != "" && !slices.Contains(n.Devices, u.Device) {
			n.Devices = append(n.Devices, u.Device)
		}
	}
	for day := n.To; day >= n.From; day-- {
		night := NightOfWeeks{Date: day}
		main := mainOf(byDate[day])
		for _, u := range byDate[day] {
			s := nightSleepOf(u, u.Record == main.Record)
			if u.Offset != nil {
				s.Clock = health.Clock{{At: u.Start, Offset: *u.Offset}}
			}
			if s.Main {
				night.Main = &s
			} else if s.Slept() {
				night.Further = append(night.Further, s)
			}
		}
		n.List = append(n.List, night)
	}
	return nil
}

// readClocks finds what the watch showed during the sleeps, from the summaries of the days
// around each: a night may be on two clocks, and no sleep says so itself.
func (n *Nights) readClocks(ctx context.Context, q *Reader, person int64) error {
	dailies, err := q.Store.Records(ctx, person, garmin.Dailies.Key, n.From-1, n.To+1, db.Cursor{}, mostSleeps)
	if err != nil {
		return err
	}
	seen := map[health.Day][]health.Sighting{}
	for i, daily := range dailies {
		seen[daily.Day] = append(seen[daily.Day], seenBy([]unpacked{{Record: daily}})...)
		var next int64
		if i+1 < len(dailies) && dailies[i+1].Day == daily.Day+1 {
			next = dailies[i+1].Start
		}
		if s, ok := health.LengthSays(daily.Day, daily.Start, daily.End, next, daily.Received/1000); ok {
			seen[daily.Day] = append(seen[daily.Day], s)
		}
	}
	for i := range n.List {
		night := &n.List[i]
		around := slices.Concat(seen[night.Date-1], seen[night.Date], seen[night.Date+1])
		night.Main.tell(around)
		for j := range night.Further {
			night.Further[j].tell(around)
		}
	}
	return nil
}

// tell adds what was seen of the clock around a sleep to what the sleep says itself.
func (s *NightSleep) tell(seen []health.Sighting) {
	if s != nil && s.Clock != nil {
		s.Clock = health.ReadClock(slices.Concat(s.Clock, seen))
	}
}

func (n *Nights) readStates(ctx context.Context, q *Reader, person int64) error {
	cover, err := q.known(ctx, person)
	if err != nil {
		return err
	}
	states, err := cover.States(ctx, garmin.Sleeps.Key, n.From, n.To)
	if err != nil {
		return err
	}
	for i := range n.List {
		n.List[i].State = states[len(states)-1-i].With(n.List[i].Slept() != nil)
	}
	return nil
}

// Slept is the night's main sleep, nil if there was none.
func (n NightOfWeeks) Slept() *NightSleep {
	if !n.Main.Slept() {
		return nil
	}
	return n.Main
}

// sum finds the means and the usual times.
func (n *Nights) sum() {
	var bed, wake []float64
	var asleep time.Duration
	for _, night := range n.List {
		s := night.Slept()
		if s == nil {
			continue
		}
		n.Counted++
		asleep += s.Asleep
		bed, wake = append(bed, s.clockAt(s.Start, night.Date)), append(wake, s.clockAt(s.End, night.Date))
	}
	if n.Counted > 0 {
		n.Asleep = asleep / time.Duration(n.Counted)
	}
	n.Bed, n.Wake = usualTime(bed), usualTime(wake)
}

// clockAt is what the watch's clock showed at an instant, in seconds after the midnight of
// a date.
func (s *NightSleep) clockAt(at int64, date health.Day) float64 {
	return float64(at + int64(s.OffsetAt(at)) - int64(date)*86400)
}

// usualTime is of enough times only.
func usualTime(list []float64) UsualTime {
	band, ok := health.Usual(list)
	if !ok {
		return UsualTime{}
	}
	return UsualTime{int(band.Low), int(health.Median(list)), int(band.High)}
}

// around finds the weeks before and after, within what there is.
func (n *Nights) around(ctx context.Context, q *Reader, person int64, today health.Day) error {
	extents, err := q.Extents(ctx, person)
	if err != nil {
		return err
	}
	e, ok := extents[garmin.Sleeps.Key]
	if ok {
		n.First = new(e.Oldest)
	}
	if ok && e.Oldest < n.From {
		n.Earlier = new(n.From - 1)
	}
	if n.To < today {
		n.Later = new(min(n.To+nightsOfWeeks, today))
	}
	return nil
}
