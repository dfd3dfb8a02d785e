package db

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var schemas = map[string]schema{"garner": garnerSchema, "inbox": inboxSchema}

// scratch is a database without any schema.
func scratch(t *testing.T) *sql.DB {
	t.Helper()
	p, err := pool(filepath.Join(t.TempDir(), "scratch.db"), 1, writing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// migratedTo is a database that has seen the first n migrations and no baseline.
func migratedTo(t *testing.T, s schema, n int) *sql.DB {
	t.Helper()
	p := scratch(t)
	for i, text := range s.migrations[:n] {
		if err := s.step(t.Context(), p, text, i+1); err != nil {
			t.Fatalf("migration %d: %v", i+1, err)
		}
	}
	return p
}

// rowsOf is what a query gives, as text, a line for each row.
func rowsOf(t *testing.T, p *sql.DB, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := p.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, dest := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%v", values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func tablesOf(t *testing.T, p *sql.DB) []string {
	t.Helper()
	var names []string
	for _, row := range rowsOf(t, p, `select name from sqlite_schema where type = 'table' order by name`) {
		names = append(names, strings.Trim(row, "[]"))
	}
	return names
}

var (
	comment = regexp.MustCompile(`--[^\n]*`)
	space   = regexp.MustCompile(`\s+`)
	around  = regexp.MustCompile(` ?([(),]) ?`)
)

// shape is everything that makes a schema: its statements without comments and
// layout, and the rows that it begins with.
func shape(t *testing.T, p *sql.DB) (out []string) {
	t.Helper()
	for _, row := range rowsOf(t, p, `select type, name, tbl_name, sql from sqlite_schema order by type, name`) {
		row = space.ReplaceAllString(comment.ReplaceAllString(row, ""), " ")
		out = append(out, around.ReplaceAllString(row, "$1"))
	}
	for _, table := range tablesOf(t, p) {
		for _, row := range rowsOf(t, p, `select * from `+table) {
			out = append(out, table+" holds "+row)
		}
	}
	return out
}

func TestAFreshFileHasTheSchemaOfAMigratedOne(t *testing.T) {
	t.Parallel()
	for name, s := range schemas {
		fresh := scratch(t)
		if err := s.migrate(t.Context(), fresh); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(shape(t, migratedTo(t, s, s.version())), shape(t, fresh)); d != "" {
			t.Errorf("%s (- migrated, + fresh)\n%s", name, d)
		}
	}
}

func TestAnOlderFileOfEveryVersionReachesTheNewest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	for name, s := range schemas {
		for n := range s.version() {
			p := migratedTo(t, s, n)
			if err := s.migrate(t.Context(), p); err != nil {
				t.Errorf("%s from version %d: %v", name, n, err)
			}
			if got := rowsOf(t, p, `pragma user_version`); got[0] != fmt.Sprintf("[%d]", s.version()) {
				t.Errorf("%s from version %d reached %s", name, n, got)
			}
		}
	}
}

// lived is a garner.db of version 7 with rows in every table.
func lived(t *testing.T) *sql.DB {
	t.Helper()
	p := migratedTo(t, garnerSchema, 7)
	if _, err := p.Exec(livedRows); err != nil {
		t.Fatal(err)
	}
	for _, table := range tablesOf(t, p) {
		if len(rowsOf(t, p, `select * from `+table)) == 0 {
			t.Fatalf("%s has no row to look at", table)
		}
	}
	return p
}

func TestRowsSurviveTheNewTables(t *testing.T) {
	t.Parallel()
	p := lived(t)
	before := map[string][]string{}
	for _, c := range survives {
		before[c.now] = rowsOf(t, p, c.before)
	}
	if err := garnerSchema.migrate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, c := range survives {
		if len(before[c.now]) == 0 {
			t.Errorf("%s gave nothing", c.before)
		}
		if d := cmp.Diff(before[c.now], rowsOf(t, p, c.now)); d != "" {
			t.Errorf("%s (- before, + now)\n%s", c.now, d)
		}
		seen = append(seen, c.table())
	}
	for _, table := range tablesOf(t, p) {
		if slices.Contains(later, table) {
			if rows := rowsOf(t, p, `select * from `+table); len(rows) > 0 {
				t.Errorf("%s is new and holds %s", table, rows)
			}
		} else if !slices.Contains(seen, table) {
			t.Errorf("no one looked at %s", table)
		}
	}
	if bad := rowsOf(t, p, `pragma foreign_key_check`); len(bad) > 0 {
		t.Error("references to nothing:", bad)
	}
}

func TestAFileThatCannotBeMigratedStaysAsItWas(t *testing.T) {
	t.Parallel()
	p := lived(t)
	if _, err := p.Exec(`update delivery set state = 9 where id = 4`); err != nil {
		t.Fatal(err)
	}
	before := shape(t, p)
	if err := garnerSchema.migrate(t.Context(), p); err == nil {
		t.Fatal("a state that does not exist was taken over")
	}
	if d := cmp.Diff(before, shape(t, p)); d != "" {
		t.Error(d)
	}
	if got := rowsOf(t, p, `pragma user_version`); got[0] != "[7]" {
		t.Error("its version is", got)
	}
}

func TestWhatIsOfAPersonGoesWithThem(t *testing.T) {
	t.Parallel()
	p := lived(t)
	if err := garnerSchema.migrate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(`delete from person where id = 1`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tablesOf(t, p) {
		of := rowsOf(t, p, `select name from pragma_table_info(?) where name = 'person_id'`, table)
		if len(of) == 0 {
			continue
		}
		left := rowsOf(t, p, `select * from `+table+` where person_id = 1`)
		if table == "change" { // that the person was erased
			left = rowsOf(t, p, `select * from change where person_id = 1 and type_id >= 0`)
		}
		if len(left) > 0 {
			t.Errorf("%s keeps %s", table, left)
		}
	}
	for _, table := range []string{"version", "kept", "incident_event", "notification"} {
		left := rowsOf(t, p, `select * from `+table)
		for _, row := range left {
			if strings.Contains(row, "Ada") {
				t.Errorf("%s keeps %s", table, row)
			}
		}
		if want := map[string]int{"incident_event": 1, "notification": 2}[table]; len(left) != want {
			t.Errorf("%s has %d rows, want %d", table, len(left), want)
		}
	}
}
