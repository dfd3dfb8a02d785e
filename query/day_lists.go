package query

import (
	"cmp"
	"slices"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// SleepOfDay is the sleeps of a date.
type SleepOfDay struct {
	List []Sleep
	// State is that of the main sleep: why there is none, or whether it may change.
	State health.DayState
}

// Sleep is one sleep of a date.
type Sleep struct {
	Start, End int64
	Asleep     time.Duration
	// Main means that it is the date's main sleep.
	Main bool
	// Provisional means that the watch may still change it.
	Provisional bool
	// Levels are its stages by name, in order of time; none if the device
	// gives none.
	Levels []health.Span
}

// Moving is a day's activities in order of time. Parts of multisport activities
// are left out, since their parent has them.
type Moving struct {
	// Spans are the activities, those of the evening before among them.
	Spans []ActivitySpan
	// Recordings is how many the date has, Count how many activities those are:
	// two devices may have recorded one.
	Recordings, Count int
}

// ActivitySpan is when an activity was. Its word is its name, Kind is Garmin's word for the
// sport and ID Garmin's for the activity.
type ActivitySpan struct {
	health.Span
	Kind, ID string
}

// Nap is a sleep other than the main one.
type Nap struct {
	Start, End int64
	Asleep     time.Duration
	// Validation is Garmin's word for how a nap was detected.
	Validation string
	// Sleep means that it was recorded as a sleep, not as a nap.
	Sleep bool
}

// lists fills sleeps, naps and activities.
func (r *dayReader) lists() {
	main, slept := mainOf(r.own[garmin.Sleeps.Key]), false
	for _, u := range r.own[garmin.Sleeps.Key] {
		s := nightSleepOf(u, u.Record == main.Record)
		slept = slept || s.Main && s.Slept()
		r.sleep(&s)
		r.naps(u)
	}
	r.Sleep.State = r.States[garmin.Sleeps.Key].With(slept)
	r.activities()
	r.moving()
	for _, u := range r.own[garmin.HealthSnapshot.Key] {
		r.Snapshots = append(r.Snapshots, u.Start)
	}
	slices.Sort(r.Snapshots)
}

// sleep adds one of the date's sleeps.
func (r *dayReader) sleep(s *NightSleep) {
	if !s.Slept() {
		return
	}
	r.Sleep.List = append(r.Sleep.List, s.Sleep)
	if !s.Main {
		r.Naps = append(r.Naps, Nap{Start: s.Start, End: s.End, Asleep: s.Asleep, Sleep: true})
	}
}

func sleepOf(u unpacked, main bool) Sleep {
	return Sleep{Start: u.Start, End: u.End, Asleep: seconds(u.v.Get("durationInSeconds")), Main: main,
		Provisional: u.Order.Class == health.Tentative, Levels: levelsOf(u)}
}

// levelsOf are a sleep's stages by name, in order of time.
func levelsOf(u unpacked) (out []health.Span) {
	for l := range garmin.Levels(u.v) {
		out = append(out, health.Span{From: l.From * 1000, To: l.To * 1000, Word: garmin.Shorten(l.Name, mostName)})
	}
	sortSpans(out)
	return out
}

// naps adds those that came with a sleep.
func (r *dayReader) naps(u unpacked) {
	for nap := range u.v.Get("naps").Items() {
		start, ok := nap.Get("napStartTimeInSeconds").Int()
		if !ok {
			continue
		}
		asleep := seconds(nap.Get("napDurationInSeconds"))
		r.Naps = append(r.Naps, Nap{Start: start, End: start + int64(asleep/time.Second), Asleep: asleep,
			Validation: garmin.Shorten(nap.Get("napValidation").Text(), mostName)})
	}
}

func seconds(v element.Value) time.Duration {
	n, _ := v.Int()
	return time.Duration(n) * time.Second
}

// activities lists those of the date in order of start, parts of multisport
// activities after their whole.
func (r *dayReader) activities() {
	own := r.own[garmin.Activities.Key]
	wholes, second := garmin.Wholes(partsOf(own)), secondRecordings(partsOf(own))
	for _, u := range own {
		a := activityOf(u)
		a.Part = wholes[garmin.PartOf(u.v)]
		a.Second = second[u.Key]
		r.Activities = append(r.Activities, a)
	}
	slices.SortStableFunc(r.Activities, func(a, b Activity) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.rank(), b.rank()))
	})
}

// moving places the activities in time and counts them.
func (r *dayReader) moving() {
	all := r.both(garmin.Activities)
	parts := partsOf(all)
	wholes := garmin.Wholes(parts)
	for _, u := range all {
		if wholes[garmin.PartOf(u.v)] {
			continue
		}
		if u.Day == r.Date {
			r.Moving.Recordings++
		}
		if u.End > r.First {
			r.Moving.Spans = append(r.Moving.Spans, ActivitySpan{
				Span: health.Span{From: u.Start * 1000, To: u.End * 1000, Word: nameOf(u.v)},
				Kind: garmin.Shorten(u.v.Get("activityType").Text(), mostName), ID: garmin.ActivityID(u.v)})
		}
	}
	slices.SortStableFunc(r.Moving.Spans, func(a, b ActivitySpan) int { return cmp.Compare(a.From, b.From) })
	r.Moving.Count = len(garmin.CountedActivities(r.Date, parts))
}

func sortSpans(spans []health.Span) {
	slices.SortStableFunc(spans, func(a, b health.Span) int { return cmp.Compare(a.From, b.From) })
}
