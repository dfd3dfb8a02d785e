package db

import (
	"database/sql"
	"slices"
	"testing"
)

func TestLargeTablesGetStatisticsWithoutSamplesOfValues(t *testing.T) {
	t.Parallel()
	s := planned(t)
	must := func(query string, args ...any) {
		t.Helper()
		if err := s.w.do(t.Context(), func(t *tx) error { return t.exec(query, args...) }); err != nil {
			t.Fatal(err)
		}
	}
	must(`insert into person (id, name, name_fold, slug, created_ms) values (1, 'Ada', 'ada', 'ada', 0)`)
	must(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
		insert into issue (delivery_id, element, kind, type_key, user_id, reason, at_ms)
		select i, 0, 2, 'sleeps', 'u' || (i % 1000), '', 1 from n`, analyzeFrom)
	must(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
		insert into coverage (person_id, type_id, day, records, first_ms, last_ms) select 1, 1, i, 1, 1, 1 from n`,
		analyzeFrom-1)
	if err := s.Optimize(t.Context()); err != nil {
		t.Fatal(err)
	}
	have := func(query string) (out []string) {
		t.Helper()
		rows, err := s.f.r.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		out, err = collect(rows, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) })
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := have(`select distinct tbl from sqlite_stat1`); !slices.Equal(got, []string{"issue"}) {
		t.Errorf("tables with statistics: %q", got)
	}
	if got := have(`select tbl from sqlite_stat4`); len(got) > 0 {
		t.Errorf("values of %q are kept as samples", got)
	}
	var limit int
	if err := s.w.do(t.Context(), func(t *tx) error { return t.row(`pragma analysis_limit`, nil, &limit) }); err != nil ||
		limit != 400 {
		t.Errorf("the writer looks at %d rows of an index, %v", limit, err)
	}
}
