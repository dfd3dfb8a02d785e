package watch

import (
	"context"
	"maps"
	"math"
	"time"

	"garner/db"
	"garner/health/alert"
)

const (
	// learnAtOnce is for how many people one check learns rhythms, so that none
	// takes long.
	learnAtOnce = 50
	// keepArrivals is how long arrivals are kept: a person's flow of data is
	// read from them as far back as a limit may reach.
	keepArrivals = 100 * 24 * time.Hour
)

// learner goes through all people once a day.
type learner struct {
	day  int64 // the UTC day that is learned
	todo []int64
}

func rhythmsOf(list []db.Learnt) *map[rhythmKey]alert.Rhythm {
	out := make(map[rhythmKey]alert.Rhythm, len(list))
	for _, l := range list {
		out[rhythmKey{l.Person, l.Type}] = alert.Rhythm{Gap: l.Gap, Days: l.Days, By: l.By}
	}
	return &out
}

// rhythms returns the learned rhythms; do not modify the result.
func (w *Watch) rhythms() map[rhythmKey]alert.Rhythm {
	if m := w.learnt.Load(); m != nil {
		return *m
	}
	return nil
}

func (w *Watch) readRhythms(ctx context.Context) error {
	list, err := w.Store.Rhythms(ctx)
	if err != nil {
		return err
	}
	w.learnt.Store(rhythmsOf(list))
	oldest := int64(math.MaxInt64)
	for _, l := range list {
		oldest = min(oldest, l.Day) // learning may have been interrupted
	}
	if len(list) > 0 {
		w.learner.day = oldest
	}
	return nil
}

// learn updates the rhythms to the day of now, some people at a time.
func (w *Watch) learn(ctx context.Context, now time.Time) error {
	if w.learner.day == 0 {
		if err := w.readRhythms(ctx); err != nil {
			return err
		}
	}
	if day := now.Unix() / 86400; day != w.learner.day {
		people, err := w.Store.People(ctx)
		if err != nil {
			return err
		}
		w.learner = learner{day: day, todo: []int64{0}}
		for _, p := range people {
			w.learner.todo = append(w.learner.todo, p.ID)
		}
	}
	n := min(learnAtOnce, len(w.learner.todo))
	if n == 0 {
		return nil
	}
	if err := w.learnOf(ctx, now, w.learner.todo[:n]); err != nil {
		return err
	}
	w.learner.todo = w.learner.todo[n:]
	return nil
}

// learnOf learns the rhythms of some people.
func (w *Watch) learnOf(ctx context.Context, now time.Time, people []int64) error {
	g := &gathering{Watch: w, ctx: ctx, now: now, f: &alert.Facts{}}
	if err := g.hearing(); err != nil {
		return err
	}
	lost := g.f.ObservableTime.Lost(backTo(now), now, time.Hour)
	incidents, err := w.Store.IncidentsSince(ctx, backTo(now))
	if err != nil {
		return err
	}
	pauses, err := w.Store.Pauses(ctx, backTo(now))
	if err != nil {
		return err
	}
	var out []db.Learnt
	learnt := maps.Clone(w.rhythms())
	for _, person := range people {
		if err := w.Store.PruneArrivals(ctx, person, now.Add(-keepArrivals)); err != nil {
			return err
		}
		for _, typ := range append([]alert.Type{{}}, watchedTypes()...) {
			skip := append(silences(incidents, pauses, person, &typ, now), lost...)
			// The first of the days needs the gap before it.
			hours, err := w.Store.Arrivals(ctx, person, typ.Key, alert.LearnSince(skip, now).AddDate(0, 0, -3))
			if err != nil {
				return err
			}
			r := alert.Learn(hours, skip, now)
			learnt[rhythmKey{person, typ.Key}] = r
			out = append(out, db.Learnt{Person: person, Type: typ.Key, Gap: r.Gap, Days: r.Days, By: r.By, Day: w.learner.day})
		}
	}
	w.learnt.Store(&learnt)
	return w.Store.PutRhythms(ctx, out)
}

// silences are the spans in which no data of a person's type was expected:
// incidents and pauses.
func silences(incidents []alert.Incident, pauses []db.Pause, person int64, typ *alert.Type,
	now time.Time) []alert.Span {
	var out []alert.Span
	for i := range incidents {
		if e := &incidents[i]; e.Explains(person, typ) {
			out = append(out, e.Span(now))
		}
	}
	for _, p := range pauses {
		if (p.Person == 0 || p.Person == person) && (p.Type == "" || p.Type == typ.Key) && p.From.Before(now) {
			out = append(out, alert.Span{From: p.From, To: p.To})
		}
	}
	return out
}
