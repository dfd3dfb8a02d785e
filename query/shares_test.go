package query_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/query"
)

// gapLines writes gaps a line each: days, types, kind, whether open, the kind of
// incident that explains it, and the remedy.
func gapLines(gaps []query.Gap) (out []string) {
	for _, g := range gaps {
		cause := alert.Kind("")
		if g.Cause != nil {
			cause = g.Cause.Kind
		}
		out = append(out, fmt.Sprintf("%d: %d to %d %s %s open=%v %q remedy=%d", g.Person, g.From-friday, g.To-friday,
			strings.Join(g.Types, "+"), g.Kind.Key(), g.Open, cause, g.Remedy))
	}
	return out
}

// incident notes one of the past, as if the watch had seen it.
func (s *town) incident(kind alert.Kind, person int64, from, to health.Day) {
	s.T.Helper()
	e := alert.Incident{Subject: alert.Subject{Kind: kind, Person: person}, Since: s.noon(from), Opened: s.noon(from)}
	if to != 0 {
		e.Closed = s.noon(to)
	}
	s.must(s.Store.PutIncidents(s.T.Context(), evening, []alert.Change{{Incident: e}},
		func(alert.Change) ([]db.Notification, error) { return nil, nil }))
}

func (s *town) home() *query.Household {
	s.T.Helper()
	s.Run()
	home, err := s.q.Household(s.T.Context())
	s.must(err)
	return home
}

// Ada lacks four days with their nights because Garner was off, a night for no
// known reason, and half a day. Ben lacks none but for a pause. Of Cora nothing
// came.
func neighbours(t *testing.T) *town {
	t.Helper()
	s := newTown(t, "Ada", "Ben", "Cora")
	s.days(1, between(friday-39, friday-30)...)
	s.days(1, between(friday-25, friday-6)...)
	s.lasts(40000, "dailies", 1, "", friday-5)
	s.days(1, between(friday-4, friday)...)
	s.nights(1, between(friday-39, friday-30)...)
	s.nights(1, between(friday-25, friday-4)...)
	s.nights(1, between(friday-2, friday)...)
	s.incident(alert.WasOff, 0, friday-29, friday-26)
	s.incident(alert.DiskLow, 0, friday-6, friday-1)
	s.days(2, friday-9, friday-8, friday-3, friday-2, friday-1, friday)
	_, err := s.Store.PutPause(t.Context(), db.Pause{Person: 2, From: s.noon(friday - 7), To: s.noon(friday - 3)})
	s.must(err)
	return s
}

func TestSharesCountWhatWasExpectedAndSayWhyItIsMissing(t *testing.T) {
	t.Parallel()
	home := neighbours(t).home()
	got, err := home.Shares(t.Context(), query.ShareFilter{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	// In 28 days Ada's days were expected 28 times and her nights 28 times: 2 + 2
	// lie in the gap, one night is missing, one day partly there.
	want := []query.PersonShare{
		{Person: 1, Days28: health.Share{Got: 51, Of: 56}, Days365: health.Share{Got: 71, Of: 80}, Longest: 4,
			LongestOf: "dailies"},
		{Person: 2, Days28: health.Share{Got: 6, Of: 6}, Days365: health.Share{Got: 6, Of: 6}},
		{Person: 3},
	}
	if !reflect.DeepEqual(got.People, want) {
		t.Errorf("got  %+v\nwant %+v", got.People, want)
	}
	lines := []string{
		`1: -29 to -26 dailies+sleeps missing open=false "was_off" remedy=0`,
		`1: -5 to -5 dailies partial open=false "" remedy=3`,
		`1: -3 to -3 sleeps missing open=false "" remedy=1`,
	}
	if gaps := gapLines(got.Gaps); !reflect.DeepEqual(gaps, lines) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(gaps, "\n"), strings.Join(lines, "\n"))
	}
	if got.Total != 3 || got.Matching != 3 || got.Counted != 3 || got.Open != 0 {
		t.Errorf("%+v", got)
	}
}

// TestSyncCountsDaysAsCoverageDoes: of Ada's 14 days and nights one night is missing, and a
// day that is partly there came.
func TestSyncCountsDaysAsCoverageDoes(t *testing.T) {
	t.Parallel()
	got, err := neighbours(t).home().Matrix(t.Context(), query.StatusFilter{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range got.Rows {
		if row.Person == 1 && row.Share != (health.Share{Got: 27, Of: 28}) {
			t.Errorf("%+v", row.Share)
		}
	}
}

func TestSharesAreNarrowedByPersonTypeAndPage(t *testing.T) {
	t.Parallel()
	home := neighbours(t).home()
	for name, tt := range map[string]struct {
		f                        query.ShareFilter
		people                   string
		gaps                     int
		matching, from, countedN int
	}{
		"a person":      {query.ShareFilter{Person: 1, Limit: 20}, "[1]", 3, 1, 0, 1},
		"no one":        {query.ShareFilter{Person: -1, Limit: 20}, "[]", 0, 0, 0, 0},
		"a type":        {query.ShareFilter{Type: "sleeps", Limit: 20}, "[1 2 3]", 2, 3, 0, 3},
		"who has gaps":  {query.ShareFilter{OnlyGaps: true, Limit: 20}, "[1]", 3, 3, 0, 3},
		"a page":        {query.ShareFilter{From: 1, Limit: 1}, "[2]", 0, 3, 1, 1},
		"beyond pages":  {query.ShareFilter{From: 9, Limit: 2}, "[1 2]", 3, 3, 0, 2},
		"before pages":  {query.ShareFilter{From: -9, Limit: 2}, "[1 2]", 3, 3, 0, 2},
		"the last page": {query.ShareFilter{From: 2, Limit: 2}, "[3]", 0, 3, 2, 1},
	} {
		got, err := home.Shares(t.Context(), tt.f)
		if err != nil {
			t.Fatal(name, err)
		}
		people := []int64{}
		for _, p := range got.People {
			people = append(people, p.Person)
		}
		if fmt.Sprint(people) != tt.people || len(got.Gaps) != tt.gaps || got.Matching != tt.matching ||
			got.From != tt.from || got.Counted != tt.countedN {
			t.Errorf("%s: people %v, %d gaps, %+v", name, people, len(got.Gaps), got)
		}
	}
}

// An open gap is explained by the person's own silence rather than by a trouble
// of everyone, and by the newest.
func TestAGapIsExplainedByTheNearestIncident(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	s.days(1, between(friday-30, friday-5)...)
	s.days(2, between(friday-30, friday)...)
	s.incident(alert.PersonSilent, 1, friday-5, friday-4)
	s.incident(alert.PersonSilent, 1, friday-4, 0)
	s.incident(alert.NothingArrives, 0, friday-4, friday-3)
	s.incident(alert.PersonSilent, 2, friday-4, 0)
	got, err := s.home().Shares(t.Context(), query.ShareFilter{Person: 1, Limit: 1})
	s.must(err)
	want := []string{`1: -4 to 0 dailies missing open=true "person_silent" remedy=2`}
	if gaps := gapLines(got.Gaps); !reflect.DeepEqual(gaps, want) || got.Open != 1 {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(gaps, "\n"), strings.Join(want, "\n"))
	}
}

func TestAGapThatEndsYesterdayIsOpenAndOneThatEndedBeforeIsNot(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	s.days(1, append(between(friday-30, friday-2), friday)...)
	s.days(2, append(between(friday-30, friday-3), friday-1, friday)...)
	got, err := s.home().Shares(t.Context(), query.ShareFilter{Limit: 2})
	s.must(err)
	want := []string{`1: -1 to -1 dailies missing open=true "" remedy=0`, `2: -2 to -2 dailies missing open=false "" remedy=0`}
	if gaps := gapLines(got.Gaps); !reflect.DeepEqual(gaps, want) || got.Open != 1 {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(gaps, "\n"), strings.Join(want, "\n"))
	}
}

func TestACalendarHoldsAYearByDaysAndTypes(t *testing.T) {
	t.Parallel()
	s := neighbours(t)
	s.lasts(600, "activities", 1, `,"activityId":7`, friday-400)
	home := s.home()
	got, err := home.Calendar(t.Context(), 1, 0)
	s.must(err)
	if got.Year != 2026 || got.Today != friday || !reflect.DeepEqual(got.Years, []query.YearShare{{Year: 2025},
		{Year: 2026, Share: health.Share{Got: 71, Of: 80}}}) {
		t.Errorf("%d %s %+v", got.Year, got.Today, got.Years)
	}
	first := health.DayOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), 0)
	for i, want := range []query.CalendarRow{{Type: "dailies", Share: health.Share{Got: 36, Of: 40}},
		{Type: "sleeps", Share: health.Share{Got: 35, Of: 40}}} {
		row := got.Rows[i]
		if row.Type != want.Type || row.Share != want.Share || len(row.Days) != 365 ||
			row.Days[friday-3-first].Came() != (row.Type == "dailies") {
			t.Errorf("%s %+v, %d days", row.Type, row.Share, len(row.Days))
		}
	}
	if len(got.Rows) != 2 || len(gapLines(got.Gaps)) != 3 {
		t.Errorf("%d rows, gaps %v", len(got.Rows), gapLines(got.Gaps))
	}
	for year, want := range map[int]error{2024: db.ErrNotFound, 2027: db.ErrNotFound, 2025: nil} {
		if _, err := home.Calendar(t.Context(), 1, year); err != want {
			t.Errorf("%d: %v", year, err)
		}
	}
	if empty, err := home.Calendar(t.Context(), 3, 0); err != nil || len(empty.Years)+len(empty.Rows) != 0 {
		t.Errorf("of Cora: %+v, %v", empty, err)
	}
}

func TestExpectedYieldsWhatWasExpectedOrCameUpToToday(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	s.days(1, friday-3, friday-1)
	s.lasts(600, "activities", 1, `,"activityId":7`, friday-4)
	var got []string
	for d, err := range s.coverage(1).Expected(t.Context(), 0, 1<<20) {
		s.must(err)
		got = append(got, fmt.Sprintf("%s %d %s", d.Type, d.Day-friday, d.State.Key()))
	}
	if want := "dailies -3 present, dailies -2 missing, dailies -1 present, dailies 0 awaited"; strings.Join(got,
		", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	for d := range s.coverage(2).Expected(t.Context(), 0, 1<<20) {
		t.Errorf("of Ben, of whom nothing came: %+v", d)
	}
}

func TestAPauseOfOnePersonExcusesNoOther(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	for person := 1; person <= 2; person++ {
		s.days(person, append(between(friday-30, friday-6), between(friday-2, friday)...)...)
	}
	_, err := s.Store.PutPause(t.Context(), db.Pause{Person: 2, From: (friday - 6).Midnight(), To: (friday - 1).Midnight()})
	s.must(err)
	got, err := s.home().Shares(t.Context(), query.ShareFilter{Limit: 2})
	s.must(err)
	want := []string{`1: -5 to -3 dailies missing open=false "" remedy=0`}
	if gaps := gapLines(got.Gaps); !reflect.DeepEqual(gaps, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(gaps, "\n"), strings.Join(want, "\n"))
	}
}
