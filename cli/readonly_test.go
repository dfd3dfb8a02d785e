package cli

import (
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
)

// zeroTable overwrites the first page of a table of garner.db.
func zeroTable(t *testing.T, dir, table string) {
	t.Helper()
	path := filepath.Join(dir, "garner.db")
	conn, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	var root, size int64
	if err := errors.Join(
		conn.QueryRow(`select rootpage, page_size from sqlite_schema, pragma_page_size where name = ?`, table).
			Scan(&root, &size), conn.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(make([]byte, size), (root-1)*size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedGarnerDBIsReadOnlyWhileDeliveriesAreReceived(t *testing.T) {
	t.Parallel()
	dir := lived(t)
	zeroTable(t, dir, "audit")
	site, err := siteOver(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() }) //nolint:errcheck // a damaged file may not close well
	if err := site.store.AddAudit(t.Context(), db.AuditEntry{At: time.Now(), Action: db.ActionExported}); !errors.Is(err,
		db.ErrBroken) || !site.store.ReadOnly() {
		t.Fatalf("a write into the damage gives %v", err)
	}
	status, page := site.get(damagedPages[0])
	if status != http.StatusOK || !strings.Contains(page, `data-testid="read-only"`) ||
		!strings.Contains(page, "garner restore") || !slices.Contains(numbersOf(page), "719") {
		t.Errorf("a page: %d\n%s", status, tags.ReplaceAllString(page, " "))
	}
	post := func(path, body string) (int, string) {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		site.handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if status, page := post("/people", "name=Ben"); status != http.StatusServiceUnavailable ||
		!strings.Contains(page, "garner restore") {
		t.Errorf("a change: %d\n%s", status, tags.ReplaceAllString(page, " "))
	}
	if status, _ := post("/garmin/a-secret-for-tests-only/dailies", `{"dailies":[]}`); status != http.StatusOK {
		t.Errorf("a delivery: %d", status)
	}
}
