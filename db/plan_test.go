package db

import (
	"slices"
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

func TestADayIsReadAlongIndexes(t *testing.T) {
	t.Parallel()
	s := planned(t)
	for query, args := range map[string]int{unmatchedQuery: 7, dayQuery(3): 5, readingsQuery(3): 6,
		dayReadingsQuery(3): 5} {
		for _, step := range planOf(t, s, query, anys(make([]int, args))...) {
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s\n%s", step, query)
			}
		}
	}
}

func TestWhatIsReadOfManyPeopleGoesAlongIndexes(t *testing.T) {
	t.Parallel()
	s := planned(t)
	for _, c := range []struct {
		text, want string
		args       []any
	}{
		{lastReadingsQuery, "SEARCH r USING PRIMARY KEY (person_id=? AND type_id=? AND day>? AND day<?)",
			[]any{"[[1,1]]", "[1]", 1}},
		{recordsOnQuery, "SEARCH r USING INDEX record_day (person_id=? AND type_id=? AND day=?)", []any{"[[1,1]]", 1, 1}},
		{unmatchedOnQuery, "SEARCH r USING INDEX record_day (person_id=? AND type_id=? AND day=?)", []any{"[[1,1]]", 1, 1, 1}},
	} {
		plan := planOf(t, s, c.text, c.args...)
		if !slices.Contains(plan, c.want) {
			t.Errorf("%q is not a step of %q", c.want, plan)
		}
		for _, step := range plan {
			table := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "VIRTUAL TABLE") && step != "SCAN t"
			if table || strings.Contains(c.text, "body") && strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n\tis a step of %s", step, c.text)
			}
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
		"notices due":      {dueNotices, []any{0, 1, 1}, "notice_open"},
		"notices":          {noticeColumns + noticeOrder, nil, "notice_person"},
	} {
		plan := strings.Join(planOf(t, s, read.query, read.args...), "\n")
		if !strings.Contains(plan, read.index) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

func TestChangesAreReadAlongTheirIdsAndNotSorted(t *testing.T) {
	t.Parallel()
	s := planned(t)
	for _, only := range []any{nil, "[1,2]"} {
		plan := planOf(t, s, changesQuery, 1, only, true, 100)
		if !slices.Contains(plan, "SEARCH change USING INTEGER PRIMARY KEY (rowid>?)") {
			t.Errorf("changes of %v are not read along their ids: %q", only, plan)
		}
		for _, step := range plan {
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "VIRTUAL TABLE") {
				t.Errorf("changes of %v: %s", only, step)
			}
		}
	}
}

// planOf is how SQLite goes about a query, step by step.
func planOf(t *testing.T, s *Store, text string, args ...any) (steps []string) {
	t.Helper()
	rows, err := s.f.query(t.Context(), `explain query plan `+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
