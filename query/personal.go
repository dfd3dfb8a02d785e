package query

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// Key is a person's key for the Personal API, without the key.
type Key struct {
	// Refused is when Garmin refused it, and Fault what it said; zero if it works.
	Refused time.Time
	Fault   string
	// Stored is when it was entered, Since when the person's first one was.
	Stored, Since time.Time
	// LastDay is the last day on which it works, 0 if unknown, and Ends when that is over.
	LastDay health.Day
	Ends    time.Time
	// FirstDay is the first day of the account; 0 while it is unknown.
	FirstDay health.Day
	// Waits is until when no call is made, since Garmin said so; zero for none.
	Waits time.Time
}

// Call is one call of the Personal API.
type Call struct {
	ID int64
	// What is the title of what was asked for; Bearer means that it was a bearer, which the
	// key gives for a day.
	What   string
	Bearer bool
	// From and To are the days that were asked for; both 0 if it was about no days.
	From, To     health.Day
	Began, Ended time.Time // Ended is zero while it runs, or if its answer was lost
	Answer       CallAnswer
	Status       int
	Fault        string
	// Delivery is the stored answer; 0 for none.
	Delivery int64
}

// CallAnswer is how Garmin answered a call.
type CallAnswer string

// The answers. CallLost is of a call that had not ended when Garner stopped.
const (
	CallRunning CallAnswer = "running"
	CallData    CallAnswer = "data"
	CallNothing CallAnswer = "nothing"
	// CallEmpty is a record without values, as Garmin gives for a day without the watch.
	CallEmpty       CallAnswer = "empty"
	CallRefused     CallAnswer = "refused"
	CallTooMany     CallAnswer = "too many calls"
	CallUnavailable CallAnswer = "not available"
	CallLost        CallAnswer = "lost"
)

// Pull is how a person's data come by the Personal API.
type Pull struct {
	// Key is nil if the person has none, or has removed it.
	Key *Key
	// Data is how many days and activities brought data, Nothing for how many Garmin has
	// none, Failed how many failed last time and are asked again.
	Data, Nothing, Failed int
	Left                  Left
	// Thinned counts the days that were older than ThinnedAfter days when Garmin was asked:
	// it no longer has samples of the heart rate for them.
	Thinned int
	// Calls are the newest, the newest first.
	Calls []Call
}

const (
	// shownCalls is how many calls Pull has.
	shownCalls = 20
	// ThinnedAfter is after how many days Garmin drops samples within a day (Personal API:
	// observed after four to five months).
	ThinnedAfter = 135
	// callLasts is how long a call can run at most.
	callLasts = 10 * time.Minute
)

// KeyEnds is when a key's last day is over on the person's clock; zero if unknown.
func KeyEnds(k *db.PersonalKey) time.Time {
	if k.Ends == 0 {
		return time.Time{}
	}
	zone, err := time.LoadLocation(k.Zone)
	if err != nil {
		zone = time.UTC
	}
	next := (k.Ends + 1).Midnight()
	return time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, zone)
}

// Pull returns it for one person whom the viewer sees, or db.ErrNotFound. It is nil if the
// person never had a key. most is the number of calls per second.
func (q *Reader) Pull(ctx context.Context, person int64, most int) (*Pull, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	k, err := q.Store.PersonalKeyOf(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tallies, err := q.Store.PullTallies(ctx, []int64{person})
	if err != nil {
		return nil, err
	}
	calls, err := q.Store.PullCallsOf(ctx, person, shownCalls)
	if err != nil {
		return nil, err
	}
	out := &Pull{}
	for _, t := range tallies {
		switch t.State {
		case db.PullData:
			out.Data += t.Items
		case db.PullNothing, db.PullPlaceholder:
			out.Nothing += t.Items
		case db.PullFailed:
			out.Failed += t.Items
		}
	}
	for _, c := range calls {
		out.Calls = append(out.Calls, callOf(c, q.Now))
	}
	if k.State == db.KeyRemoved {
		return out, nil
	}
	out.Key = &Key{Refused: k.Refused, Fault: k.Fault, Stored: k.Stored, Since: k.Since, LastDay: k.Ends,
		Ends: KeyEnds(k), FirstDay: k.FirstDay}
	if k.Resume.After(q.Now) {
		out.Key.Waits = k.Resume
	}
	if out.Thinned, err = q.Store.PulledLate(ctx, person, "heartRate", ThinnedAfter); err != nil {
		return nil, err
	}
	keys, err := q.keysInUse(ctx)
	if err != nil {
		return nil, err
	}
	out.Left = leftOf(k.FirstDay, dayAt(q.Now, time.UTC), tallies, most, keys)
	return out, nil
}

// keysInUse is how many people share the calls.
func (q *Reader) keysInUse(ctx context.Context) (n int, err error) {
	keys, err := q.Store.PersonalKeys(ctx)
	for i := range keys {
		if keys[i].State == db.KeyInUse {
			n++
		}
	}
	return n, err
}

func callOf(c db.PullCall, now time.Time) Call {
	out := Call{ID: c.ID, What: c.Endpoint, Began: c.Began, Ended: c.Ended, Status: c.Status, Fault: c.Fault,
		Delivery: c.Delivery}
	if e := personal.Lookup(c.Endpoint); e != nil {
		out.What = e.Title
	}
	out.Bearer = c.Endpoint == personal.TokenCall
	if c.Days > 0 {
		out.From = health.Day(c.Item)
		out.To = out.From + health.Day(c.Days) - 1
	}
	switch {
	case c.Ended.IsZero() && now.Sub(c.Began) < callLasts:
		out.Answer = CallRunning
	case c.Ended.IsZero():
		out.Answer = CallLost
	case c.Status == 401 || c.Status == 403:
		out.Answer = CallRefused
	case c.Status == 429:
		out.Answer = CallTooMany
	default:
		out.Answer = callAnswers[c.State]
	}
	return out
}

var callAnswers = map[db.PulledState]CallAnswer{db.PullToAsk: CallNothing, db.PullNothing: CallNothing,
	db.PullPlaceholder: CallEmpty, db.PullData: CallData, db.PullFailed: CallUnavailable}

// HasKey reports whether there is a key, in use or refused.
func (p *Pull) HasKey() bool { return p != nil && p.Key != nil }

// InUse reports whether Garmin is asked with the key.
func (p *Pull) InUse() bool { return p.HasKey() && p.Key.Refused.IsZero() }
