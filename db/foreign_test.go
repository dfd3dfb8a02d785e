package db

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"garner/health"
)

func TestAFileThatIsNotOursIsRefusedAndNotTouched(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"of another program": `create table t (a); pragma application_id = 77`,
		"of no program":      `create table t (a); pragma user_version = 1`,
		"of no version":      `create table person (a)`,
		"of a newer garner":  `create table t (a); pragma application_id = 0x47726e47; pragma user_version = 99`,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "garner.db")
		p, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Exec(text); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := OpenStore(t.Context(), dir, []health.Kind{}, nil); err == nil {
			t.Errorf("%s: it opens", name)
			s.Close() //nolint:errcheck // it should not be there
		} else {
			t.Log(err)
		}
		if older, err := StoreIsOlder(t.Context(), dir); older {
			t.Errorf("%s: it counts as older, %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: it was changed, %v", name, err)
		}
	}
}
