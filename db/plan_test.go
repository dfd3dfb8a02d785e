package db

import (
	"strings"
	"testing"

	"garner/health"
)

func TestDetailsOfADayAreReadAlongAnIndex(t *testing.T) {
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
	rows, err := s.f.query(t.Context(), `explain query plan `+unmatchedQuery, 1, 1, 1, 1, 1, 1, 1)
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
			t.Error(step)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
