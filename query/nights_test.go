package query_test

import (
	"errors"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/simulator"
	"garner/health"
	"garner/query"
)

// awkwardDays is how far back the flights, the night entered by hand and the nights without
// the watch reach.
const awkwardDays = 130

func TestDaySleepCalendarAndTrendsSayTheSameOfEveryNight(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	w := simulator.New(simulator.Config{Seed: 1, People: 3, Days: 400, Until: h.q.Now, Stories: true})
	for _, p := range w.People() {
		if _, err := h.Store.AddPerson(t.Context(), h.q.Now.AddDate(-1, 0, 0), p.Name, p.UserID, p.Token); err != nil {
			t.Fatal(err)
		}
	}
	for person := range w.People() {
		for back := awkwardDays; back > 0; back-- {
			if back > 40 && back < 105 {
				continue // nights like others
			}
			for _, d := range w.Final(person, h.q.Now.AddDate(0, 0, -back)) {
				if d.Type == "sleeps" || d.Type == "dailies" {
					h.arrive(d)
				}
			}
		}
	}
	if _, err := h.Store.AddPerson(t.Context(), h.q.Now.AddDate(-1, 0, 0), "Lo", "u9", ""); err != nil {
		t.Fatal(err)
	}
	h.push("sleeps", 9, today-9, -3600, 27000, `"validation":"ENHANCED_FINAL"`)
	h.push("sleeps", 9, today-5, -3600, 27000, `"validation":"OFF_WRIST"`)
	h.push("sleeps", 9, today, -3600, 27000, `"validation":"ENHANCED_TENTATIVE"`)
	h.look(h.q.Now)
	if _, err := h.Store.AddPerson(t.Context(), h.q.Now, "New", "u10", ""); err != nil { // the watch knows them not yet
		t.Fatal(err)
	}
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[health.DayState]int{}
	for _, p := range people {
		days := health.Day(awkwardDays)
		if p.Name == "New" || p.Name == "Lo" {
			days = 12
		}
		trend, err := h.q.Trends(t.Context(), p, []string{"sleep"}, today-days, today+1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range trend[0].Days {
			want := &trend[0].Days[i]
			date := want.Day
			if seen[want.State]++; want.State == (health.DayState{}) && date%10 != 0 {
				continue // like any other
			}
			night, err := h.q.Night(t.Context(), p, date)
			if err != nil {
				t.Fatal(err)
			}
			day, err := h.q.Day(t.Context(), p, date)
			if err != nil {
				t.Fatal(err)
			}
			if night.State != want.State || night.Main.Slept() != want.Has || day.Sleep.State != want.State {
				t.Errorf("%s, %s: %v %v on Sleep, %v on Day, %v %v in Trends", p.Name, date, night.State, night.Main.Slept(),
					day.Sleep.State, want.State, want.Has)
			}
		}
		wantLists(t, h, p, trend[0].Days[:days+1])
	}
	for _, state := range []health.DayState{{}, {Absence: health.Provisional}, {Absence: health.Missing},
		{Absence: health.Awaited}, {Absence: health.OffBody, Why: health.Unworn},
		{Absence: health.NotExpected, Why: health.Unsupported}, {Absence: health.NotExpected, Why: health.NothingYet},
		{Absence: health.NotExpected, Why: health.Future}} {
		if seen[state] == 0 {
			t.Errorf("no night is %v: %v", state, seen)
		}
	}
}

// wantLists wants the nights of weeks and of months to be those of Trends.
func wantLists(t *testing.T, h *home, p *db.Person, want []query.TrendDay) {
	t.Helper()
	at := func(d health.Day) *query.TrendDay { return &want[d-want[0].Day] }
	for to := today; to-28 >= want[0].Day; to -= 28 {
		nights, err := h.q.Nights(t.Context(), p, to)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range nights.List {
			if d := at(n.Date); n.State != d.State || (n.Slept() != nil) != d.Has {
				t.Errorf("%s, %s: %v in the weeks, %v in Trends", p.Name, n.Date, n.State, d.State)
			}
		}
	}
	for _, m := range []time.Month{time.September, time.October, time.November} {
		month, err := h.q.Month(t.Context(), p, query.FirstOfMonth(2026, m))
		if errors.Is(err, db.ErrNotFound) {
			continue // without data, there are no years
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range month.Days {
			if day := month.Days[i].Day; day < want[0].Day || day > today {
				continue
			}
			if d := &month.Days[i]; d.Sleep.State != at(d.Day).State || d.Sleep.Has != at(d.Day).Has {
				t.Errorf("%s, %s: %v in the month, %v in Trends", p.Name, d.Day, d.Sleep.State, at(d.Day).State)
			}
		}
	}
}
