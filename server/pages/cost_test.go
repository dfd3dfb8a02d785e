package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/servertest"
)

// household is a fresh server of so many people, each with a day, a deregistration,
// something parked and a pause.
func household(t *testing.T, people int) *servertest.Site {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), nil)
	today := health.DayOf(time.Now().Unix(), 0)
	for i := range people {
		s.Add(fmt.Sprint("Person ", i), fmt.Sprint("u", i))
		body := fmt.Sprintf(`{"dailies":[{"userId":"u%d","summaryId":"a","calendarDate":%q,"startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":0,"durationInSeconds":86400}],"deregistrations":[{"userId":"u%d"}],
			"sleeps":[{"userId":"u%d","calendarDate":"soon"}]}`, i, today-9, (today - 9).Midnight().Unix(), i, i)
		if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: time.Now().AddDate(0, 0, -5)}, []byte(body)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Store.PutPause(t.Context(), db.Pause{Person: int64(i + 1), From: time.Now().AddDate(0, 0, -7),
			To: time.Now().AddDate(0, 0, -6)}); err != nil {
			t.Fatal(err)
		}
	}
	s.Run()
	return s
}

// A page of many people takes as many statements as one of few: they are read
// together, whatever is special about some of them.
func TestSyncAndCoverageTakeAsManyQueriesForManyPeopleAsForFew(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/sync", "/coverage", "/p/person-1/sync", "/p/person-1/sync/dailies",
		"/p/person-1/coverage"} {
		var took []int64
		for _, people := range []int{3, 30} {
			s := household(t, people)
			before := s.Store.Queries()
			if page := s.Page(path); !strings.Contains(page, "Person 1") {
				t.Errorf("%s shows no one", path)
			}
			took = append(took, s.Store.Queries()-before)
		}
		if took[0] != took[1] {
			t.Errorf("%s takes %d queries for 3 people and %d for 30", path, took[0], took[1])
		}
	}
}
