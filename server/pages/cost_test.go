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

// wantAsManyQueries wants that pages take as many statements on a fresh site of few as on
// one of many: people are read together, whatever is special about some of them. Each page
// shows some words.
func wantAsManyQueries(t *testing.T, site func(*testing.T, int) *servertest.Site, pages map[string]string) {
	t.Helper()
	for path, words := range pages {
		var took []int64
		for _, n := range []int{3, 10} {
			s := site(t, n)
			before := s.Store.Queries()
			if page := s.Page(path); !strings.Contains(page, words) {
				t.Errorf("%s does not show %s", path, words)
			}
			took = append(took, s.Store.Queries()-before)
		}
		if took[0] != took[1] {
			t.Errorf("%s takes %d queries for few and %d for many", path, took[0], took[1])
		}
	}
}

func TestTheInboxTakesAsManyQueriesForManyDeliveriesAsForFew(t *testing.T) {
	t.Parallel()
	wantAsManyQueries(t, household, map[string]string{"/inbox": "Person 1"})
}

func TestSyncAndCoverageTakeAsManyQueriesForManyPeopleAsForFew(t *testing.T) {
	t.Parallel()
	wantAsManyQueries(t, household, map[string]string{"/sync": "Person 1", "/coverage": "Person 1",
		"/p/person-1/sync": "Person 1", "/p/person-1/sync/dailies": "Person 1", "/p/person-1/coverage": "Person 1",
		"/backfill": "Person 1", "/p/person-1/backfill": "Person 1"})
}

// accounts is a fresh server of so many people, each with an account that sees the
// first, who is an admin and signed in.
func accounts(t *testing.T, n int) *servertest.Site {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), nil)
	for i := range n {
		name, role := fmt.Sprint("Person ", i), db.RoleMember
		if i == 0 {
			role = db.RoleAdmin
		}
		s.Add(name, fmt.Sprint("u", i))
		a := s.Account(name, role, int64(i+1))
		if err := s.Store.Share(t.Context(), time.Now(), 1, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Store.AddAudit(t.Context(), db.AuditEntry{At: time.Now(), Account: a.ID, Actor: name, Person: 1,
			Action: db.ActionExported}); err != nil {
			t.Fatal(err)
		}
	}
	s.As("Person 0")
	return s
}

func TestPagesOfAccountsTakeAsManyQueriesForManyAccountsAsForFew(t *testing.T) {
	t.Parallel()
	wantAsManyQueries(t, accounts, map[string]string{"/people": "Person 2", "/accounts/2": "Person 1",
		"/audit": "Person 2", "/settings": "Person 2", "/settings/box": "Garmin’s keys", "/setup/household": "Person 2"})
}
