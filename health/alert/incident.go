package alert

import (
	"slices"
	"strings"
	"time"
)

// Incident is one silence or fault, from the moment it became one until it is
// over. There is at most one open for each Subject.
type Incident struct {
	ID int64
	Subject
	// Since is when it began, Opened when it was detected; Closed is zero while
	// it is open.
	Since, Opened, Closed time.Time
	Evidence              Evidence
	// Notified is the last notification, NotifiedAt its time; Reminders counts.
	Notified   NotifiedState
	NotifiedAt time.Time
	Reminders  int
	// Reopened counts how often it came back within ReuseWithin.
	Reopened int
}

// Began is the last news before the current silence: the first one, or the
// newest relapse.
func (e *Incident) Began() time.Time { return later(e.Since, e.Evidence.Relapsed) }

// Explains reports whether, while the incident lasts, no data of a person's type is
// expected, so that its days mean nothing for their habits. The zero Type means
// all types together.
func (e *Incident) Explains(person int64, typ *Type) bool {
	if e.Person != 0 && e.Person != person {
		return false
	}
	switch e.Kind {
	case NothingArrives, PersonSilent, WasOff:
		return true
	case TypeStopped, PersonTypeStopped:
		return e.Type == typ.Key
	}
	return e.excuses(typ)
}

func (e *Incident) excuses(typ *Type) bool {
	switch e.Kind {
	case PersonLeft:
		return true
	case Withdrawn:
		taken := strings.Split(e.Evidence.Detail, ", ")
		return typ.Permission != "" && slices.Contains(taken, PermissionWord(typ.Permission))
	}
	return false
}

// Span is how long the incident lasted, until now if it is open.
func (e *Incident) Span(now time.Time) Span {
	if e.Closed.IsZero() {
		return Span{e.Since, now}
	}
	return Span{e.Since, e.Closed}
}

// NotifiedState is what was last reported about an incident.
type NotifiedState uint8

// What can be reported.
const (
	NotNotified NotifiedState = iota
	NotifiedOpen
	NotifiedOver
)

const (
	// ReuseWithin is how soon after its end an incident is the same again.
	ReuseWithin = 6 * time.Hour
	// restOfSync is how long all of one sync may take to arrive.
	restOfSync = 10 * time.Minute
	// Reminders come daily for a week, then weekly.
	remindDaily  = 24 * time.Hour
	remindWeekly = 7 * 24 * time.Hour
	dailyFor     = 7
)

// Event is something that happens to an incident.
type Event string

// The events. Opened, Reminded, Relapsed, Recovered and Noticed send
// notifications.
const (
	Opened    Event = "opened"
	Reminded  Event = "reminded"
	Closed    Event = "closed"
	Recovered Event = "recovered"
	Reopened  Event = "reopened"
	Relapsed  Event = "relapsed" // after its recovery was sent
	Noticed   Event = "noticed"
)

// Notifies reports whether the admin is notified of an event.
func (e Event) Notifies() bool {
	return e == Opened || e == Reminded || e == Relapsed || e == Recovered || e == Noticed
}

// Change is the new state of an incident, and what happened to it.
type Change struct {
	Incident Incident
	Events   []Event
}

// Step updates the incidents with the result of one check. The book contains the
// open incidents and those that closed within ReuseWithin, or whose recovery was
// not yet sent; of WasOff those of the last OffSince. It returns those that changed.
func Step(book []Incident, found *Findings, f *Facts) []Change {
	s := stepper{now: f.Now, grace: f.Rules.Grace, answered: found.Acknowledged, by: map[Subject]Condition{}}
	for _, c := range found.Conditions {
		s.by[c.Subject] = c
	}
	for _, e := range book {
		if e.Kind == WasOff {
			s.off = append(s.off, e)
			continue
		}
		s.incident(e)
	}
	for _, c := range found.Conditions {
		if c.Kind == WasOff {
			s.wasOff(c)
		} else if _, fresh := s.by[c.Subject]; fresh {
			s.change(Incident{Subject: c.Subject, Since: c.Since, Opened: s.now, Evidence: c.Evidence}, Opened)
			delete(s.by, c.Subject)
		}
	}
	return s.out
}

type stepper struct {
	now      time.Time
	grace    time.Duration
	answered map[Subject]bool
	by       map[Subject]Condition // those without an incident in the book
	off      []Incident            // the known times of being off
	out      []Change
}

func (s *stepper) change(e Incident, events ...Event) {
	for _, ev := range events {
		switch ev {
		case Opened, Reminded, Relapsed:
			e.Notified, e.NotifiedAt = NotifiedOpen, s.now
		case Recovered, Noticed:
			e.Notified, e.NotifiedAt = NotifiedOver, s.now
		}
	}
	s.out = append(s.out, Change{e, events})
}

// incident updates one incident of the book.
func (s *stepper) incident(e Incident) {
	c, holds := s.by[e.Subject]
	switch {
	case holds && e.Closed.IsZero():
		delete(s.by, e.Subject)
		s.goesOn(e, c)
	case holds && s.now.Sub(e.Closed).Abs() < ReuseWithin:
		delete(s.by, e.Subject)
		e.Closed, e.Evidence = time.Time{}, c.Evidence
		if c.Since.After(e.Since) {
			e.Evidence.Relapsed = c.Since
		}
		e.Reopened++
		s.change(e, Reopened)
	case holds: // a new one opens
	case e.Closed.IsZero() && s.answered[e.Subject]:
		e.Closed, e.Notified = s.now, NotifiedOver
		s.change(e, Closed)
	case e.Closed.IsZero():
		e.Closed = s.now
		if s.settled(e) {
			s.change(e, Closed, Recovered)
			return
		}
		s.change(e, Closed)
	case e.Notified == NotifiedOpen && s.settled(e):
		s.change(e, Recovered)
	}
}

// settled reports whether an end may be reported: after the grace, or, if it came
// back before, once it can no longer reopen.
func (s *stepper) settled(e Incident) bool {
	wait := s.grace
	if e.Kind.Silence() {
		wait = min(wait, restOfSync) // new data proves it; the rest follows
	}
	if e.Reopened > 0 {
		wait = max(wait, ReuseWithin)
	}
	return s.now.Sub(e.Closed).Abs() >= wait // the clock may have been ahead
}

// goesOn sends a reminder about an open incident if one is due.
func (s *stepper) goesOn(e Incident, c Condition) {
	again, event := e.Notified == NotifiedOver, Reminded
	if c.Kind == Withdrawn && c.Evidence.Detail != e.Evidence.Detail {
		again = true // more or less is withdrawn: that is new
		e.NotifiedAt = time.Time{}
	}
	if again {
		event = Relapsed
	}
	if c.Muted || e.Kind.fact() && !again || s.now.Sub(e.NotifiedAt).Abs() < s.patience(e, c, again) {
		return
	}
	relapsed := later(e.Evidence.Relapsed, c.Evidence.Relapsed)
	e.Evidence = c.Evidence
	e.Evidence.Relapsed = relapsed
	e.Reminders++
	s.change(e, event)
}

// patience is the time between the last notification of an incident and the next.
// What ended and came back is reported as soon as it cannot be mere flapping: a
// silence after ReuseWithin, anything else after the grace.
func (s *stepper) patience(e Incident, c Condition, again bool) time.Duration {
	switch {
	case e.Kind == KeyExpiring && !again:
		return untilReminder(c.Evidence.Ends, e.NotifiedAt)
	case again && e.Kind.Silence():
		return ReuseWithin
	case again:
		return s.grace
	case e.Reminders >= dailyFor:
		return remindWeekly
	}
	return remindDaily
}

// usualOff is how long being off again for about the same time is not reported: a
// machine that sleeps every night reports it once.
const usualOff = 72 * time.Hour

// wasOff reports a new time of being off, or only records it.
func (s *stepper) wasOff(c Condition) {
	e := Incident{
		Subject:  c.Subject,
		Since:    c.Since,
		Opened:   s.now,
		Closed:   c.Over,
		Evidence: c.Evidence,
		Notified: NotifiedOver,
	}
	event := Noticed
	for _, o := range s.off {
		if o.Since.Before(c.Over) && o.Closed.After(c.Since) {
			return
		}
		if o.notified() && s.now.Sub(o.NotifiedAt).Abs() < usualOff && c.Over.Sub(c.Since) <= 2*o.Closed.Sub(o.Since) {
			event = Closed
		}
	}
	s.change(e, event)
	s.off = append(s.off, s.out[len(s.out)-1].Incident)
}

// notified reports whether a notification about an incident was ever sent.
func (e *Incident) notified() bool { return !e.NotifiedAt.IsZero() }
