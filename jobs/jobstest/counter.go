package jobstest

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// mustCount holds the counters of a garner.db, whatever a test did with it,
// against a count of what there is.
func mustCount(t *testing.T, dir string) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	row := func(query string) string {
		var n [9]sql.NullInt64
		if err := conn.QueryRow(query).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8]); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(n)
	}
	counted := row(`with d as (select *, exists (select 1 from issue where delivery_id = id and kind = 1) as p,
		exists (select 1 from issue where delivery_id = id and kind = 2) as o,
		exists (select 1 from issue where delivery_id = id and kind = 3) as f from delivery)
		select coalesce(sum(state = 0), 0), coalesce(sum((state = 0) * size), 0), coalesce(sum(state = 1), 0),
		coalesce(sum(state = 2), 0),
		coalesce(sum(state = 2 and p and set_aside = 0), 0), coalesce(sum(state = 2 and o), 0), coalesce(sum(state = 2 and
		f), 0),
		coalesce(sum(state = 2 and (p or o)), 0), coalesce(sum(set_aside), 0) from d`)
	kept := row(`select waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching, unfinished, aside from
		counter`)
	if counted != kept {
		t.Errorf("the counters are wrong:\nkept    %s\ncounted %s", kept, counted)
	}
}
