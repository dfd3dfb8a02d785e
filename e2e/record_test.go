package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"garner/e2e/box"

	"garner/db"
	"garner/garmin/simulator"
)

// record is all that was kept and derived, as text to compare: every export
// and what the pages read.
func record(t testing.TB, dir string) string {
	t.Helper()
	out := t.TempDir()
	box.Run(t, dir, "export", "--person", "all", "--type", "all", "-o", out)
	var b strings.Builder
	files, err := filepath.Glob(filepath.Join(out, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %d lines %x\n", filepath.Base(path), bytes.Count(text, []byte("\n")), sha256.Sum256(text))
	}
	metrics := box.Run(t, dir, "export", "--person", "all", "--metrics")
	fmt.Fprintf(&b, "metrics %d lines %x\n", strings.Count(metrics, "\n"), sha256.Sum256([]byte(metrics)))
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	for _, query := range []string{
		`select p.name, t.key, c.day, c.records from coverage c join person p on p.id = c.person_id join type t on
			t.id = c.type_id
			order by 1, 2, 3`,
		`select p.name, r.type_id, r.day, hex(r.vals), '' from reading r join person p on p.id = r.person_id order by
			1, 2, 3, 4`,
		`select count(*), 0, 0, 0 from dirty`,
	} {
		n, sum := digestOf(t, conn, query)
		fmt.Fprintf(&b, "%.40s… %d rows %x\n", query, n, sum)
	}
	return b.String()
}

// digestOf counts and sums up what a query gives.
func digestOf(t testing.TB, conn *sql.DB, query string) (n int, digest []byte) {
	t.Helper()
	sum := sha256.New()
	rows, err := conn.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(sql.NullString)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			fmt.Fprint(sum, c.(*sql.NullString).String, "\x00")
		}
		n++
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return n, sum.Sum(nil)
}

// undisturbed feeds the deliveries that dir has kept, in the order that they
// have there, to a fresh, undisturbed box, and returns its record.
func undisturbed(t testing.TB, dir string, w *simulator.World) string {
	t.Helper()
	in, err := db.OpenInbox(context.Background(), dir, db.InboxLimits{QueueRows: 10, QueueBytes: 1 << 20, BacklogRows: 10,
		BacklogBytes: 1 << 20}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}()
	fresh := t.TempDir()
	box.AddPeople(t, fresh, w)
	b := box.Start(t, fresh, box.Options{})
	client := box.NewClient()
	for after := int64(0); ; {
		list, err := in.After(context.Background(), after, 100, 1<<24)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, d := range list {
			after = d.ID
			body, err := io.ReadAll(in.Body(context.Background(), d))
			if err != nil {
				t.Fatal(err)
			}
			if status, err := box.Post(client, b.Addr, d.Path, body); status != http.StatusOK || err != nil {
				t.Fatalf("fresh box answered %d, %v", status, err)
			}
		}
	}
	b.Drained()
	b.Stop()
	box.Run(t, fresh, "rederive") // whatever was still to be derived
	return record(t, fresh)
}

// difference lists the lines that only one of two texts has.
func difference(a, b string) string {
	in := func(text string) map[string]bool {
		set := map[string]bool{}
		for _, line := range strings.Split(text, "\n") {
			set[line] = true
		}
		return set
	}
	inA, inB := in(a), in(b)
	var out strings.Builder
	for line := range inA {
		if !inB[line] {
			fmt.Fprintln(&out, "-", line)
		}
	}
	for line := range inB {
		if !inA[line] {
			fmt.Fprintln(&out, "+", line)
		}
	}
	return out.String()
}
