package pull

import (
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

const (
	// recentDays are asked for again and again: today and yesterday.
	recentDays = 2
	// settleDays is after how many days an answer does not change any more (Garmin
	// corrects days for about a week).
	settleDays = 9
	// thinFrom and thinTo are how many days old the samples are that Garmin is about to
	// drop (it does so after four to five months).
	thinFrom, thinTo = 120, 150
	// silence is how many days without anything end the history of an account.
	silence = 60
	// optionalReach is how far before a day with data an optional endpoint is asked for.
	optionalReach = 35
)

// Schedule is how often days are asked for that may change. Both are looked at in the
// person's time zone.
type Schedule struct {
	// Recent is for today and yesterday, Settle for the days of the last week.
	Recent, Settle cron.Schedule
}

// Ask is one call to be made.
type Ask struct {
	Endpoint *personal.Endpoint
	// From and To are the first and the last day; both zero if it is not asked for days.
	From, To health.Day
	// Activity is an activity's id, 0 for none.
	Activity int64
	// Day is the activity's day.
	Day health.Day
}

// book is what the planner knows of a person. It makes no calls.
type book struct {
	person   int64
	zone     *time.Location
	firstDay health.Day
	ledger   *ledger
	// asking are the items of calls that are under way.
	asking map[item]bool
	// blocked is until when an endpoint is not asked, since it fails.
	blocked map[string]time.Time
	streak  map[string]int // failed calls of an endpoint in a row
	hands   []*hand
	// round and settle are the person's beats of the schedules, and spread is how much
	// later than those they are.
	round, settle beat
	spread        time.Duration
	// wait is before when nothing is asked of the person, quiet before when nothing is due.
	wait, quiet time.Time

	key      db.PersonalKey
	bearer   personal.Bearer
	keyTries int // exchanges in a row that failed
	refused  int // calls in a row that Garmin refused a fresh bearer for
	// exchanged is when the key was last exchanged for a bearer; zero if not since the start.
	exchanged time.Time
	early     bool // that was soon after the exchange before
}

// newBook is made of what the ledger has. An answer from the future does not count: it was
// written before the clock was set back.
func newBook(k db.PersonalKey, rows []db.Pulled, now time.Time) *book {
	for i, row := range rows {
		if row.Asked.After(now.Add(clockSlack)) {
			rows[i] = db.Pulled{Person: row.Person, Endpoint: row.Endpoint, Item: row.Item, Day: row.Day}
		}
	}
	b := &book{person: k.Person, key: k, zone: time.UTC, firstDay: k.FirstDay, ledger: newLedger(rows),
		spread: spreadOf(k.UserID),
		asking: map[item]bool{}, blocked: map[string]time.Time{}, streak: map[string]int{}}
	if zone, err := time.LoadLocation(k.Zone); err == nil {
		b.zone = zone // of an unknown one, UTC is as good as any
	}
	for at, row := range b.ledger.open { // what has never been answered is perhaps not offered
		if row.State == db.PullFailed && !b.ledger.answered[at.endpoint] && row.Due.After(b.blocked[at.endpoint]) {
			b.blocked[at.endpoint] = row.Due
		}
	}
	return b
}

// drop forgets what was asked for by hand.
func (b *book) drop(h *hand) {
	b.hands = slices.DeleteFunc(b.hands, func(other *hand) bool { return other == h })
}

// planner finds the next call for a person, and when there is none, when to look again.
type planner struct {
	Schedule
	*book
	now   time.Time
	today health.Day
	next  time.Time // the earliest instant at which something is due
}

// plan returns what to ask next for a person. If nothing is due, at is when to look again.
func (s Schedule) plan(b *book, now time.Time, onlyByHand bool) (ask *Ask, at time.Time) {
	p := &planner{Schedule: s, book: b, now: now, today: dayIn(now, b.zone)}
	p.next = startOf(p.today+1, b.zone)
	b.round.at(s.Recent, now.In(b.zone), b.spread)
	b.settle.at(s.Settle, now.In(b.zone), b.spread)
	classes := []func() *Ask{p.profile, p.recent, p.byHand, p.thinning, p.settling, p.ranges, p.samples, p.activities,
		p.rest}
	if onlyByHand {
		classes = []func() *Ask{p.profile, p.byHand}
	}
	for _, class := range classes {
		if ask := class(); ask != nil {
			return ask, now
		}
	}
	return nil, p.next
}

// profile is asked first of all: it has the time zone.
func (p *planner) profile() *Ask {
	for _, e := range personal.Endpoints {
		if e.Asked && e.Shape == personal.Once && p.due(e, 0, p.today) {
			return &Ask{Endpoint: e}
		}
	}
	return nil
}

func (p *planner) recent() *Ask {
	ask := p.newest(p.today, p.today-recentDays+1, func(*personal.Endpoint) bool { return true })
	if ask == nil {
		return p.activity(p.today - recentDays)
	}
	if ask.Endpoint.MostDays > 1 { // the day before costs nothing
		ask.From = min(ask.From, max(p.today-recentDays+1, p.floor(ask.Endpoint)))
	}
	return ask
}

// thinning asks for samples that Garmin is about to drop, the oldest first.
func (p *planner) thinning() *Ask {
	for day := max(p.today-thinTo, p.firstDay); day <= p.today-thinFrom; day++ {
		for _, e := range personal.Endpoints {
			if e.Asked && e.Intraday && !p.shut(e) && p.dayDue(e, day) {
				return p.window(e, day+health.Day(max(e.MostDays, 1))-1, day)
			}
		}
	}
	return nil
}

func (p *planner) settling() *Ask {
	return p.newest(p.today-recentDays, p.today-settleDays+1, func(*personal.Endpoint) bool { return true })
}

func (p *planner) ranges() *Ask {
	return p.newest(p.today-settleDays, firstPossible, func(e *personal.Endpoint) bool { return e.Shape != personal.Day })
}

func (p *planner) samples() *Ask {
	return p.newest(p.today-settleDays, firstPossible, func(e *personal.Endpoint) bool { return e.Intraday })
}

func (p *planner) activities() *Ask { return p.activity(firstPossible) }

func (p *planner) rest() *Ask {
	return p.newest(p.today-settleDays, firstPossible, func(e *personal.Endpoint) bool { return !e.Intraday })
}

// newest is the newest of the days from one back to another that is due, of the first
// such endpoint.
func (p *planner) newest(from, to health.Day, of func(*personal.Endpoint) bool) *Ask {
	var best *personal.Endpoint
	var newest health.Day
	for _, e := range personal.Endpoints {
		if !e.Asked || !ofDays(e) || !of(e) || p.shut(e) {
			continue
		}
		lowest := max(to, p.floor(e), newest+1)
		for day := p.ledger.unsettled(e.Key, from); day >= lowest; day = p.ledger.unsettled(e.Key, day-1) {
			if p.dayDue(e, day) {
				best, newest = e, day
				break
			}
		}
	}
	if best == nil {
		return nil
	}
	return p.window(best, newest, max(to, p.floor(best)))
}

// window asks for a day and, in the same call, for those before it that are due too.
func (p *planner) window(e *personal.Endpoint, to, lowest health.Day) *Ask {
	lowest = max(lowest, to-health.Day(max(e.MostDays, 1))+1)
	for to > lowest && !p.dayDue(e, to) {
		to--
	}
	from := to
	for day := to - 1; day >= lowest; day-- {
		if p.dayDue(e, day) {
			from = day
		}
	}
	return &Ask{Endpoint: e, From: from, To: to}
}

// floor is the oldest day that is asked for of an endpoint.
func (p *planner) floor(e *personal.Endpoint) health.Day {
	floor := p.firstDay
	if floor == 0 {
		floor = p.oldestWorn() - silence
	}
	if e.Optional {
		oldest, any := p.ledger.oldest[e.Key]
		if !any {
			oldest = p.today
		}
		floor = max(floor, oldest-optionalReach)
	}
	return max(floor, firstPossible)
}

// wornKeys are the endpoints whose data show that the account was in use. Those of ranges
// walk back through its history.
var wornKeys = []string{"daySummaries", "steps", "sleeps", "activities", "daySummary"}

// oldestWorn is the oldest day with data; while there are none, the week's first.
func (p *planner) oldestWorn() health.Day {
	oldest := p.today - settleDays + 1
	for _, key := range wornKeys {
		if day, any := p.ledger.oldest[key]; any {
			oldest = min(oldest, day)
		}
	}
	return oldest
}

// begins is the first day of the account, where all that shows it was asked for; 0 if
// that is not known yet.
func (p *planner) begins() health.Day {
	oldest, seen := p.oldestWorn(), false
	for _, key := range wornKeys {
		e := personal.Lookup(key)
		if _, any := p.ledger.oldest[key]; any {
			seen = true
		}
		if e.Shape == personal.Day || !p.ledger.answered[key] && p.now.Before(p.blocked[key]) {
			continue
		}
		for day := p.today - settleDays; day >= max(oldest-silence, firstPossible); day-- {
			if !p.ledger.cell(key, day).final() {
				return 0
			}
		}
	}
	if !seen {
		return 0
	}
	return oldest
}

// activity is the newest activity since a day that is to be asked for.
func (p *planner) activity(since health.Day) *Ask {
	var best *Ask
	for at, row := range p.ledger.open {
		e := personal.Lookup(at.endpoint)
		if e == nil || !e.Asked || e.Shape != personal.Activity || row.Day < since || !p.due(e, at.id, row.Day) {
			continue
		}
		if best == nil || row.Day > best.Day || row.Day == best.Day && (at.id > best.Activity ||
			at.id == best.Activity && e.Key < best.Endpoint.Key) {
			best = &Ask{Endpoint: e, Activity: at.id, Day: row.Day}
		}
	}
	return best
}

// isFinal reports whether an answer at an instant is about a day that will not change any
// more.
func (b *book) isFinal(day health.Day, asked time.Time) bool {
	return !asked.Before(startOf(day+settleDays, b.zone))
}
