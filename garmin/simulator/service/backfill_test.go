package service

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// ask requests history from some days ago until fewer days ago.
func (g *garmin) ask(token, path string, from, to int) response {
	g.t.Helper()
	return g.get(fmt.Sprintf("%sbackfill/%s?summaryStartTimeInSeconds=%d&summaryEndTimeInSeconds=%d", apiPath, path,
		start.AddDate(0, 0, -from).Unix(), start.AddDate(0, 0, -to).Unix()), token)
}

// records lists the elements of deliveries of a type.
func records(t *testing.T, all []simulator.Delivery, key string) (out []map[string]any) {
	t.Helper()
	for _, d := range all {
		var body map[string][]map[string]any
		if err := json.Unmarshal(d.Body, &body); err != nil {
			t.Fatal(err)
		}
		out = append(out, body[key]...)
	}
	return out
}

func everything() []string {
	return []string{HealthExport, ActivityExport, MCTExport, HistoricalExport}
}

func TestBackfillIsAnsweredByPushesOfTheWindow(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	token := g.Connect(0, everything()...).AccessToken
	g.expect(202, "a window", g.ask(token, "dailies", 20, 10))
	if early := g.deliver(); len(early) > 0 {
		t.Errorf("%d answers at once", len(early))
	}
	g.pass(10 * time.Minute)
	var dates []string
	for _, e := range records(t, g.deliver(), "dailies") {
		at := time.Unix(int64(e["startTimeInSeconds"].(float64)), 0)
		if at.Before(start.AddDate(0, 0, -20)) || !at.Before(start.AddDate(0, 0, -10)) {
			t.Errorf("a record begins at %v, outside", at)
		}
		dates = append(dates, e["calendarDate"].(string))
	}
	if !slices.Contains(dates, "2026-11-05") || len(dates) != 10 || len(slices.Compact(slices.Sorted(slices.Values(dates)))) != 10 {
		t.Errorf("the dates are %v", dates)
	}
}

func TestEveryTypeWithABackfillPathIsAnswered(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	token := g.Connect(0, everything()...).AccessToken
	for _, kind := range summaryTypes {
		days := 6
		if kind.key == "healthSnapshot" {
			days = 16 // they are rare
		}
		if kind.backfill != "" {
			g.expect(202, kind.key, g.ask(token, kind.backfill, days, 2))
		}
	}
	g.pass(10 * time.Minute)
	brought := map[string]bool{}
	for _, d := range g.deliver() {
		brought[d.Type] = true
	}
	brought["bloodPressures"] = true // Ada has no monitor
	for _, kind := range summaryTypes {
		if kind.backfill != "" && !brought[kind.key] {
			t.Errorf("%s brought nothing", kind.key)
		}
	}
}

func TestBackfillRefusesAsGarminDoes(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{Mode: map[string]string{"hrv": ModeOff}})
	token := g.Connect(0, HealthExport, HistoricalExport).AccessToken
	g.expect(401, "no token", g.ask("", "dailies", 9, 8))
	g.expect(404, "files", g.ask(token, "activityFiles", 9, 8))
	g.expect(400, "a type that is off", g.ask(token, "hrv", 9, 8))
	g.expect(400, "a range that ends first", g.ask(token, "dailies", 8, 9))
	g.expect(400, "91 days", g.ask(token, "dailies", 100, 9))
	g.expect(202, "90 days", g.ask(token, "dailies", 100, 10))
	g.expect(400, "31 days of activities", g.ask(token, "activities", 40, 9))
	g.expect(412, "activities that are not shared", g.ask(token, "activities", 9, 8))
	g.expect(403, "without historical data", g.ask(g.Connect(1, HealthExport).AccessToken, "dailies", 9, 8))
	old := g.ask(token, "dailies", 800, 790)
	g.expect(400, "more than two years ago", old)
	if !strings.Contains(old.body, "before min start time of 2024-11-22T09:00:00Z") {
		t.Error(old.body)
	}
}

func TestAnOverlappingRequestIsRefusedUntilReconnecting(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	token := g.Connect(0, everything()...).AccessToken
	g.expect(202, "the first", g.ask(token, "sleeps", 20, 10))
	again := g.ask(token, "sleeps", 11, 5)
	g.expect(409, "an overlap", again)
	if !strings.Contains(again.body, "2026-11-02T09:00:00Z") {
		t.Errorf("the earlier request is not named: %s", again.body)
	}
	g.expect(202, "a range beside it", g.ask(token, "sleeps", 10, 5))
	g.expect(202, "another type", g.ask(token, "dailies", 20, 10))
	g.expect(202, "after reconnecting", g.ask(g.Connect(0, everything()...).AccessToken, "sleeps", 20, 10))
}

func TestAnEvaluationKeyGets100DaysAMinuteAnd31DaysBack(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{Evaluation: true})
	token := g.Connect(0, everything()...).AccessToken
	g.expect(400, "32 days back", g.ask(token, "dailies", 32, 10))
	for _, path := range []string{"dailies", "epochs", "sleeps"} {
		g.expect(202, path, g.ask(token, path, 30, 0))
	}
	limited := g.ask(token, "hrv", 30, 0)
	g.expect(429, "day 120", limited)
	if limited.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After is %q", limited.Header.Get("Retry-After"))
	}
	g.pass(time.Minute)
	g.expect(202, "a minute later", g.ask(token, "hrv", 30, 0))
}

func TestNothingIsAnsweredAfterTheEndOfAConnection(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.expect(202, "a window", g.ask(g.Connect(0, everything()...).AccessToken, "dailies", 20, 10))
	g.Disconnect(0)
	g.pass(10 * time.Minute)
	if pushed := g.deliver(); len(pushed) != 1 || pushed[0].Type != "deregistrations" {
		t.Errorf("%d deliveries", len(pushed))
	}
}

func TestAdjoiningWindowsBringEachRecordOnce(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	from, to := start.AddDate(0, 0, -57), start.AddDate(0, 0, -55) // Ada is in Tokyo, Ben in Denver
	for person, key := range []string{"sleeps", "epochs"} {
		bring := func(window span) []map[string]any {
			return records(t, g.history(&pending{Delivery: g.delivery(person, key, start), history: &window}), key)
		}
		whole := bring(span{from, to})
		var parts []map[string]any
		for at := from; at.Before(to); at = at.Add(6 * time.Hour) {
			parts = append(parts, bring(span{at, at.Add(6 * time.Hour)})...)
		}
		if len(whole) < 2 || len(parts) != len(whole) {
			t.Errorf("%s: %d records in parts, %d as a whole", key, len(parts), len(whole))
		}
	}
}
