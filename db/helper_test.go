package db_test

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// count asks a closed question of a file of the data directory by a
// connection of its own.
func count(t *testing.T, path, query string) (n int) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+path+"?_query_only=1&_busy_timeout=8000")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func chunks(t *testing.T, dir string) int {
	return count(t, filepath.Join(dir, "inbox.db"), `select count(*) from chunk`)
}

// harm changes a file of the data directory by a connection of its own.
func harm(t *testing.T, path, query string) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=8000")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Exec(query); err != nil {
		t.Fatal(err)
	}
}
