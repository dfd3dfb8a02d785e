package db

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Rows that move between pages leave copies behind.
func TestNoCopyOfARowStaysInTheUnusedPartOfAPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	dir := t.TempDir()
	s, err := OpenStore(t.Context(), dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(word string) string { return strings.Repeat(word+"-", 1+rng.IntN(3000)) }
	for _, step := range []struct {
		sql  string
		args func(i int) []any
	}{
		{`insert into tally (what, type_key, name, n, at_ms) values (?, ?, '', 1, 0)`,
			func(i int) []any { return []any{fmt.Sprint("m", i), text("marked")} }},
		{`delete from tally where what = ?`, func(i int) []any { return []any{fmt.Sprint("m", i)} }},
		{`insert into tally (what, type_key, name, n, at_ms) values (?, ?, '', 1, 0)`,
			func(i int) []any { return []any{fmt.Sprint("k", i), text("kept")} }},
	} {
		for _, i := range rng.Perm(300) {
			if err := s.w.do(t.Context(), func(x *tx) error { return x.exec(step.sql, step.args(i)...) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	w, err := pool(s.f.path, 1, wiping)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if list, err := s.f.unused(t.Context(), w); err != nil || len(list) > 0 {
		t.Errorf("%d pages hold something in their unused part, %v", len(list), err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("marked-")); n > 0 {
		t.Errorf("%d copies are left", n)
	}
	var kept int
	if err := s.f.queryRow(t.Context(), `select count(*) from tally`).Scan(&kept); err != nil || kept != 300 {
		t.Errorf("%d rows are kept, want 300, %v", kept, err)
	}
	var sound string
	if err := s.f.queryRow(t.Context(), `pragma integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("integrity_check says %s, %v", sound, err)
	}
}

// Not in parallel: it looks at the memory of the whole process.
func TestLookingForUnusedPartsHoldsNoPagesInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	s, err := OpenStore(t.Context(), t.TempDir(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	text := strings.Repeat("m", 1000)
	if err := s.w.do(t.Context(), func(x *tx) error {
		for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(20_000) { // pages that are split leave copies behind
			if err := x.exec(`insert into tally (what, type_key, name, n, at_ms) values (?, ?, '', 1, 0)`,
				fmt.Sprint(i), text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w, err := pool(s.f.path, 1, wiping)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	held := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := held()
	list, err := s.f.unused(t.Context(), w)
	if err != nil || len(list) < 500 {
		t.Fatalf("%d pages found, %v", len(list), err)
	}
	if n := held() - before; n > int64(len(list))*1000 { // a quarter of a page each
		t.Errorf("%d bytes are held for %d pages", n, len(list))
	}
	runtime.KeepAlive(list)
}
