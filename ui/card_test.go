package ui

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/query"
)

const cardToday = health.Day(20777) // Fri 20 Nov 2026

func cardOf(change func(*query.Card)) PersonCard {
	c := &query.Card{Latest: query.Latest{Person: &db.Person{Name: "Ada", Slug: "ada", Units: health.Units(Metric)}, Came: true,
		State: &query.PersonState{State: alert.OnTime}, Day: cardToday, Today: cardToday}}
	change(c)
	return newCard(Page{Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)}, c)
}

func TestOnlyAValueOfAnotherDayCarriesItsDate(t *testing.T) {
	t.Parallel()
	for day, want := range map[health.Day]Vital{cardToday: {}, cardToday - 1: {Age: "of Thu 19 Nov", Old: true}} {
		want.Value = Val(50, health.Millisecond, 0)
		got := cardOf(func(c *query.Card) { c.HRV = query.Newest{Value: 50, OK: true, Day: day} }).HRV
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", day, got, want)
		}
	}
	today := query.Newest{Value: 1234, OK: true, Day: cardToday}
	c := cardOf(func(c *query.Card) { c.Steps, c.RestingHR = today, today })
	for _, v := range []Vital{c.Steps, c.RestingHR} {
		if v.Age != "so far today" || v.Old {
			t.Errorf("a value of a day that is not over: %+v", v)
		}
	}
	none := cardOf(func(c *query.Card) { c.Steps.Why = health.DayState{Absence: health.Missing} }).Steps
	if want := (Vital{Why: health.DayState{Absence: health.Missing}}); none != want {
		t.Errorf("without a value: %+v, want %+v", none, want)
	}
}

func TestHRVIsComparedWithTheUsualRange(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]Vital{
		39: {Note: "below your usual 40" + dash + "50", Status: Late}, 40: {Note: "in your usual 40" + dash + "50", Status: OK},
		50: {Note: "in your usual 40" + dash + "50", Status: OK}, 51: {Note: "above your usual 40" + dash + "50", Status: OK},
	} {
		want.Value, want.Low, want.High = Val(x, health.Millisecond, 0), 40, 50
		got := cardOf(func(c *query.Card) {
			c.HRV, c.HRVBand = query.Newest{Value: x, OK: true, Day: cardToday}, &health.Band{Low: 40, High: 50}
		}).HRV
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

func TestTheStripOfACardEndsToday(t *testing.T) {
	t.Parallel()
	days := make([]health.Delivered, 14)
	days[13].Share = health.Share{Got: 3, Of: 4}
	strip := cardOf(func(c *query.Card) { c.Strip = days }).Strip
	if first, last := strip[0], strip[13]; first.Date != "2026-11-07" || last.Date != "2026-11-20" ||
		last.Href != "/p/ada/day/2026-11-20" || last.Share != 0.75 || last.Came != "3 of 4 types complete" {
		t.Errorf("%+v to %+v", first, last)
	}
}

func TestACardShowsHowDataArrives(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	for want, state := range map[string]query.PersonState{
		"":                        {State: alert.OnTime},
		"no data for 3 days":      {State: alert.Overdue, News: now.AddDate(0, 0, -3)},
		"paused until Sat 21 Nov": {State: alert.Paused, PausedUntil: now.AddDate(0, 0, 1)},
		SyncDisconnected.Word():   {State: alert.Disconnected},
	} {
		if got := cardOf(func(c *query.Card) { c.State = &state }).Note; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := cardOf(func(c *query.Card) { c.Came = false }).Note; got != "Nothing has arrived yet. "+
		"The first data usually arrives after the next watch sync." {
		t.Errorf("before the first data: %q", got)
	}
}

func TestANightWithoutStagesIsOneBlock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 19, 23, 0, 0, 0, time.UTC)
	night := query.Night{Day: cardToday, Start: start, End: start.Add(8 * time.Hour)}
	got := cardOf(func(c *query.Card) { c.Night = &night }).Night
	if len(got.Stages) != 1 || got.Stages[0].Class != "asleep" || got.staged() {
		t.Errorf("%+v", got.Stages)
	}
	half := start.Add(4 * time.Hour).UnixMilli()
	night.Levels = []health.Span{{Word: "deep", From: start.UnixMilli(), To: half},
		{Word: "rem", From: half, To: night.End.UnixMilli()}}
	got = cardOf(func(c *query.Card) { c.Night = &night }).Night
	if len(got.Stages) != 2 || got.Stages[0].Class != "deep" || got.Stages[1].From != half {
		t.Errorf("%+v", got.Stages)
	}
}

// TestAnOlderNightIsCalledByItsDateBesideWhyThereIsNoLast: one statement, not "last night" above a
// night that is not the last.
func TestAnOlderNightIsCalledByItsDateBesideWhyThereIsNoLast(t *testing.T) {
	t.Parallel()
	for old, want := range map[health.Day]string{
		0: "Last night 7 h", 3: "Night to " + ShortDate(sampleDay-3) + " last night – not yet 7 h"} {
		home := sampleHome()
		c := &home.Cards[0]
		night := *c.Night
		night.Day, night.Asleep = sampleDay-old, 7*time.Hour
		c.Night, c.Today, c.NightWhy = &night, sampleDay, health.DayState{Absence: health.Awaited}
		_, doc := render(t, Home(samplePage("Home", NavHome, nil), home))
		part := doc.Find(".card .night").First()
		got := strings.Join(strings.Fields(part.Find(".what").Text()+" "+part.Find(".big").Text()), " ")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%d days old: %q, want %q", old, got, want)
		}
	}
}
