package db

import (
	"bytes"
	"database/sql"
	"errors"
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

func TestAFileWhoseMakingWasInterruptedIsMadeAndNotUpgraded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := pool(filepath.Join(dir, GarnerFile), 1, writing)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Ping(), p.Close()); err != nil { // it has its mode of journal now, and no table
		t.Fatal(err)
	}
	if st, err := os.Stat(filepath.Join(dir, GarnerFile)); err != nil || st.Size() == 0 {
		t.Fatal("there is no file, ", err)
	}
	if older, err := StoreIsOlder(t.Context(), dir); older || err != nil {
		t.Errorf("it counts as older (%v), %v", older, err)
	}
	s, err := OpenStore(t.Context(), dir, []health.Kind{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
