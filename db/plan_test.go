package db

import (
	"strings"
	"testing"

	"garner/health"
)

func TestADayIsReadAlongIndexes(t *testing.T) {
	t.Parallel()
	s, err := OpenStore(t.Context(), t.TempDir(), []health.Kind{{Type: "a"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for query, args := range map[string]int{unmatchedQuery: 7, dayQuery(3): 5, readingsQuery(3): 6,
		dayReadingsQuery(3): 5} {
		alongAnIndex(t, s, query, args)
	}
}

// alongAnIndex fails where a query reads a whole table or sorts.
func alongAnIndex(t *testing.T, s *Store, query string, args int) {
	t.Helper()
	rows, err := s.f.query(t.Context(), `explain query plan `+query, anys(make([]int, args))...)
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
		if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") {
			t.Errorf("%s\n%s", step, query)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
