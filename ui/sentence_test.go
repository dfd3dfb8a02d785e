package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"garner/health/alert"
	"garner/query"
)

func TestTheSentenceSaysTheGravestAndLeadsThere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	n := NewNames(&query.Names{People: map[int64]query.PersonRef{1: {Name: "Ada", Slug: "ada"}},
		Types: map[string]query.TypeRef{"sleeps": {Key: "sleeps", Title: "Sleep"}}}, Page{Operates: true, Now: now})
	news := now.Add(-4 * time.Minute)
	full := &alert.Condition{Subject: alert.Subject{Kind: alert.DiskLow}}
	sleepOf := func(kind alert.Kind, person int64) []alert.Subject {
		return []alert.Subject{{Kind: kind, Person: person, Type: "sleeps"}}
	}
	for name, c := range map[string]struct {
		s      query.Status
		want   string
		status Status
		detail string // what the second sentence holds
		fix    string
	}{
		"a fault": {query.Status{People: 2, Fault: full, Overdue: []string{"Ada"}},
			"The disk is nearly full.", Down, "lost", "/alerts"},
		"no one": {query.Status{}, "No people yet.", NoData, "", "/people"},
		"one silent": {query.Status{People: 2, News: news, Overdue: []string{"Ada"}},
			"No data from Ada.", Late, "of others", "/alerts"},
		"all silent": {query.Status{People: 1, News: news, Overdue: []string{"Ada"}},
			"No data from Ada.", Late, "The newest data", "/alerts"},
		"rest paused": {query.Status{People: 2, Paused: 1, News: news, Overdue: []string{"Ada"}},
			"No data from Ada.", Late, "The newest data", "/alerts"},
		"five silent": {query.Status{People: 9, News: news, Overdue: []string{"A", "B", "C", "D", "E"}},
			"No data from A, B, C and 2 others.", Late, "of others", "/alerts"},
		"all wait": {query.Status{People: 1, Waiting: []string{"Ada"}},
			"Waiting for first data.", NoData, "next watch sync", ""},
		"one waits": {query.Status{People: 2, Waiting: []string{"Ada"}},
			"Everything is arriving; Ada is still waiting for first data.", OK, "", ""},
		"type stopped": {query.Status{People: 2, Stopped: sleepOf(alert.TypeStopped, 0)},
			"Sleep of everyone has stopped arriving.", Late, "", "/alerts"},
		"a type that is also measured asleep": {query.Status{People: 2, Stopped: sleepOf(alert.TypeStopped, 0),
			AlsoAsleep: []string{"Respiration asleep"}}, "Sleep of everyone has stopped arriving.", Late,
			"Respiration asleep comes with the sleep data and still arrives.", "/alerts"},
		"type of one": {query.Status{People: 2, Stopped: sleepOf(alert.PersonTypeStopped, 1)},
			"Sleep of Ada has stopped arriving.", Late, "", "/alerts"},
		"less of a type": {query.Status{People: 2, Collapsed: []string{"sleeps"}},
			"Much less Sleep is arriving than usual.", Late, "", "/alerts"},
		"two late": {query.Status{People: 2, Late: []string{"Ada", "Ben"}},
			"Everything is arriving; Ada and Ben are later than usual.", OK, "", ""},
		"all well": {query.Status{People: 2, News: news}, "Everything is arriving.", OK, Ago(news, now), ""},
	} {
		got := n.Summarise(&c.s, false)
		fix := ""
		if got.Fix != nil {
			fix = got.Fix.URL
		}
		if got.Sentence != c.want || got.Status != c.status || fix != c.fix || !strings.Contains(got.Detail, c.detail) ||
			(c.detail == "") != (got.Detail == "") {
			t.Errorf("%s: %+v leads to %q", name, got, fix)
		}
	}
	loading := n.Summarise(&query.Status{People: 2, Overdue: []string{"Ada"}, Fault: full}, true)
	if loading.Sentence != "The demo is loading its past." || loading.Status != NoData {
		t.Errorf("a demo that loads: %+v", loading)
	}
}

func TestHomeLeadsToDeliveriesThatWantALookWhereNothingGraverIsWrong(t *testing.T) {
	t.Parallel()
	n := NewNames(&query.Names{}, Page{Operates: true, Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)})
	home, two := &query.Home{Total: 2}, query.Backlog{Unsettled: 2}
	if v := n.Home(Page{}, home, &query.Status{People: 2}, two); v.Fix == nil || v.Fix.URL != "/inbox" {
		t.Errorf("all well: %+v", v.Summary)
	}
	if v := n.Home(Page{}, home, &query.Status{People: 2, Overdue: []string{"Ada"}}, two); v.Fix.URL != "/alerts" {
		t.Errorf("one silent: %+v", v.Summary)
	}
	if v := n.Home(Page{}, &query.Home{}, &query.Status{}, two); v.Fix != nil || v.Sentence != "No people yet." {
		t.Errorf("no people: %+v", v.Summary)
	}
}

// TestAMemberWhoSeesNoOneIsNotSentToPagesOfAdmins: they cannot add people.
func TestAMemberWhoSeesNoOneIsNotSentToPagesOfAdmins(t *testing.T) {
	t.Parallel()
	p := samplePage("Home", NavHome, nil)
	p.Account, p.Operates, p.People, p.Values = &AccountLink{Name: "ben"}, false, nil, nil
	n := NewNames(&query.Names{}, p)
	var coverage CoverageView
	n.Coverage(&coverage, &query.Shares{})
	for name, view := range map[string]templ.Component{
		"home":     Home(p, n.Home(p, &query.Home{}, &query.Status{}, query.Backlog{})),
		"sync":     Sync(p, SyncView{Summary: n.Summarise(&query.Status{}, false)}),
		"coverage": Coverage(p, coverage),
		"alerts":   Alerts(p, NewAlerts(&query.Alerts{}, nil, 0, p)),
	} {
		_, doc := render(t, view)
		if got := doc.Find("h1").Text(); !strings.Contains(got, "Nothing is shared with you yet.") {
			t.Errorf("%s says %q", name, got)
		}
		if doc.Find(`main a[href="/people"]`).Length() > 0 {
			t.Errorf("%s leads to a page of admins", name)
		}
	}
}
