package pull

import (
	"hash/fnv"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// leader is the endpoint whose answer for a day changes with each sync of a watch.
const leader = "daySummary"

// rhythm is how often a frequent endpoint is asked for today and yesterday.
type rhythm struct {
	// every is how long after an answer it is asked again at the earliest: in each round if
	// zero. found is the same once there are data.
	every, found time.Duration
	// led endpoints are asked once the leader's answer for the day has changed. Nothing
	// new is to be had before.
	led bool
}

// rhythms are those of the frequent endpoints. What the others have, these have too, or it
// changes seldom. What is entered by hand or by a scale does not change the leader's answer.
var rhythms = map[string]rhythm{
	leader:        {},
	"heartRate":   {led: true},
	"bodyBattery": {led: true},
	"activities":  {led: true},
	"sleep":       {led: true, found: 3 * time.Hour}, // a night changes little once it is there
	"hrv":         {led: true, found: 3 * time.Hour},
	"spo2":        {led: true, every: time.Hour}, // averages of hours
	"weights":     {every: time.Hour},
	"hydration":   {every: time.Hour},
}

const (
	// seldom is how often the other endpoints are asked for recent days, and the led ones
	// without a change.
	seldom = 6 * time.Hour
	// jitter is how much later than planned a person's rounds begin at most.
	jitter = 2 * time.Minute
	// mostWait is more than anything is postponed but activities: what is due later was
	// written before the clock was set back.
	mostWait = 10 * 24 * time.Hour
	// beatReach is how far back the last beat of a schedule is looked for.
	beatReach = 31 * 24 * time.Hour
)

// beat is the last instant of a schedule, and the one that is next.
type beat struct{ last, next time.Time }

// at brings it to an instant, whichever way the clock was set.
func (b *beat) at(s cron.Schedule, now time.Time, spread time.Duration) {
	if now.Before(b.last) || now.Sub(b.next) > beatReach {
		// Intervals count from midnight UTC: they are the same after each start.
		*b = beat{next: follow(s, now.Add(-beatReach).Truncate(24*time.Hour), spread)}
	}
	for !b.next.After(now) {
		b.last, b.next = b.next, follow(s, b.next.Add(-spread), spread)
	}
}

// follow is the next instant of a schedule, spread; far away if it has no more.
func follow(s cron.Schedule, after time.Time, spread time.Duration) time.Time {
	if next := s.Next(after); !next.IsZero() {
		return next.Add(spread)
	}
	return after.AddDate(100, 0, 0)
}

// after is the first instant from which an item is due that was answered at one.
func (b *beat) after(asked time.Time) time.Time {
	if asked.Before(b.last) {
		return b.last
	}
	return b.next
}

// spreadOf differs from person to person, wherever Garner runs: not all ask at once.
func spreadOf(userID string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(userID)) // never fails
	return time.Duration(h.Sum32()%uint32(jitter/time.Second)) * time.Second
}

// dayDue reports whether a day of an endpoint is to be asked now.
func (p *planner) dayDue(e *personal.Endpoint, day health.Day) bool {
	return day >= firstPossible && day <= p.today && !p.ledger.cell(e.Key, day).final() && p.due(e, int64(day), day)
}

// due reports whether an item that may change is to be asked now.
func (p *planner) due(e *personal.Endpoint, id int64, day health.Day) bool {
	if p.asking[item{e.Key, id}] || p.shut(e) {
		return false
	}
	row := p.ledger.open[item{e.Key, id}]
	at := row.Due
	if at.IsZero() && !row.Asked.IsZero() {
		at = p.again(e, row)
	}
	return !p.later(at)
}

// shut reports whether an endpoint is not asked at all for now, since it fails.
func (p *planner) shut(e *personal.Endpoint) bool { return p.later(p.blocked[e.Key]) }

// later reports whether an instant is to be waited for, and notes it.
func (p *planner) later(at time.Time) bool {
	if !at.After(p.now) || !at.Before(p.now.Add(mostWait)) {
		return false
	}
	if at.Before(p.next) {
		p.next = at
	}
	return true
}

// again is when an item is asked again that was answered.
func (p *planner) again(e *personal.Endpoint, row db.Pulled) time.Time {
	age := p.today - row.Day
	_, used := p.ledger.oldest[e.Key]
	switch {
	case e.Shape == personal.Once:
		return p.settle.after(row.Asked)
	case age >= settleDays:
		return p.now // once more, for good
	case age >= recentDays && e.Optional && !used:
		return startOf(row.Day+settleDays, p.zone)
	case age >= recentDays || e.Optional && !used:
		return p.settle.after(row.Asked)
	}
	r, frequent := rhythms[e.Key]
	if !frequent {
		return row.Asked.Add(seldom)
	}
	wait := r.every
	if row.State == db.PullData {
		wait = max(wait, r.found)
	}
	at := latest(p.round.after(row.Asked), row.Asked.Add(wait))
	switch {
	case r.led:
		at = latest(at, p.led(row.Day, row.Asked))
	case e.Key == leader && age > 0: // a sync changes today as well
		at = latest(at, p.led(p.today, row.Asked))
	}
	return at
}

// led is from when something new may be had that was answered at an instant, by what the
// leader says of a day.
func (p *planner) led(day health.Day, asked time.Time) time.Time {
	at := item{leader, int64(day)}
	row := p.ledger.open[at]
	switch {
	case row.Asked.IsZero() || row.Tries > 0 || p.now.Before(p.blocked[leader]):
		return asked // it says nothing
	case p.asking[at] || row.Asked.Before(p.round.last):
		return p.round.next // once this round's answer is there
	case !row.Kept.Before(asked):
		return asked
	}
	return asked.Add(seldom)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
