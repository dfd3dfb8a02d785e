package query_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/query"
)

func TestTheMatrixShowsEachPersonAndTypeThatCame(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben", "Cora")
	s.days(1, between(friday-30, friday)...)
	s.nights(1, between(friday-30, friday)...)
	s.days(2, between(friday-30, friday-5)...)
	until := evening.Add(24 * time.Hour)
	_, err := s.Store.PutPause(t.Context(), db.Pause{Person: 1, From: evening.Add(-time.Hour), To: until})
	s.must(err)
	home := s.home()
	lines := func(f query.StatusFilter) (out []string) {
		m, err := home.Matrix(t.Context(), f)
		s.must(err)
		out = append(out, fmt.Sprintf("%d of %d from %d, %s", m.Matching, m.Total, m.From, strings.Join(m.Types, " ")))
		for _, r := range m.Rows {
			line := fmt.Sprintf("%d %s paused=%v", r.Person, r.State, r.PausedUntil.Equal(until))
			for _, c := range r.Cells {
				line += " " + c.State.String()
			}
			out = append(out, line)
		}
		return out
	}
	ada, ben, cora := "1 paused paused=true paused paused", "2 overdue paused=false overdue waiting",
		"3 waiting paused=false waiting waiting"
	for name, tt := range map[string]struct {
		f    query.StatusFilter
		want []string
	}{
		"everyone": {query.StatusFilter{Limit: 9}, []string{"3 of 3 from 0, dailies sleeps", ada, ben, cora}},
		"by silence": {query.StatusFilter{By: query.BySilence, Limit: 9},
			[]string{"3 of 3 from 0, dailies sleeps", ben, ada, cora}},
		"by trouble": {query.StatusFilter{By: query.ByTrouble, Limit: 9},
			[]string{"3 of 3 from 0, dailies sleeps", ben, cora, ada}},
		"by coverage": {query.StatusFilter{By: query.ByCoverage, Limit: 9},
			[]string{"3 of 3 from 0, dailies sleeps", ben, ada, cora}},
		"troubled": {query.StatusFilter{Troubled: true, Limit: 9}, []string{"1 of 3 from 0, dailies sleeps", ben}},
		"named":    {query.StatusFilter{Name: "OR", Limit: 9}, []string{"1 of 3 from 0, dailies sleeps", cora}},
		"a page":   {query.StatusFilter{From: 1, Limit: 1}, []string{"3 of 3 from 1, dailies sleeps", ben}},
	} {
		if got := lines(tt.f); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

func TestAPersonsStatusTellsClocksConnectionAndLimits(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.days(1, between(friday-3, friday-1)...)
	s.leaves(friday - 20)
	s.shares(friday-10, "HEALTH_EXPORT")
	s.must(s.Store.PutRule(t.Context(), db.Rule{Person: 1, Type: "dailies", Limit: 60 * time.Hour}))
	s.must(s.Store.PutRule(t.Context(), db.Rule{Person: 1, Type: "hrv", Off: true}))
	home := s.home()
	person, err := s.q.Person(t.Context(), "ada")
	s.must(err)
	got, err := home.PersonStatus(t.Context(), person)
	s.must(err)
	if got.State != alert.OnTime || got.Silent != nil || got.Limit.Is != 48*time.Hour || got.Limit.By != query.BoxLimit ||
		!got.Clocks.Sampled.Equal(friday.Midnight()) || !got.Clocks.Received.Equal(friday.Midnight()) {
		t.Errorf("%+v", got)
	}
	if c := got.Connection; !c.Linked || !reflect.DeepEqual(c.Granted, []string{"HEALTH_EXPORT"}) || len(c.Notices) != 2 ||
		c.Notices[0].Ended || !c.Notices[0].Named || !c.Notices[1].Ended {
		t.Errorf("%+v", got.Connection)
	}
	for _, pair := range got.Types {
		own := pair.Type == "dailies"
		if (pair.Limit.By == query.OwnLimit) != own || own && pair.Limit.Is != 60*time.Hour || pair.Off != (pair.Type == "hrv") {
			t.Errorf("%+v", pair)
		}
	}
	detail, err := home.TypeDetail(t.Context(), 1, "dailies")
	s.must(err)
	if detail.First != friday-89 || len(detail.Days) != 90 || detail.Share.Got != 3 || detail.Share.Of != 3 ||
		detail.Limit.Own != 60*time.Hour {
		t.Errorf("%+v", detail)
	}
	if _, err := home.TypeDetail(t.Context(), 1, "nothing"); err != db.ErrNotFound {
		t.Error(err)
	}
}

func TestOneWhoseTypeIsOverdueOrNoLongerSharedIsTroubled(t *testing.T) {
	t.Parallel()
	news, s := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), newTown(t, "Ada")
	for state, want := range map[alert.State]int{alert.OnTime: 0, alert.Late: 0, alert.AsItComes: 0, alert.Unsupported: 0,
		alert.Overdue: 1, alert.NotShared: 1} {
		home := query.Household{Viewer: query.Operator(), Store: s.Store,
			Facts: &alert.Facts{Now: news, Types: []alert.Type{{Key: "hrv"}},
				People: []alert.Person{{ID: 1, Name: "Ada", News: news, Types: []alert.PersonType{{News: news}}}}},
			Found: &alert.Findings{People: []alert.Finding{{State: alert.OnTime, Types: []alert.TypeFinding{{State: state}}}}}}
		got, err := home.Matrix(t.Context(), query.StatusFilter{Troubled: true, Limit: 9})
		if err != nil || len(got.Rows) != want {
			t.Errorf("hrv is %s: %d rows, want %d", state, len(got.Rows), want)
		}
	}
}
