package db_test

import (
	"path/filepath"
	"testing"

	"garner/db"
	"garner/health"
)

// Spans end within a word of the set, at its border and beyond it.
func TestTheSetOfCoveredDaysHasEachDayOfTheTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := db.OpenStore(t.Context(), dir, []health.Kind{{Type: "a"}, {Type: "b"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "garner.db")
	harm(t, path, `insert into person (id, name, name_fold, slug, created_ms) values (1, 'Ada', 'ada', 'ada', 0),
		(2, 'Ben', 'ben', 'ben', 0)`)
	harm(t, path, `with recursive d(day) as (select -5 union all select day + 1 from d where day < 400)
		insert into coverage (person_id, type_id, day, records, first_ms, last_ms)
		select 1, (select id from type where key = 'a'), day, 1, 0, 0 from d where day * day % 7 <> 2`)
	const from = health.Day(10)
	for _, length := range []health.Day{0, 1, 61, 62, 63, 127, 280} {
		got, err := s.Covered(t.Context(), []int64{1, 2}, from, from+length)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > 1 {
			t.Errorf("%d days: a type without data has a set: %v", length, got)
		}
		for day := from - 3; day <= from+length+3; day++ {
			want := day >= from && day <= from+length && day*day%7 != 2
			if has := got[db.PersonType{Person: 1, Type: "a"}].Has(day); has != want {
				t.Errorf("%d days: that day %d is in the set is %v", length, day, has)
			}
		}
	}
}
