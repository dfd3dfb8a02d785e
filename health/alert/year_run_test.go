package alert_test

import (
	"slices"
	"time"

	"garner/health/alert"
)

// reached is a sync as Garner sees it.
type reached struct {
	at      time.Time
	of      time.Time // when the watch synced
	night   bool
	garbled bool
}

// told is what the rules wanted told.
type told struct {
	at    time.Time
	event alert.Event
	e     alert.Incident
}

// audit is the year's result.
type audit struct {
	w     *year
	came  [][]reached // of each person, when it truly came
	told  []told
	book  map[int64]*alert.Incident
	looks int
}

// run lets the year pass before the rules.
func (w *year) run() *audit {
	a := &audit{w: w, book: map[int64]*alert.Incident{}}
	queues := make([][]reached, len(w.people))
	a.came = queues
	for i, b := range w.people {
		for _, s := range b.syncs {
			night := s.night
			if in1(b.broken, s.at) || in1(b.revoked, s.at) || in1(w.hold, s.at) {
				night = false
			}
			queues[i] = append(queues[i], reached{w.arrival(s.at), s.at, night, in1(b.garbled, s.at)})
		}
		slices.SortStableFunc(queues[i], func(a, b reached) int { return a.at.Compare(b.at) })
	}
	e := newEye(w)
	next := make([]int, len(queues))
	for now := w.start; now.Before(w.end); now = now.Add(step) {
		if _, off := in(w.off, now); off {
			continue
		}
		// What the clock says is not always what it is.
		shift := time.Duration(0)
		if in1(w.jump, now) {
			shift = clockJump
		}
		e.now(now.Add(shift), now)
		for i := range queues {
			for next[i] < len(queues[i]) && !queues[i][next[i]].at.After(now) {
				r := queues[i][next[i]]
				r.at, r.of = r.at.Add(shift), r.of.Add(shift)
				e.arrives(i, r)
				next[i]++
			}
		}
		a.take(now, e.look(now.Add(shift)))
	}
	return a
}

func in1(s alert.Span, t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

func (a *audit) take(now time.Time, changes []alert.Change) {
	a.looks++
	for _, c := range changes {
		for _, ev := range c.Events {
			if ev.Notifies() {
				a.told = append(a.told, told{now, ev, c.Incident})
			}
		}
	}
}

// eye is the program around the rules: it keeps facts and book as the store
// does.
type eye struct {
	w      *year
	f      alert.Facts
	ran    []alert.Span
	deaf   []alert.Span
	all    hoursSet
	nights hoursSet
	own    []hoursSet
	ownN   []hoursSet
	past   []alert.Incident
	last   int64
	day    int64
}

type hoursSet []int64

func (h *hoursSet) add(t time.Time) {
	hour := t.Unix() / 3600
	if i, there := slices.BinarySearch(*h, hour); !there {
		*h = slices.Insert(*h, i, hour)
	}
}

func (h hoursSet) since(t time.Time) []int64 {
	i, _ := slices.BinarySearch(h, t.Unix()/3600)
	return h[i:]
}

func newEye(w *year) *eye {
	e := &eye{w: w, own: make([]hoursSet, len(w.people)), ownN: make([]hoursSet, len(w.people))}
	e.f = alert.Facts{Rules: alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		Types: []alert.Type{{Key: "days", Title: "Days", Permission: "HEALTH", Rhythmic: true},
			{Key: "nights", Title: "Nights", Permission: "NIGHTS", Rhythmic: true}}}
	for _, b := range w.people {
		p := alert.Person{ID: b.id, Pauses: b.pauses(), Types: []alert.PersonType{{Type: 0}, {Type: 1}}}
		e.f.People = append(e.f.People, p)
	}
	e.f.Arrivals = func(person int64, since time.Time) []int64 { return e.own[person-1].since(since) }
	return e
}

// now beats, and hears what Garmin says of connections. truly is what the
// clock would say if it were right.
func (e *eye) now(now, truly time.Time) {
	e.ran = grown(e.ran, now)
	if in1(e.w.full, truly) {
		e.deaf = grown(e.deaf, now)
	}
	for i, b := range e.w.people {
		p := &e.f.People[i]
		if !b.left.IsZero() && !truly.Before(b.left) && p.Left.IsZero() {
			p.Left = now
		}
		is := b.shares(truly)
		if b.hasLeft(truly) {
			is = p.Granted // of them Garmin says nothing more
		}
		if p.Granted == nil && is != nil && len(is) < 2 || p.Granted != nil && !slices.Equal(is, p.Granted) {
			p.Former, p.Granted, p.Changed = p.Granted, is, now
		}
		p.Limit, p.Types[1].Off = 0, in1(b.given, truly)
		if in1(b.rule, truly) {
			p.Limit = b.limit
		}
	}
}

// hasLeft reports whether the person ended the connection and has not come back.
func (b *body) hasLeft(t time.Time) bool {
	return !b.left.IsZero() && !t.Before(b.left) && (b.back.IsZero() || t.Before(b.back))
}

// shares are the permissions at an instant.
func (b *body) shares(t time.Time) []string {
	switch {
	case in1(b.revoked2, t):
		return []string{}
	case in1(b.revoked, t):
		return []string{"HEALTH"}
	}
	return []string{"HEALTH", "NIGHTS"}
}

// grown makes the newest of some spans reach now, or begins another.
func grown(spans []alert.Span, now time.Time) []alert.Span {
	if n := len(spans); n > 0 && now.Sub(spans[n-1].To) <= step && !now.Before(spans[n-1].To) {
		spans[n-1].To = now
		return spans
	}
	return append(spans, alert.Span{From: now, To: now})
}

func (e *eye) arrives(i int, r reached) {
	p := &e.f.People[i]
	if r.garbled {
		p.Parked, p.Types[0].Parked = r.at, r.at
		if r.night {
			p.Types[1].Parked = r.at
		}
		return
	}
	p.Reach, p.Types[0].Reach = r.of, r.of
	p.News, p.Types[0].News = r.at, r.at // as the store has it: the newest samples are the latest's
	e.own[i].add(r.at)
	e.all.add(r.at)
	if r.night {
		p.Types[1].News, p.Types[1].Reach = r.at, r.of
		e.ownN[i].add(r.at)
		e.nights.add(r.at)
	}
}

// look is what Watch.Once does.
func (e *eye) look(now time.Time) []alert.Change {
	f := &e.f
	f.Now, f.Until = now, now
	f.ObservableTime, f.Running = alert.NewObservableTime(e.ran, e.deaf, f.Rules.Grace),
		alert.NewObservableTime(e.ran, nil, 0)
	f.Inside = alert.Inside{Off: alert.Off(e.ran, now), DiskWanted: 2, DiskFree: 3}
	if _, flaps := in([]alert.Span{e.w.flaps}, now); flaps && now.Unix()/1800%2 == 0 {
		f.Inside.DiskFree = 1
	}
	f.Open, f.Silences, f.Types[1].Stopped = map[alert.Subject]alert.Incident{}, nil, nil
	for _, ep := range e.past {
		switch {
		case ep.Closed.IsZero():
			f.Open[ep.Subject] = ep
		case ep.Kind == alert.NothingArrives:
			f.Silences = append(f.Silences, alert.Span{From: ep.Since, To: ep.Closed})
		case ep.Kind == alert.TypeStopped && ep.Type == "nights":
			f.Types[1].Stopped = append(f.Types[1].Stopped, alert.Span{From: ep.Since, To: ep.Closed})
		}
	}
	e.learn(now)
	changes := alert.Step(e.bookAt(now), alert.Evaluate(f), f)
	for i := range changes {
		e.put(&changes[i].Incident)
	}
	return changes
}

func (e *eye) put(ep *alert.Incident) {
	if ep.ID == 0 {
		e.last++
		ep.ID = e.last
		e.past = append(e.past, *ep)
		return
	}
	e.past[ep.ID-1] = *ep
}

func (e *eye) bookAt(now time.Time) []alert.Incident {
	var book []alert.Incident
	for _, ep := range e.past {
		off := ep.Kind == alert.WasOff && now.Sub(ep.Closed) < 2*alert.OffSince
		if off || ep.Closed.IsZero() || now.Sub(ep.Closed) < alert.ReuseWithin || ep.Notified == alert.NotifiedOpen {
			book = append(book, ep)
		}
	}
	return book
}

// learn learns once a day.
func (e *eye) learn(now time.Time) {
	day := now.Unix() / 86400
	if day == e.day {
		return
	}
	e.day = day
	f := &e.f
	back := now.AddDate(0, 0, -120)
	lost := f.ObservableTime.Lost(back, now, time.Hour)
	past := make([][]*alert.Incident, len(f.People)+1) // of each person; 0 for all people
	for i := range e.past {
		if ep := &e.past[i]; ep.Closed.IsZero() || ep.Closed.After(back) {
			past[ep.Person] = append(past[ep.Person], ep)
		}
	}
	skip := func(person int64, typ *alert.Type) []alert.Span {
		out := slices.Clone(lost)
		for _, ep := range slices.Concat(past[0], past[person]) {
			if ep.Explains(person, typ) {
				out = append(out, ep.Span(now))
			}
		}
		if person > 0 {
			out = append(out, f.People[person-1].Pauses...)
		}
		return out
	}
	learn := func(hours hoursSet, person int64, typ *alert.Type) alert.Rhythm {
		spans := skip(person, typ)
		return alert.Learn(hours.since(alert.LearnSince(spans, now).AddDate(0, 0, -3)), spans, now)
	}
	f.Usual = learn(e.all, 0, &alert.Type{})
	f.Types[0].Usual = f.Usual
	f.Types[1].Usual = learn(e.nights, 0, &f.Types[1])
	for i := range f.People {
		p := &f.People[i]
		p.Usual = learn(e.own[i], p.ID, &alert.Type{})
		p.Types[0].Usual = learn(e.own[i], p.ID, &f.Types[0])
		p.Types[1].Usual = learn(e.ownN[i], p.ID, &f.Types[1])
	}
}
