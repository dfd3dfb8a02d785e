package query_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs/watch"
	"garner/query"
)

var update = flag.Bool("update", false, "rewrite query/testdata/*.golden")

// The simulated household lives for 40 days. The last week comes as its watches
// synced, with what keeps data away; the days before come once each.
const (
	householdDays = 40
	liveDays      = 7
	lookEvery     = 6 * time.Hour
)

// newHousehold is Ada, Ben and Mira on the evening of 2026-11-20. The watch over
// silence looks every six hours of the last week.
func newHousehold(t *testing.T) *home {
	t.Helper()
	h := newHome(t)
	until := h.q.Now
	w := simulator.New(simulator.Config{Seed: 1, People: 3, Days: householdDays, Until: until, Stories: true})
	for _, p := range w.People() {
		if _, err := h.Store.AddPerson(t.Context(), until.AddDate(0, 0, -householdDays), p.Name, p.UserID, p.Token); err != nil {
			t.Fatal(err)
		}
	}
	for back := householdDays - 1; back > liveDays; back-- {
		for person := range w.People() {
			for _, d := range w.Final(person, until.AddDate(0, 0, -back)) {
				h.arrive(d)
			}
		}
	}
	h.Run()
	look := until.AddDate(0, 0, -liveDays).Truncate(24 * time.Hour)
	for d := range w.Live(look, until) {
		for ; d.At.After(look); look = look.Add(lookEvery) {
			h.look(look)
		}
		h.arrive(d)
	}
	for ; !look.After(until); look = look.Add(lookEvery) {
		h.look(look)
	}
	return h
}

func (h *home) arrive(d simulator.Delivery) {
	h.T.Helper()
	a := db.Arrival{Received: d.At, Path: d.Type, Client: db.ClientRight}
	if d.Header.Get("Garmin-Client-Id") == "" {
		a.Client = db.ClientMissing
	}
	if _, err := h.Inbox.Put(h.T.Context(), a, d.Body); err != nil {
		h.T.Fatal(err)
	}
}

// look processes what has come, and lets the watch look on a box that was never off.
func (h *home) look(at time.Time) {
	h.T.Helper()
	h.Run()
	if err := h.Store.Grow(h.T.Context(), db.Up, at, lookEvery); err != nil {
		h.T.Fatal(err)
	}
	if err := h.q.Watch.(*watch.Watch).RunOnce(h.T.Context(), at); err != nil {
		h.T.Fatal(err)
	}
}

// golden compares an answer with the file of a name.
func golden(t *testing.T, name string, answer any, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	path, got := filepath.Join("testdata", name+".golden"), show(answer)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another answer; -update writes it, for a look at what changed\n%s", path, lineDiff(string(want), got))
	}
}

func TestTheAnswersAboutASimulatedHouseholdAreThoseThatWereChecked(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("other processors round some products of the simulator differently")
	}
	h := newHousehold(t)
	h.q.Inbox = h.Inbox.InboxReader
	ctx, q := t.Context(), h.q
	people, err := q.People(ctx)
	if err != nil || len(people) != 3 {
		t.Fatal(len(people), err)
	}
	ada, ben, mira := people[0], people[1], people[2]

	home, err := q.Home(ctx, query.HomeFilter{})
	golden(t, "home", home, err)
	day := func(name string, person *db.Person, date health.Day) {
		d, err := q.Day(ctx, person, date)
		golden(t, name, d, err)
	}
	day("day", ada, today-2)
	day("day_running", ada, today)
	day("day_clock_back", ben, today-19) // summer time ends in Denver
	day("day_unworn_night", mira, today-3)

	all, err := q.Household(ctx)
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := all.Matrix(ctx, query.StatusFilter{By: query.BySilence, Limit: 10})
	golden(t, "matrix", matrix, err)
	shares, err := all.Shares(ctx, query.ShareFilter{Limit: 10})
	golden(t, "shares", shares, err)
	calendar, err := all.Calendar(ctx, ben.ID, 2026)
	golden(t, "calendar", calendar, err)
	alerts, err := q.Alerts(ctx, 0)
	golden(t, "alerts", alerts, err)
	inbox, err := q.Deliveries(ctx, query.InboxFilter{Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i := range inbox.Failures { // these are of the clock of processing, not of arrival
		inbox.Failures[i].First, inbox.Failures[i].Last = time.Time{}, time.Time{}
	}
	golden(t, "inbox", inbox, err)
	table, err := q.Table(ctx, mira.ID, garmin.Dailies, query.TableRange{From: today - 8, To: today - 6, Limit: 2})
	golden(t, "table", table, err)
	metrics, err := metricsOf(ctx, h, ada.ID, today-2, today-1)
	golden(t, "metrics", metrics, err)
}

// metricsOf gathers what Metrics yields.
func metricsOf(ctx context.Context, h *home, person int64, from, to health.Day) (out []query.MetricsDay, err error) {
	for day, err := range h.q.Metrics(ctx, person, from, to) {
		if err != nil {
			return nil, err
		}
		out = append(out, day)
	}
	return out, nil
}
