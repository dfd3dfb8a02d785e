package pull_test

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/db/seal"
	"garner/garmin/personal"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
	"garner/jobs/jobstest"
	"garner/jobs/pull"
)

// noon is when the tests begin.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// box is a Runner beside a simulated Garmin, in simulated time.
type box struct {
	*jobstest.Box
	garmin *service.Service
	origin string
	runner *pull.Runner
	people []*db.Person
	now    time.Time
	up     time.Duration
	clock  atomic.Int64 // now, for the service
}

// open makes a box with the keys of some people, whose accounts have a number of days
// before noon.
func open(t *testing.T, people, days int) *box {
	t.Helper()
	b := &box{Box: jobstest.Open(t), now: noon.Add(3 * time.Minute)} // after the round at noon, for each person
	b.clock.Store(b.now.UnixMilli())
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	world := simulator.New(simulator.Config{Seed: 1, People: people, Days: days, Until: noon})
	b.garmin = service.New(world, service.Config{Now: func() time.Time { return time.UnixMilli(b.clock.Load()) }})
	srv := httptest.NewServer(b.garmin)
	t.Cleanup(srv.Close)
	b.origin = srv.URL
	for i := range people {
		name := world.People()[i].Name
		p, err := b.Store.AddPerson(t.Context(), noon, name, "", "")
		if err != nil {
			t.Fatal(err)
		}
		b.people = append(b.people, p)
		b.key(i, b.garmin.MakeKey(i, noon.AddDate(1, 0, 0)))
	}
	b.restart()
	return b
}

// key stores a person's key.
func (b *box) key(person int, key string) {
	b.T.Helper()
	if _, err := b.Store.SetPersonalKey(b.T.Context(), b.now, b.people[person].ID, key, 0); err != nil {
		b.T.Fatal(err)
	}
}

// restart makes a new Runner, as after a kill.
func (b *box) restart() {
	b.T.Helper()
	settle, err := cron.ParseStandard("0 4 * * *")
	if err != nil {
		b.T.Fatal(err)
	}
	b.runner = &pull.Runner{Store: b.Store, Inbox: b.Inbox, Garmin: patient{b}, Source: health.Personal,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), PerSecond: 2, Parallel: 2,
		Schedule: pull.Schedule{Recent: cron.Every(20 * time.Minute), Settle: settle}}
}

// patient calls with a new client each time: the breaker of one counts in real time.
type patient struct{ b *box }

func (p patient) client() (*personal.Client, error) {
	return personal.New(p.b.origin, personal.Limits{PerSecond: 1_000_000, Parallel: 100},
		slog.New(slog.NewTextHandler(io.Discard, nil)))
}

func (p patient) Exchange(ctx context.Context, key string) (personal.Bearer, error) {
	c, err := p.client()
	if err != nil {
		return personal.Bearer{}, err
	}
	return c.Exchange(ctx, key)
}

func (p patient) Get(ctx context.Context, bearer personal.Bearer, r personal.Request) (personal.Reply, error) {
	c, err := p.client()
	if err != nil {
		return personal.Reply{}, err
	}
	return c.Get(ctx, bearer, r)
}

// run steps through some time.
func (b *box) run(d time.Duration) {
	b.T.Helper()
	for end := b.now.Add(d); b.now.Before(end); {
		b.clock.Store(b.now.UnixMilli())
		wait, err := b.runner.Step(b.T.Context(), b.now, b.up)
		if err != nil {
			b.T.Fatal(err)
		}
		if wait = max(wait, time.Millisecond); b.now.Add(wait).After(end) {
			wait = end.Sub(b.now)
		}
		b.now, b.up = b.now.Add(wait), b.up+wait
	}
}

// targets are the calls of a person so far, without exchanges of keys.
func (b *box) targets(person int) (list []string) {
	for _, c := range b.garmin.PersonalCalls() {
		if c.Person == person && c.Target != service.PersonalTokenPath {
			list = append(list, c.Target)
		}
	}
	return list
}

// exchanges is how many calls exchanged a key.
func (b *box) exchanges() (n int) {
	for _, c := range b.garmin.PersonalCalls() {
		if strings.HasPrefix(c.Target, service.PersonalTokenPath) {
			n++
		}
	}
	return n
}

// ledger is what is known of a person, by endpoint and item.
func (b *box) ledger(person int) map[string]map[int64]db.Pulled {
	b.T.Helper()
	rows, err := b.Store.PulledOf(b.T.Context(), b.people[person].ID, 0, 1<<30)
	if err != nil {
		b.T.Fatal(err)
	}
	out := map[string]map[int64]db.Pulled{}
	for _, row := range rows {
		if out[row.Endpoint] == nil {
			out[row.Endpoint] = map[int64]db.Pulled{}
		}
		out[row.Endpoint][row.Item] = row
	}
	return out
}

func (b *box) keyOf(person int) *db.PersonalKey {
	b.T.Helper()
	k, err := b.Store.PersonalKeyOf(b.T.Context(), b.people[person].ID)
	if err != nil {
		b.T.Fatal(err)
	}
	return k
}

// index is where a part of a target first is among calls, -1 for nowhere.
func index(calls []string, part string) int {
	return slices.IndexFunc(calls, func(c string) bool { return strings.Contains(c, part) })
}
