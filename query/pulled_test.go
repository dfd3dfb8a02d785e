package query_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/personal"
	"garner/health"
	"garner/health/alert"
	"garner/query"
)

// keys stores a key of each of some people, from 1.
func (s *town) keys(people ...int64) {
	s.T.Helper()
	s.Store.UseKeys(seal.File(filepath.Join(s.T.TempDir(), "keys")))
	for _, person := range people {
		s.key(person)
	}
}

func (s *town) key(person int64) {
	s.T.Helper()
	_, err := s.Store.SetPersonalKey(s.T.Context(), evening.AddDate(0, 0, -20), person, "GCDC_a-key-of-one", friday+300)
	s.must(err)
}

// asked is an answer about a day.
func (s *town) asked(person int, endpoint string, day health.Day, state db.PulledState, status int) {
	s.T.Helper()
	c := db.PullCall{Person: int64(person), Endpoint: endpoint, Item: int64(day), Days: 1, State: state, Status: status}
	var err error
	c.ID, err = s.Store.BeginPull(s.T.Context(), evening, c)
	s.must(err)
	s.must(s.Store.EndPull(s.T.Context(), evening, c, []db.Pulled{{Person: c.Person, Endpoint: endpoint, Item: int64(day),
		Day: day, State: state, Asked: evening}}, nil))
}

func TestATypeThatNoWayInBringsIsNotSupportedFromTheFirstDay(t *testing.T) {
	t.Parallel()
	pushed, key := alert.Person{Pushed: true}, alert.Person{Key: &alert.Key{}}
	both := alert.Person{Pushed: true, Key: &alert.Key{}}
	for _, c := range []struct {
		way  string
		of   alert.Person
		want string
	}{
		{"pushed", pushed, "hydration foodLogs"},
		{"by a key", key, "epochs allDayRespiration skinTemp bloodPressures"},
		{"both", both, ""},
		{"neither", alert.Person{}, ""},
	} {
		var never []string
		for _, typ := range []string{"dailies", "sleeps", "epochs", "allDayRespiration", "skinTemp", "bloodPressures",
			"hydration", "foodLogs", "activityDetails"} {
			if query.NeverBrought(&c.of, typ) {
				never = append(never, typ)
			}
		}
		if got := strings.Join(never, " "); got != c.want {
			t.Errorf("%s: %s never come, want %s", c.way, got, c.want)
		}
	}
}

func TestADayThatGarminDoesNotHaveIsToldFromOneThatWasNotAsked(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	for _, person := range []int{1, 2} {
		s.days(person, friday-9, friday)
	}
	s.keys(1)
	s.asked(1, "daySummary", friday-8, db.PullNothing, 404)
	s.asked(1, "daySummary", friday-7, db.PullPlaceholder, 200)
	s.asked(1, "daySummary", friday-6, db.PullFailed, 503)
	s.asked(1, "steps", friday-6, db.PullNothing, 200)
	s.asked(1, "sleep", friday-5, db.PullNothing, 404) // another type
	const nothing, missing, not = "nothing_there", "missing", "not_asked"
	if got := states(t, s.coverage(1), "dailies", friday-8, friday-5); got != nothing+", "+nothing+", "+missing+", "+not {
		t.Error(got)
	}
	if got := states(t, s.coverage(2), "dailies", friday-8, friday-7); got != missing+", "+missing {
		t.Errorf("without a key: %s", got)
	}
}

func TestAGapSaysWhetherTheKeyCanFillIt(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	for _, person := range []int{1, 2} {
		s.days(person, friday-9, friday)
	}
	s.keys(1)
	s.asked(1, "daySummary", friday-8, db.PullNothing, 404)
	remedies := func() (out []query.Remedy) {
		s.Run()
		home, err := s.q.Household(t.Context())
		s.must(err)
		list, err := home.Calendar(t.Context(), 1, 2026)
		s.must(err)
		for _, g := range list.Gaps {
			if slices.Contains(g.Types, garmin.Dailies.Key) && g.From > friday-9 {
				out = append(out, g.Remedy)
			}
		}
		return out
	}
	if got, want := remedies(), []query.Remedy{query.AskPersonal, query.NothingAtGarmin}; !slices.Equal(got, want) {
		t.Errorf("with a key: %v, want %v", got, want)
	}
	s.must(s.Store.RefusePersonalKey(t.Context(), evening.Add(-time.Hour), 1, 1, "401"))
	s.q = &query.Reader{Viewer: s.q.Viewer, Store: s.Store, Watch: s.q.Watch, Now: evening.Add(time.Hour)}
	if got, want := remedies(), []query.Remedy{query.EnterKey, query.NothingAtGarmin}; !slices.Equal(got, want) {
		t.Errorf("with a refused key: %v, want %v", got, want)
	}
}

func TestWhatIsLeftIsASpanOfTime(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	s.keys(1, 2)
	s.must(s.Store.SetFirstDay(t.Context(), 1, friday-27))
	s.asked(1, "sleep", friday, db.PullData, 200)
	s.Run()
	p, err := s.q.Pull(t.Context(), 1, 2)
	s.must(err)
	l := p.Left
	if !l.FromFirst || l.From != friday-27 || l.Calls == 0 || l.AtMost <= l.Calls {
		t.Fatalf("%+v", l)
	}
	if l.Least != time.Duration(l.Calls)*time.Second/2 || l.Most != time.Duration(l.AtMost)*time.Second {
		t.Errorf("two people share two calls a second: %+v", l)
	}
	s.asked(1, "sleep", friday-1, db.PullNothing, 404)
	if next, err := s.q.Pull(t.Context(), 1, 2); err != nil || next.Left.Calls != l.Calls-1 {
		t.Errorf("%+v after one more answer, %v", next.Left, err)
	}
	if other, err := s.q.Pull(t.Context(), 2, 2); err != nil || other.Left.FromFirst || other.Left.From != 0 {
		t.Errorf("nothing is known of Ben yet: %+v, %v", other.Left, err)
	}
}

func TestTheExchangeOfAKeyHasATitleAmongTheCalls(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.keys(1)
	c := db.PullCall{Person: 1, Endpoint: personal.TokenCall, State: db.PullData, Status: 200}
	var err error
	c.ID, err = s.Store.BeginPull(t.Context(), evening, c)
	s.must(err)
	s.must(s.Store.EndPull(t.Context(), evening, c, nil, nil))
	q := query.Reader{Store: s.Store, Viewer: query.Operator(), Now: evening}
	p, err := q.Pull(t.Context(), 1, 2)
	s.must(err)
	if len(p.Calls) != 1 || !p.Calls[0].Bearer {
		t.Errorf("%+v", p.Calls)
	}
}
