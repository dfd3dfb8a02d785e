package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/health"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/servertest"
	"garner/ui"
)

// queriesOf is how many statements each of some pages takes in a server of so many
// people, each with a day of data.
func queriesOf(t *testing.T, people int, paths ...string) map[string]int64 {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), nil)
	day := health.DayOf(time.Now().Unix(), 0)
	for i := range people {
		s.Add(fmt.Sprintf("Person %d", i), fmt.Sprintf("u%d", i+1))
	}
	for i := range people {
		for _, typ := range []string{"dailies", "sleeps", "stressDetails", "hrv", "activities", "activityDetails"} {
			s.Post("/garmin/"+servertest.Secret+"/"+typ, strings.NewReader(fmt.Sprintf(`{%q:[{"userId":"u%d",
				"summaryId":"x%d","activityId":%d,"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,
				"durationInSeconds":3600,"steps":7}]}`, typ, i+1, i, i, day, day.Midnight().Unix())))
		}
	}
	s.Run()
	queries := map[string]int64{}
	for _, path := range paths {
		before := s.Store.Queries()
		s.Page(path)
		queries[path] = s.Store.Queries() - before
	}
	return queries
}

func TestHomeAndPeopleTakeNoMoreQueriesForManyThanForFew(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	queries := map[int]map[string]int64{}
	for _, people := range []int{3, 12, 13, 30} {
		queries[people] = queriesOf(t, people, "/", "/people")
	}
	for _, c := range []struct {
		path      string
		few, many int
	}{{"/", 3, 12}, {"/", 13, 30}, {"/", 3, 30}, {"/people", 3, 30}} {
		few, many := queries[c.few][c.path], queries[c.many][c.path]
		cards := c.few <= ui.CompactAbove && c.many > ui.CompactAbove // they take more than lines
		if many > few || many < few && !cards {
			t.Errorf("%s takes %d queries for %d people and %d for %d", c.path, few, c.few, many, c.many)
		}
	}
}

// TestWhileADemoLoadsItsPastNoOneIsLate holds the watch, as a demo does until
// its past is loaded.
func TestWhileADemoLoadsItsPastNoOneIsLate(t *testing.T) {
	t.Parallel()
	var w *watch.Watch
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) {
		o.Demo = true
		w = o.Watch.(*watch.Watch)
	})
	s.Add("Ada", "u1")
	s.Push("dailies", `"calendarDate":"2026-05-01","startTimeInSeconds":1777586400,"startTimeOffsetInSeconds":7200,`+
		`"durationInSeconds":86400,"steps":1`)
	const sentence = "The demo is loading its past."
	for _, held := range []bool{true, false} {
		w.Hold(held)
		for _, path := range []string{"/", "/sync"} {
			if got := strings.Contains(s.Page(path), sentence); got != held {
				t.Errorf("held %v: %s says so: %v", held, path, got)
			}
		}
	}
}
