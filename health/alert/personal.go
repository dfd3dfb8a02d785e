package alert

import (
	"slices"
	"time"
)

// Key is what is known of a person's key for Garmin's Personal API.
type Key struct {
	// Stored is when it was entered, Ends when its last day is over; zero if unknown.
	Stored, Ends time.Time
	// Refused is when Garmin refused it; zero if it did not.
	Refused time.Time
	// Answered is when Garmin last answered a call; zero for never.
	Answered time.Time
	// Failing is since when every call has failed, and Fault is how the newest one did;
	// zero if that was answered.
	Failing time.Time
	Fault   string
}

// Pull is what the calls of the Personal API say about a silence.
type Pull string

// Whose side a silence is on. Without a key, it is empty.
const (
	// PullAsked means that Garmin answers and has nothing newer: the watch did not sync.
	PullAsked Pull = "asked"
	// PullRefused and PullEnded are about the person's key.
	PullRefused Pull = "key_refused"
	PullEnded   Pull = "key_ended"
	// PullErrors means that Garmin does not answer.
	PullErrors Pull = "errors"
	// PullNotAsked means that Garner did not ask.
	PullNotAsked Pull = "not_asked"
)

const (
	// keyEndsSoon is how long before its end a key is reported, keyReminders are when
	// again. A key that lives no longer than that is reported at the first reminder.
	keyEndsSoon = 30 * 24 * time.Hour
	// askedWithin is how long ago Garmin must have answered for its answer to be news.
	askedWithin = 3 * time.Hour
	// failingAfter is how long calls must fail before it is reported.
	failingAfter = 3 * time.Hour
)

var keyReminders = []time.Duration{7 * 24 * time.Hour, 24 * time.Hour}

// pull is what the person's calls say; empty without a key.
func (e *evaluation) pull(p *Person) Pull {
	k := p.Key
	switch {
	case k == nil:
		return ""
	case !k.Refused.IsZero() && !k.Ends.IsZero() && !k.Refused.Before(k.Ends):
		return PullEnded
	case !k.Refused.IsZero():
		return PullRefused
	case !k.Failing.IsZero():
		return PullErrors
	case e.Running.Between(later(k.Answered, k.Stored), e.Now) > askedWithin:
		return PullNotAsked
	}
	return PullAsked
}

// explained reports whether the silence of a person who comes by key alone follows from
// what is reported about keys.
func (e *evaluation) explained(p *Person) bool {
	switch e.pull(p) {
	case PullEnded, PullRefused:
		return p.byKey()
	case PullErrors:
		return p.byKey() && e.failing(p.Key)
	}
	return false
}

// keys reports keys that end or were refused, and that Garmin answers none of them.
func (e *evaluation) keys() {
	var failing Condition
	for i := range e.People {
		p := &e.People[i]
		if p.Key == nil {
			continue
		}
		e.key(p)
		if !p.Key.Refused.IsZero() {
			continue
		}
		failing.Evidence.Of++
		if e.failing(p.Key) {
			failing.Evidence.People++
			if since := p.Key.Failing; failing.Since.IsZero() || since.Before(failing.Since) {
				failing.Since, failing.Evidence.Detail = since, p.Key.Fault
			}
		}
	}
	if failing.Evidence.People > 0 && !e.Paused {
		failing.Kind = PullFailing
		e.add(failing)
	}
}

func (e *evaluation) key(p *Person) {
	k := p.Key
	ev := Evidence{Ends: k.Ends, Own: p.News, Detail: k.Fault}
	switch {
	case !k.Refused.IsZero():
		ev.Pull = e.pull(p)
		e.add(Condition{Subject: Subject{Kind: KeyRefused, Person: p.ID}, Since: k.Refused, Evidence: ev})
	case k.Ends.IsZero():
	case !e.Now.Before(k.soon()):
		ev.Detail = ""
		e.add(Condition{Subject: Subject{Kind: KeyExpiring, Person: p.ID}, Since: k.soon(), Evidence: ev})
	}
}

// soon is when the end of the key is reported.
func (k *Key) soon() time.Time {
	if at := k.Ends.Add(-keyEndsSoon); at.After(k.Stored.Add(24 * time.Hour)) {
		return at
	}
	return k.Ends.Add(-keyReminders[0])
}

// failing reports whether all calls with a key have failed for long.
func (e *evaluation) failing(k *Key) bool {
	return !k.Failing.IsZero() && e.Running.Between(k.Failing, e.Now) > failingAfter
}

// untilReminder is how long after a notification the next about a key that ends is due.
func untilReminder(ends, notified time.Time) time.Duration {
	for _, before := range keyReminders {
		if at := ends.Add(-before); at.After(notified) {
			return at.Sub(notified)
		}
	}
	return ends.Sub(notified) + remindWeekly // it has ended
}

// answered is when Garmin last answered a call with the person's key; zero without one.
func (p *Person) answered() time.Time {
	if p.Key == nil {
		return time.Time{}
	}
	return p.Key.Answered
}

// byKey reports whether a person's data come by key alone.
func (p *Person) byKey() bool { return p.Key != nil && !p.Pushed }

// allExplained reports whether for each person who is watched, a silence follows from what
// is reported about keys.
func (e *evaluation) allExplained() bool {
	return !slices.ContainsFunc(e.People, func(p Person) bool { return e.watched(&p) && !e.explained(&p) })
}

// pullOfAll is what the calls say about a silence of all; empty unless all data come by key.
func (e *evaluation) pullOfAll() (out Pull) {
	for i := range e.People {
		p := &e.People[i]
		if !e.watched(p) {
			continue
		}
		if !p.byKey() {
			return ""
		}
		if says := e.pull(p); out == "" || says != PullAsked {
			out = says
		}
	}
	return out
}
