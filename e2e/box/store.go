package box

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

// Sums returns the SHA-256 of every body that the inbox holds.
func Sums(t testing.TB, dir string) map[[32]byte]int64 {
	t.Helper()
	conn := ReadOnly(t, filepath.Join(dir, "inbox.db"))
	defer conn.Close() // at once: the file system may be about to be unmounted
	rows, err := conn.Query(`select id, sha256 from delivery`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[[32]byte]int64{}
	for rows.Next() {
		var id int64
		var sum []byte
		if err := rows.Scan(&id, &sum); err != nil {
			t.Fatal(err)
		}
		out[[32]byte(sum)] = id
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// ReadOnly opens a database for queries.
func ReadOnly(t testing.TB, path string) *sql.DB {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+path+"?_query_only=1&_busy_timeout=8000")
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// Sound checks both files with SQLite's own integrity check.
func Sound(t testing.TB, dir string) {
	t.Helper()
	for _, name := range []string{"inbox.db", "garner.db"} {
		var word string
		conn := ReadOnly(t, filepath.Join(dir, name))
		err := conn.QueryRow(`pragma integrity_check`).Scan(&word)
		if err = errors.Join(err, conn.Close()); err != nil || word != "ok" {
			t.Errorf("%s: integrity check says %q, %v", name, word, err)
		}
	}
}
