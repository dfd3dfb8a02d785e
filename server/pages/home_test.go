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

// queriesOf is how many statements a page takes in a fresh server of so many
// people, each with a day of data.
func queriesOf(t *testing.T, path string, people int) int64 {
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
	before := s.Store.Queries()
	s.Page(path)
	return s.Store.Queries() - before
}

func TestHomeAndPeopleTakeNoMoreQueriesForManyThanForFew(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	cards, fullCards := queriesOf(t, "/", 3), queriesOf(t, "/", ui.CompactAbove)
	lines, manyLines := queriesOf(t, "/", ui.CompactAbove+1), queriesOf(t, "/", 30)
	people, manyPeople := queriesOf(t, "/people", 3), queriesOf(t, "/people", 12)
	if cards != fullCards || lines != manyLines || lines > cards || people != manyPeople {
		t.Errorf("/ takes %d queries for few cards and %d for many, %d for few lines and %d for many; /people %d and %d",
			cards, fullCards, lines, manyLines, people, manyPeople)
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
