package alert

import "time"

// Episode is one silence or trouble from the moment it became one until it is
// over. There is at most one open for each Subject.
type Episode struct {
	ID int64
	Subject
	// Since is when it began, Opened when it was noticed; Closed is zero while
	// it is open.
	Since, Opened, Closed time.Time
	Evidence              Evidence
	// Told is what the keeper was told last, ToldAt when; Reminders counts.
	Told      Told
	ToldAt    time.Time
	Reminders int
	// Reopened counts how often it came back within ReuseWithin.
	Reopened int
}

// Told is what the keeper knows of an episode.
type Told uint8

// What can be told.
const (
	Nothing Told = iota
	ToldOpen
	ToldOver
)

const (
	// ReuseWithin is how soon after its end an episode is the same again.
	ReuseWithin = 6 * time.Hour
	// restOfSync is how long all of one sync may take to arrive.
	restOfSync = 10 * time.Minute
	// Reminders come daily for a week, then weekly.
	remindDaily  = 24 * time.Hour
	remindWeekly = 7 * 24 * time.Hour
	dailyFor     = 7
)

// Event is something that happens to an episode.
type Event string

// The events. Opened, Reminded, Recovered and Noticed are told to the keeper.
const (
	Opened    Event = "opened"
	Reminded  Event = "reminded"
	Closed    Event = "closed"
	Recovered Event = "recovered"
	Reopened  Event = "reopened"
	Noticed   Event = "noticed"
)

// Tells says whether an event is told to the keeper.
func (e Event) Tells() bool { return e == Opened || e == Reminded || e == Recovered || e == Noticed }

// Change is an episode as it is from now on, and what happened to it.
type Change struct {
	Episode Episode
	Events  []Event
}

// Step takes the book on by one look. The book holds the open episodes and
// those that closed within ReuseWithin, or whose end was not told yet; of
// WasOff the newest. It gives those that changed.
func Step(book []Episode, found *Findings, f *Facts) []Change {
	s := stepper{now: f.Now, grace: f.Rules.Grace, facts: f, found: found, by: map[Subject]Condition{}}
	for _, c := range found.Conditions {
		s.by[c.Subject] = c
	}
	for _, e := range book {
		s.episode(e)
	}
	for _, c := range found.Conditions {
		if _, fresh := s.by[c.Subject]; fresh {
			s.open(c)
			delete(s.by, c.Subject)
		}
	}
	return s.out
}

type stepper struct {
	now   time.Time
	grace time.Duration
	facts *Facts
	found *Findings
	by    map[Subject]Condition // those that no episode of the book has taken
	off   Episode               // the newest time of being off
	out   []Change
}

func (s *stepper) change(e Episode, events ...Event) {
	for _, ev := range events {
		switch ev {
		case Opened, Reminded:
			e.Told, e.ToldAt = ToldOpen, s.now
		case Recovered, Noticed:
			e.Told, e.ToldAt = ToldOver, s.now
		}
	}
	s.out = append(s.out, Change{e, events})
}

// episode takes one episode of the book on.
func (s *stepper) episode(e Episode) {
	c, holds := s.by[e.Subject]
	switch {
	case e.Kind == WasOff:
		s.off = e
		if holds && !c.Since.After(e.Since) {
			delete(s.by, e.Subject) // it was told
		}
	case holds && e.Closed.IsZero():
		delete(s.by, e.Subject)
		s.goesOn(e, c)
	case holds && s.now.Sub(e.Closed) < ReuseWithin:
		delete(s.by, e.Subject)
		e.Closed, e.Evidence = time.Time{}, c.Evidence
		e.Reopened++
		s.change(e, Reopened)
	case holds: // a new one opens
	case e.Closed.IsZero() && s.answered(e):
		e.Closed, e.Told = s.now, ToldOver
		s.change(e, Closed)
	case e.Closed.IsZero() && e.Kind.Silence() && !s.news(e).After(e.Since):
		// Nothing newer came, whatever else changed: it lasts.
	case e.Closed.IsZero():
		e.Closed = s.now
		if s.settled(e) {
			s.change(e, Closed, Recovered)
			return
		}
		s.change(e, Closed)
	case e.Told == ToldOpen && s.settled(e):
		s.change(e, Recovered)
	}
}

// news is when the newest data came of what an episode is about.
func (s *stepper) news(e Episode) (at time.Time) {
	for i := range s.facts.People {
		p := &s.facts.People[i]
		if e.Person != 0 && e.Person != p.ID {
			continue
		}
		if e.Type == "" {
			at = later(at, p.News)
		}
		for _, pair := range p.Pairs {
			if e.Type != "" && s.facts.Types[pair.Type].Key == e.Type {
				at = later(at, pair.News)
			}
		}
	}
	return at
}

// answered says whether an episode ended because somebody paused, left or
// withdrew the permission: no data came, and there is nothing to tell.
func (s *stepper) answered(e Episode) bool {
	if e.Kind != PersonSilent && e.Kind != PairStopped {
		return false
	}
	for i, p := range s.facts.People {
		if p.ID != e.Person {
			continue
		}
		state := s.found.People[i].State
		for j := range p.Pairs {
			if e.Kind == PairStopped && s.facts.Types[p.Pairs[j].Type].Key == e.Type {
				state = s.found.People[i].Pairs[j].State
			}
		}
		return state == Paused || state == Disconnected || state == NotShared || state == Unsupported
	}
	return true // the person is gone
}

// settled says whether an end may be told: after the grace, or, where it came
// back before, once it can come back no more.
func (s *stepper) settled(e Episode) bool {
	wait := s.grace
	if e.Kind.Silence() {
		wait = min(wait, restOfSync) // new data are proof; the rest of them is on its way
	}
	if e.Reopened > 0 {
		wait = max(wait, ReuseWithin)
	}
	return s.now.Sub(e.Closed) >= wait
}

func (s *stepper) goesOn(e Episode, c Condition) {
	wait := remindDaily
	if e.Reminders >= dailyFor {
		wait = remindWeekly
	}
	if e.Told == ToldOver {
		wait = ReuseWithin // it came back after it was called over
	}
	told := e.ToldAt
	if told.IsZero() {
		told = e.Opened
	}
	if c.Kind == Withdrawn && c.Evidence.Detail != e.Evidence.Detail {
		wait, e.Told = 0, ToldOver // more, or less, was taken back: that is news
	}
	if s.now.Sub(told) < wait || e.Told != ToldOver && (e.Kind == PersonLeft || e.Kind == Withdrawn) {
		return // those two are facts, not faults
	}
	e.Evidence = c.Evidence
	e.Reminders++
	s.change(e, Reminded)
}

func (s *stepper) open(c Condition) {
	e := Episode{Subject: c.Subject, Since: c.Since, Opened: s.now, Evidence: c.Evidence}
	if !c.Over.IsZero() {
		s.wasOff(e, c)
		return
	}
	s.change(e, Opened)
}

// usualOff is for how long being off again for about as long is no news: a
// machine that sleeps every night tells so once.
const usualOff = 72 * time.Hour

// wasOff tells of a time of being off, or only notes it.
func (s *stepper) wasOff(e Episode, c Condition) {
	e.Closed = c.Over
	before := s.off.Closed.Sub(s.off.Since)
	if s.off.ID != 0 && s.now.Sub(s.off.ToldAt) < usualOff && c.Over.Sub(c.Since) <= 2*before {
		e.Told, e.ToldAt = ToldOver, s.off.ToldAt
		s.change(e, Closed)
		return
	}
	s.change(e, Noticed)
}
