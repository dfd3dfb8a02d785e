package backfill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/client"
	"garner/health"
	"garner/health/history"
	"garner/jobs/jobstest"
)

// spanned is a range that Garmin accepted or refused as seen before, both ends included.
type spanned struct{ from, to int64 }

// stand is a Garmin with the rules of docs/connections.md, whose answers get lost.
type stand struct {
	chance   *rand.Rand
	limit    int64
	now      time.Time
	up       time.Duration
	calls    []spending
	accepted map[string][]spanned // by connection and type
	earliest map[int64]int64      // by connection
	trouble  int                  // percent
	over     int64                // the most days in a minute
}

type pass int64

func (pass) Sign(*http.Request) error { return nil }

func (g *stand) RequestBackfill(_ context.Context, cred client.Credential, t *garmin.Type, from, to time.Time) error {
	connection := int64(cred.(pass))
	trouble := g.chance.IntN(100)
	if trouble < g.trouble/4 {
		return &client.OpenError{Until: g.now.Add(30 * time.Second)}
	}
	g.count((to.Unix() - from.Unix() + 86400) / 86400)
	if from.Unix() < g.earliest[connection] {
		return &client.StatusError{Status: 400, Message: "start before min start time",
			Earliest: time.Unix(g.earliest[connection], 0)}
	}
	if trouble >= 100-g.trouble/4 {
		return &client.StatusError{Status: 429}
	}
	key, err := fmt.Sprint(connection, t.Key), error(nil)
	for _, a := range g.accepted[key] {
		if a.from <= to.Unix() && from.Unix() <= a.to {
			err = &client.StatusError{Status: 409}
		}
	}
	if trouble >= g.trouble/4 && trouble < g.trouble/2 {
		return errors.New("cut before Garmin took it")
	}
	if err == nil {
		g.accepted[key] = append(g.accepted[key], spanned{from.Unix(), to.Unix()})
	}
	if trouble >= g.trouble/2 && trouble < g.trouble*3/4 {
		return errors.New("cut after Garmin took it")
	}
	return err
}

// count adds a call, and notes the most days of any minute of real time.
func (g *stand) count(days int64) {
	g.calls = append(g.calls, spending{g.up, days})
	sum := int64(0)
	for i := len(g.calls) - 1; i >= 0 && g.up-g.calls[i].at < time.Minute; i-- {
		sum += g.calls[i].n
	}
	g.over = max(g.over, sum)
}

func (g *stand) Credential(_ context.Context, connection int64) (client.Credential, error) {
	return pass(connection), nil
}

func (g *stand) Refused(context.Context, int64) (bool, error) { return true, nil }

// appliance is a store with people, and what asks for their history.
type appliance struct {
	*jobstest.Box
	rt      *rapid.T
	garmin  *stand
	runner  *Runner
	planner *Planner
	people  []int64
	live    map[int64]int64 // connections by person
}

var everything = []string{"ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", history.Permission}

func newAppliance(t *testing.T, rt *rapid.T, people int) *appliance {
	a := &appliance{Box: jobstest.Open(t), rt: rt, live: map[int64]int64{}, garmin: &stand{limit: 100,
		// The draws of rapid favour small numbers: too much would happen.
		chance: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1)),
		now:    time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), accepted: map[string][]spanned{}, earliest: map[int64]int64{}}}
	a.Store.UseKeys(seal.File(filepath.Join(a.Dir, "keys")))
	a.start()
	for i := range people {
		p, err := a.Store.AddPerson(t.Context(), a.garmin.now, fmt.Sprint("p", i), "", "")
		if err != nil {
			t.Fatal(err)
		}
		a.people = append(a.people, p.ID)
		a.connect(p.ID)
	}
	return a
}

// start is what a new process begins with.
func (a *appliance) start() {
	log := slog.New(slog.DiscardHandler)
	a.runner = &Runner{Store: a.Store, Garmin: func() Garmin { return a.garmin }, Keeper: a.garmin, Log: log,
		DaysPerMinute: a.garmin.limit}
	a.planner = &Planner{Store: a.Store, Log: log, OnConnectDays: 45}
}

func (a *appliance) connect(person int64) {
	id, err := a.Store.AddConnection(a.T.Context(), a.garmin.now, person, fmt.Sprint("u", person), db.Tokens{}, everything)
	if err != nil {
		a.rt.Fatal(err)
	}
	a.live[person] = id
	a.garmin.earliest[id] = a.garmin.now.AddDate(0, 0, -31).Unix() + 12_345
}

// crash leaves a window as a process does that ends within a call.
func (a *appliance) crash() {
	due, err := a.Store.DueWindows(a.T.Context(), a.garmin.now)
	if err != nil {
		a.rt.Fatal(err)
	}
	if len(due) > 0 && due[0].State == db.WindowPlanned {
		w := due[0]
		days := daysOf(&w)
		if a.runner.budget != nil && a.runner.budget.wait(a.garmin.up, days) > 0 {
			return // it would not have called
		}
		if a.runner.budget == nil || a.garmin.up < a.runner.resume {
			return
		}
		a.must(a.Store.BeginWindow(a.T.Context(), a.garmin.now, w.ID, db.Spend{What: dayBudget, N: days}))
		typ, _ := garmin.Lookup(w.Type)
		_ = a.garmin.RequestBackfill(a.T.Context(), pass(w.Connection), typ, w.From, w.To.Add(-time.Second)) // lost
	}
	a.start()
}

func (a *appliance) must(err error) {
	if err != nil {
		a.rt.Fatal(err)
	}
}

// pass lets real time pass.
func (a *appliance) pass(d time.Duration) {
	a.garmin.up, a.garmin.now = a.garmin.up+d, a.garmin.now.Add(d)
}

// settle asks until nothing is open.
func (a *appliance) settle(disturb bool) {
	for range 10_000 * len(a.people) {
		open, err := a.Store.OpenWindows(a.T.Context())
		a.must(err)
		if len(open) == 0 {
			return
		}
		wait, err := a.runner.Step(a.T.Context(), a.garmin.now, a.garmin.up)
		a.must(err)
		if disturb {
			a.disturb()
		}
		if wait == poll { // nothing is due: the next is within the hour
			wait = time.Minute
		}
		a.pass(wait + time.Duration(a.garmin.chance.IntN(9))*time.Second)
	}
	a.rt.Fatal("windows stay open")
}

// disturb does what may happen at any time.
func (a *appliance) disturb() {
	switch a.garmin.chance.IntN(200) {
	case 0:
		a.crash()
	case 1:
		a.garmin.now = a.garmin.now.Add(3 * time.Hour)
	case 2:
		a.garmin.now = a.garmin.now.Add(-2 * time.Hour)
	case 3:
		a.connect(a.people[a.garmin.chance.IntN(len(a.people))])
		a.must(a.planner.Connected(a.T.Context(), a.garmin.now))
	}
}

func TestNoWindowIsLostOrAskedTwiceAndNoMinuteHasTooManyDays(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a year is calculated, by one goroutine; runs without -short")
	}
	people := 2
	if os.Getenv("GARNER_TEST_ALL") != "" {
		people = 40
	}
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; runs > 2 || people > 2 && runs > 1 {
			return // each run is a year with some hundred requests
		}
		a := newAppliance(t, rt, people)
		a.garmin.trouble = rapid.SampledFrom([]int{0, 20, 40}).Draw(rt, "percent")
		for range 6 {
			a.must(a.planner.Connected(t.Context(), a.garmin.now))
			a.must(a.planner.Plan(t.Context(), a.garmin.now))
			a.settle(true)
			a.pass(60 * 24 * time.Hour)
		}
		a.garmin.trouble = 0
		a.must(a.planner.Plan(t.Context(), a.garmin.now))
		a.settle(false)
		a.check()
	})
}

// check holds the ledger against what Garmin accepted.
func (a *appliance) check() {
	if a.garmin.over > a.garmin.limit {
		a.rt.Fatalf("%d days in a minute", a.garmin.over)
	}
	for _, person := range a.people {
		ledgers, err := a.Store.Ledgers(a.T.Context(), []int64{person}, time.Time{})
		a.must(err)
		for _, w := range ledgers[person].Windows {
			if w.State == db.WindowDuplicate {
				a.rt.Fatalf("%s from %v was accepted and asked again: %+v", w.Type, w.From, w)
			}
		}
		for _, t := range garmin.Types {
			if t.Backfill != "" {
				a.everyDay(ledgers[person], t)
			}
		}
	}
}

// everyDay wants each askable day of before a connection to be burnt.
func (a *appliance) everyDay(l *db.Ledger, t *garmin.Type) {
	id := l.Connection.ID
	began := health.DayOf(l.Connection.Began.Unix(), 0)
	first := health.DayOf(a.garmin.earliest[id], 0) + 1
	for day := max(first, began-45); day < began && day < health.DayOf(a.garmin.now.Unix(), 0)-9; day++ {
		burnt := false
		for _, w := range l.Windows {
			at := day.Midnight()
			burnt = burnt || w.Type == t.Key && w.Burnt() && !at.Before(w.From) && at.Before(w.To)
		}
		if !burnt {
			a.rt.Fatalf("%s of %v was never asked for", t.Key, day)
		}
	}
}
