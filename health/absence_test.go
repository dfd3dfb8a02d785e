package health_test

import (
	"slices"
	"strings"
	"testing"

	"garner/health"
)

func TestWhyADayIsAbsentFollowsOneOrder(t *testing.T) {
	t.Parallel()
	const today = health.Day(100)
	e := health.Expectation{Today: today, First: 10, Last: 95, Rhythmic: true,
		Excuses: []health.Excuse{{From: 20, To: 30, Why: health.Paused}, {From: 40, To: 50, Why: health.Disconnected}}}
	never, whole := e, &health.DayRecord{Class: health.Final, End: 86400}
	never.First, never.Last = 1<<30, 0
	off, irregular, overdue := never, e, e
	off.Unsupported, irregular.Rhythmic, overdue.Overdue = true, false, true
	synced := e
	synced.Last = today
	for _, c := range []struct {
		what   string
		e      health.Expectation
		day    health.Day
		got    *health.DayRecord
		parked bool
		want   string
	}{
		{"whole", e, 60, whole, false, "present"},
		{"off the wrist", e, 60, &health.DayRecord{Class: health.OffWrist}, false, "off_body unworn"},
		{"tentative", e, 60, &health.DayRecord{Class: health.Tentative}, false, "tentative"},
		{"cut short", e, 60, &health.DayRecord{Class: health.Final, End: 40000}, false, "partial"},
		{"a flight east", e, 60, &health.DayRecord{Class: health.Final, End: 40000, NextStart: 40001}, false, "present"},
		{"short and yesterday's", e, 99, &health.DayRecord{Class: health.Final, End: 40000}, false, "present"},
		{"short, the newest and over", e, 95, &health.DayRecord{Class: health.Final, End: 81720}, false, "partial"},
		{"came in a pause", e, 25, whole, false, "present"},
		{"parked in a pause", e, 25, nil, true, "failed"},
		{"paused", e, 20, nil, false, "not_expected paused"},
		{"after the pause", e, 31, nil, false, "missing"},
		{"left", e, 50, nil, false, "not_expected disconnected"},
		{"before the first", e, 9, nil, false, "not_expected before_first"},
		{"tomorrow", e, 101, nil, false, "not_expected future"},
		{"today", e, 100, nil, false, "awaited"},
		{"yesterday", e, 99, nil, false, "awaited"},
		{"yesterday, overdue", overdue, 99, nil, false, "missing"},
		{"yesterday, though today came", synced, 99, nil, false, "missing"},
		{"the day before", e, 98, nil, false, "missing"},
		{"no rhythm", irregular, 60, nil, false, "not_expected as_it_comes"},
		{"nothing yet", never, 60, nil, false, "not_expected nothing_yet"},
		{"no sensor", off, 60, nil, false, "not_expected unsupported"},
	} {
		state := c.e.State(c.day, c.got, c.parked)
		if got := strings.Trim(state.Key()+" "+state.Why.Key(), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestHoursOffTheWristAreSoForEveryMeasure(t *testing.T) {
	t.Parallel()
	got := health.ExplainHoles([]health.Span{{From: 10, To: 50}, {From: 70, To: 120}},
		[]health.Span{{From: 20, To: 30, Word: "x"}, {From: 110, To: 130}},
		[]health.Span{{From: 0, To: 100}})
	want := []health.Span{{From: 10, To: 20, Word: "not measured"}, {From: 20, To: 30, Word: "off wrist"},
		{From: 30, To: 50, Word: "not measured"},
		{From: 70, To: 100, Word: "not measured"}, {From: 110, To: 120, Word: "off wrist"}}
	if !slices.Equal(got, want) { // from 100 to 110 nothing came
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestSharesAndGapsCountTheSameDays(t *testing.T) {
	t.Parallel()
	var states []health.DayState
	for _, a := range []health.Absence{health.NotExpected, health.Present, health.Missing, health.Missing, health.Failed,
		health.OffBody,
		health.Partial, health.Provisional, health.Awaited} {
		states = append(states, health.DayState{Absence: a})
	}
	var share health.Share
	if share.Add(states); share != (health.Share{Got: 4, Of: 7}) {
		t.Errorf("%+v", share)
	}
	want := []health.Gap{{From: 12, To: 13, Kind: health.Missing}, {From: 14, To: 14, Kind: health.Failed},
		{From: 16, To: 16, Kind: health.Partial}}
	if got := health.GapsOf(states, 10); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
