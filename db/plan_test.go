package db

import (
	"database/sql"
	"strings"
	"testing"

	"garner/health"
)

func planned(t *testing.T) *Store {
	t.Helper()
	s, err := OpenStore(t.Context(), t.TempDir(), []health.Kind{{Type: "a"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestDetailsOfADayAreReadAlongAnIndex(t *testing.T) {
	t.Parallel()
	plan := planOf(t, planned(t), unmatchedQuery, 1, 1, 1, 1, 1, 1, 1)
	for step := range strings.Lines(plan) {
		if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") {
			t.Error(step)
		}
	}
}

func TestReadsThatGrowGoAlongAnIndexAndSortNothing(t *testing.T) {
	t.Parallel()
	s := planned(t)
	for name, read := range map[string]struct {
		query string
		args  []any
		index string
	}{
		"quick deliveries": {dueQuery(quickLane), []any{1, 1}, "delivery_due"},
		"slow deliveries":  {dueQuery(slowLane), []any{1, 1}, "delivery_due"},
		"notices":          {noticesQuery, nil, "notice_person"},
		"of everyone":      {incidentColumns + incidentsAbout, []any{nil, 1}, "incident_person"},
	} {
		plan := planOf(t, s, read.query, read.args...)
		if !strings.Contains(plan, read.index) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

func planOf(t *testing.T, s *Store, query string, args ...any) string {
	t.Helper()
	rows, err := s.f.query(t.Context(), `explain query plan `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := collect(rows, func(rows *sql.Rows) (step string, err error) {
		var id, parent, unused int
		return step, rows.Scan(&id, &parent, &unused, &step)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}
