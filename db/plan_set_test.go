package db

import (
	"strings"
	"testing"

	"garner/health"
)

// What is read of several people at once searches an index for each person and
// type: no table is read from one end to the other.
func TestReadingOfSeveralPeopleUsesAnIndex(t *testing.T) {
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
	people := list([]int64{1, 2})
	for name, q := range map[string]struct {
		text string
		args []any
	}{
		"covered":     {coveredQuery, []any{people, 2, list([]int64{1})}},
		"first days":  {firstQuery, []any{list([][3]int64{{1, 1, 1}})}},
		"types' days": {daysQuery, []any{people}},
		"offsets":     {offsetsQuery, []any{people, 1}},
		"record days": {recordDaysQuery, []any{people, list([]int64{1}), 1, 2}},
		"windows":     {tallyQuery, []any{people}},
		"incidents":   {incidentColumns + aboutWhere, []any{people, 1}},
	} {
		rows, err := s.f.query(t.Context(), `explain query plan `+q.text, q.args...)
		if err != nil {
			t.Fatal(name, err)
		}
		searches := 0
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN p ") &&
				!strings.HasPrefix(step, "SCAN t") && !strings.HasPrefix(step, "SCAN a ") && !strings.HasPrefix(step, "SCAN w ") &&
				!strings.HasPrefix(step, "SCAN json_each") && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s: %s", name, step)
			}
			if strings.HasPrefix(step, "SEARCH") {
				searches++
				t.Log(name, step)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if searches == 0 {
			t.Errorf("%s: no index is searched", name)
		}
	}
}
