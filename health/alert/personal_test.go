package alert_test

import (
	"slices"
	"testing"
	"time"

	"garner/health/alert"
)

var keyDay = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// byKey are the facts of one person who comes by key, with data and an answer an hour ago.
func byKey(now time.Time, change func(*alert.Person)) *alert.Facts {
	news := now.Add(-time.Hour)
	p := alert.Person{ID: 1, Name: "Ada", Since: keyDay.AddDate(0, -2, 0), News: news, Reach: news,
		Key: &alert.Key{Stored: keyDay.AddDate(0, -2, 0), Answered: news}}
	change(&p)
	p.Types = []alert.PersonType{{News: p.News, Reach: p.News}}
	ran := []alert.Span{{From: now.AddDate(0, -3, 0), To: now}}
	return &alert.Facts{Now: now, Until: now, Rules: alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		ObservableTime: alert.NewObservableTime(ran, nil, 0), Running: alert.NewObservableTime(ran, nil, 0),
		Types: []alert.Type{{Key: "dailies", Rhythmic: true}}, Open: map[alert.Subject]alert.Incident{},
		People: []alert.Person{p}, Arrivals: func(int64, time.Time) []int64 { return nil },
		Inside: alert.Inside{DiskFree: 1}}
}

func conditionOf(f *alert.Facts, kind alert.Kind) *alert.Condition {
	list := alert.Evaluate(f).Conditions
	if i := slices.IndexFunc(list, func(c alert.Condition) bool { return c.Kind == kind }); i >= 0 {
		return &list[i]
	}
	return nil
}

// One incident begins 30 days before a key ends; it reminds 7 days and 1 day before, and is
// over with a new key.
func TestTheEndOfAKeyIsOneIncidentWithTwoReminders(t *testing.T) {
	t.Parallel()
	ends := keyDay.AddDate(0, 0, 40)
	var book []alert.Incident
	type event struct {
		before int // days before the end
		what   alert.Event
	}
	var got []event
	for now := keyDay; now.Before(ends.AddDate(0, 0, 3)); now = now.Add(3 * time.Hour) {
		f := byKey(now, func(p *alert.Person) {
			if p.Key.Ends = ends; now.After(ends) {
				p.Key.Ends, p.Key.Stored = ends.AddDate(0, 0, 90), ends
			}
		})
		for i := range book {
			if book[i].Closed.IsZero() {
				f.Open[book[i].Subject] = book[i]
			}
		}
		for _, c := range alert.Step(book, alert.Evaluate(f), f) {
			if c.Incident.Kind != alert.KeyExpiring {
				t.Fatalf("%v at %s", c.Incident.Subject, now)
			}
			book = []alert.Incident{c.Incident}
			for _, what := range c.Events {
				if what.Notifies() {
					got = append(got, event{int(ends.Sub(now).Hours()+23) / 24, what})
				}
			}
		}
	}
	want := []event{{30, alert.Opened}, {7, alert.Reminded}, {1, alert.Reminded}, {0, alert.Recovered}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAKeyOfThirtyDaysIsNotReportedOnTheDayItIsEntered(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]bool{29: false, 8: false, 7: true, 1: true, -1: true} {
		now := keyDay
		f := byKey(now, func(p *alert.Person) {
			p.Key.Ends = now.AddDate(0, 0, days)
			p.Key.Stored = p.Key.Ends.AddDate(0, 0, -30)
		})
		if got := conditionOf(f, alert.KeyExpiring) != nil; got != want {
			t.Errorf("%d days before its end: %v", days, got)
		}
	}
}

// A silence of a person with a key says whose side it is on. What is reported about the key
// is not reported as a silence, too.
func TestASilenceSaysWhatTheCallsOfThePersonalAPITell(t *testing.T) {
	t.Parallel()
	now := keyDay
	long := now.Add(-60 * time.Hour)
	for name, c := range map[string]struct {
		change func(*alert.Person)
		silent bool
		says   alert.Pull
		also   alert.Kind
	}{
		"Garmin answers": {func(p *alert.Person) {}, true, alert.PullAsked, ""},
		"the key was refused": {func(p *alert.Person) { p.Key.Refused = long.Add(time.Hour) }, false, "",
			alert.KeyRefused},
		"the key was refused, and pushes came": {func(p *alert.Person) {
			p.Key.Refused, p.Pushed = long.Add(time.Hour), true
		}, true, alert.PullRefused, alert.KeyRefused},
		"the key has ended, and pushes came": {func(p *alert.Person) {
			p.Key.Ends = long
			p.Key.Refused, p.Pushed = long.Add(time.Hour), true
		}, true, alert.PullEnded, alert.KeyRefused},
		"Garmin fails": {func(p *alert.Person) { p.Key.Answered, p.Key.Failing = long, long.Add(time.Hour) }, false, "",
			alert.PullFailing},
		"Garmin has failed for an hour": {func(p *alert.Person) { p.Key.Failing = now.Add(-time.Hour) }, true, alert.PullErrors, ""},
		"Garner does not ask":           {func(p *alert.Person) { p.Key.Answered = long }, true, alert.PullNotAsked, ""},
	} {
		f := byKey(now, func(p *alert.Person) {
			p.News, p.Reach = long, long
			c.change(p)
		})
		got := conditionOf(f, alert.PersonSilent)
		if (got != nil) != c.silent || got != nil && got.Evidence.Pull != c.says {
			t.Errorf("%s: %+v", name, got)
		}
		for _, kind := range []alert.Kind{alert.KeyRefused, alert.PullFailing} {
			if (conditionOf(f, kind) != nil) != (kind == c.also) {
				t.Errorf("%s: %s: %v", name, kind, conditionOf(f, kind))
			}
		}
	}
}

// Garmin's faults count only while Garner ran, and once for all.
func TestGarminsFaultsAreOneIncidentAfterHours(t *testing.T) {
	t.Parallel()
	for hours, want := range map[int]bool{2: false, 4: true} {
		f := byKey(keyDay, func(p *alert.Person) {
			p.Key.Failing, p.Key.Fault = keyDay.Add(-time.Duration(hours)*time.Hour), "503"
		})
		other := f.People[0]
		other.ID, other.Key = 2, &alert.Key{Answered: keyDay}
		f.People = append(f.People, other)
		got := conditionOf(f, alert.PullFailing)
		if (got != nil) != want || want && (got.Evidence.People != 1 || got.Evidence.Of != 2 || got.Person != 0) {
			t.Errorf("%d hours: %+v", hours, got)
		}
		f.Running = alert.NewObservableTime([]alert.Span{{From: keyDay.Add(-time.Hour), To: keyDay}}, nil, 0)
		if got := conditionOf(f, alert.PullFailing); got != nil {
			t.Errorf("%d hours, off for most of them: %+v", hours, got)
		}
	}
}
