package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/export"
	"garner/garmin"
	"garner/health"
)

// fileOf is a file that a test writes.
type fileOf struct {
	export.Dictionary
	write func(out io.Writer, from *export.Source) (int, error)
}

func (fileOf) Name() string { return "test.csv" }

func (f fileOf) Write(_ context.Context, out io.Writer, from *export.Source) (int, error) {
	return f.write(out, from)
}

func archiveOf(f export.File) *export.Archive {
	return &export.Archive{Plan: export.Plan{Files: []export.File{f}}, Form: export.CSV,
		Source: &export.Source{From: export.OpenFrom, To: export.OpenTo,
			People: []export.Person{{ID: 1, Name: "Ann\nFiles: none"}}},
		Made: time.Date(2026, 11, 23, 8, 4, 0, 0, time.UTC)}
}

var errLimit = errors.New("the reader takes no more")

// limited takes some bytes and counts them.
type limited struct{ left, took int }

func (l *limited) Write(p []byte) (int, error) {
	l.took += len(p)
	if l.left -= len(p); l.left < 0 {
		return 0, errLimit
	}
	return len(p), nil
}

// A ZIP holds little back: what was written into it and has not come out stays
// small while the file grows, and the first error of the reader ends the work.
func TestAnArchiveIsStreamed(t *testing.T) {
	t.Parallel()
	const total, most = 8 << 20, 1 << 20
	out, in, row := &limited{left: total / 2}, 0, make([]byte, 8<<10)
	err := archiveOf(fileOf{write: func(w io.Writer, _ *export.Source) (n int, err error) {
		for in < total {
			rand.Read(row) // cannot be compressed
			if _, err := w.Write(row); err != nil {
				return n, err
			}
			n, in = n+1, in+len(row)
			if in-out.took > most {
				t.Fatalf("%d bytes are held back after %d", in-out.took, in)
			}
		}
		return n, nil
	}}).Write(t.Context(), out)
	if !errors.Is(err, errLimit) || in > total/2+most {
		t.Errorf("%v after %d bytes", err, in)
	}
}

func TestTheReadmeCountsDamagedRecordsAndKeepsNamesOnTheirLine(t *testing.T) {
	t.Parallel()
	what := export.What{Type: garmin.HRV, Form: export.CSV}
	good := records(t, sample(t, "hrv"), health.Push)
	rows := func(yield func(*health.Record, error) bool) {
		_ = yield(nil, &db.DamagedError{Person: 1, Type: "hrv", Why: "test"}) && yield(good[0], nil) &&
			yield(nil, &db.DamagedError{Person: 1, Type: "hrv", Why: "test"})
	}
	var b bytes.Buffer
	err := archiveOf(fileOf{write: func(w io.Writer, from *export.Source) (int, error) {
		return export.Write(w, what, export.Without(export.Of("Ann", rows), from.Damaged))
	}}).Write(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("README.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nPeople:  Ann Files: none\n", "\nDays:    all\n", "\ntest.csv: 1 row. ",
		"\ntest.csv: 2 damaged records cannot be read; all others are included.\n", "never 0"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A ZIP is unpacked on file systems that fold case and know reserved names.
func TestFileNamesAreSafeWhereverTheyAreUnpacked(t *testing.T) {
	t.Parallel()
	safe := regexp.MustCompile(`^[a-z][a-zA-Z0-9_-]*\.(csv|jsonl|md)$`)
	for _, form := range []export.Form{export.CSV, export.JSON} {
		seen := []string{"con", "prn", "aux", "nul", "readme"}
		for _, f := range export.Files(form) {
			base, _, _ := strings.Cut(strings.ToLower(f.Name()), ".")
			if !safe.MatchString(f.Name()) || slices.Contains(seen, base) {
				t.Errorf("%q", f.Name())
			}
			seen = append(seen, base)
		}
	}
}

func TestKeysNameEachFileOnce(t *testing.T) {
	t.Parallel()
	for _, form := range []export.Form{export.CSV, export.JSON} {
		seen := map[string]bool{}
		for _, f := range export.Files(form) {
			for _, name := range []string{f.Key(), f.Name()} {
				if seen[name] || f.Holds() == "" {
					t.Errorf("%s, %q", name, f.Holds())
				}
				seen[name] = true
			}
		}
	}
}
