package pull

import (
	"fmt"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// morning is 10:05 UTC on 2026-11-20, and friday that day.
var morning = time.Date(2026, 11, 20, 10, 5, 0, 0, time.UTC)

const friday health.Day = 20_777

// planned is a book whose ledger has an answer for each day since the account began, 200
// days ago: final for the old ones.
type planned struct {
	*book
	Schedule
}

func newPlanned(t *testing.T) *planned {
	t.Helper()
	settle, err := cron.ParseStandard("0 4 * * *")
	if err != nil {
		t.Fatal(err)
	}
	recent, err := cron.ParseStandard("*/20 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	b := newBook(db.PersonalKey{Person: 1, Zone: "UTC", FirstDay: friday - 199}, nil, morning)
	b.spread = 0
	for _, e := range personal.Endpoints {
		switch {
		case !e.Asked || e.Shape == personal.Activity:
		case e.Shape == personal.Once:
			b.ledger.put(db.Pulled{Endpoint: e.Key, Day: friday, State: db.PullData, Asked: morning})
		default:
			for day := friday - 199; day <= friday; day++ {
				row := db.Pulled{Endpoint: e.Key, Item: int64(day), Day: day, State: db.PullData, Asked: morning, Kept: morning,
					Final: day <= friday-settleDays}
				if e.Optional {
					row.State = db.PullNothing
				}
				b.ledger.put(row)
			}
		}
	}
	return &planned{b, Schedule{recent, settle}}
}

// forget makes a day of an endpoint one that was never asked for.
func (p *planned) forget(endpoint string, day health.Day) {
	p.ledger.put(db.Pulled{Endpoint: endpoint, Item: int64(day), Day: day})
}

// next is what is asked next at an instant, by how many days ago.
func (p *planned) next(at time.Time, onlyByHand bool) string {
	ask, _ := p.plan(p.book, at, onlyByHand)
	switch {
	case ask == nil:
		return "nothing"
	case !ofDays(ask.Endpoint):
		return ask.Endpoint.Key
	}
	return fmt.Sprintf("%s %d-%d", ask.Endpoint.Key, dayIn(at, p.zone)-ask.From, dayIn(at, p.zone)-ask.To)
}

func TestWhatIsAskedNext(t *testing.T) {
	t.Parallel()
	later := morning.Add(20 * time.Minute) // the next round
	for name, c := range map[string]struct {
		change     func(p *planned)
		at         time.Time
		onlyByHand bool
		want       string
	}{
		"nothing within a round":             {func(*planned) {}, morning.Add(time.Minute), false, "nothing"},
		"the summary of today in each round": {func(*planned) {}, later, false, "daySummary 0-0"},
		"nothing more while it is asked": {func(p *planned) {
			p.asking[item{leader, int64(friday)}] = true
		}, later, false, "nothing"},
		"what it leads once it has changed": {func(p *planned) {
			p.ledger.put(db.Pulled{Endpoint: leader, Item: int64(friday), Day: friday, State: db.PullData, Asked: later,
				Kept: later})
		}, later.Add(time.Second), false, "heartRate 0-0"},
		"yesterday's summary as well once it has changed": {func(p *planned) {
			for _, key := range []string{leader, "heartRate", "bodyBattery", "activities"} {
				p.ledger.put(db.Pulled{Endpoint: key, Item: int64(friday), Day: friday, State: db.PullData, Asked: later, Kept: later})
			}
		}, later.Add(time.Second), false, "daySummary 1-1"},
		"nothing more while it has not": {func(p *planned) {
			p.ledger.put(db.Pulled{Endpoint: leader, Item: int64(friday), Day: friday, State: db.PullData, Asked: later,
				Kept: morning.Add(-time.Second)})
		}, later.Add(time.Second), false, "nothing"},
		"all in its own time while the summary fails": {func(p *planned) {
			p.ledger.put(db.Pulled{Endpoint: leader, Item: int64(friday), Day: friday, State: db.PullData, Asked: morning,
				Tries: 2, Due: later.Add(time.Hour)})
		}, later, false, "heartRate 0-0"},
		"what is about to be dropped before newer days": {func(p *planned) {
			p.forget("heartRate", friday-60)
			p.forget("heartRate", friday-140)
		}, morning.Add(time.Minute), false, "heartRate 140-140"},
		"ranges before samples": {func(p *planned) {
			p.forget("hrvs", friday-100)
			p.forget("heartRate", friday-60)
		}, morning.Add(time.Minute), false, "hrvs 100-100"},
		"newer days first": {func(p *planned) {
			p.forget("sleep", friday-100)
			p.forget("sleep", friday-60)
		}, morning.Add(time.Minute), false, "sleep 60-60"},
		"nothing before the first day of the account": {func(p *planned) {
			p.forget("sleep", friday-250)
		}, morning.Add(time.Minute), false, "nothing"},
		"nothing of an endpoint that is not offered": {func(p *planned) {
			p.forget("sleep", friday-60)
			p.blocked["sleep"] = morning.Add(time.Hour)
		}, morning.Add(time.Minute), false, "nothing"},
		"optional endpoints not for old days without data since": {func(p *planned) {
			p.forget("food", friday-100)
		}, morning.Add(time.Minute), false, "nothing"},
		"optional endpoints a month before days with data": {func(p *planned) {
			p.ledger.put(db.Pulled{Endpoint: "food", Item: int64(friday - 80), Day: friday - 80, State: db.PullData,
				Asked: morning, Final: true})
			p.forget("food", friday-100)
		}, morning.Add(time.Minute), false, "food 100-100"},
		"the profile once a day": {func(*planned) {}, morning.Add(18 * time.Hour), false, "settings"},
		"today begins by the person's clock": {func(p *planned) {
			p.zone = time.FixedZone("", 14*3600) // where it is 00:06 on Saturday
		}, morning.Add(time.Minute), false, "daySummary 0-0"},
		"by hand nothing that is final": {func(p *planned) {
			p.hands = []*hand{{PullWish: db.PullWish{From: friday - 60, To: friday - 50}, done: map[item]bool{{"settings", 0}: true,
				{"heartRateZones", 0}: true}}}
		}, morning.Add(time.Minute), true, "nothing"},
		"by hand again what is final": {func(p *planned) {
			p.hands = []*hand{{PullWish: db.PullWish{From: friday - 60, To: friday - 50, Again: true},
				done: map[item]bool{{"settings", 0}: true, {"heartRateZones", 0}: true}}}
		}, morning.Add(time.Minute), true, "daySummary 50-50"},
		"by hand before the first day": {func(p *planned) {
			p.hands = []*hand{{PullWish: db.PullWish{From: friday - 300, To: friday - 290},
				done: map[item]bool{{"settings", 0}: true, {"heartRateZones", 0}: true}}}
		}, morning.Add(time.Minute), true, "daySummary 290-290"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlanned(t)
			c.change(p)
			if got := p.next(c.at, c.onlyByHand); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
