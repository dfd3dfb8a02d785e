package cli

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/simulator"
	"garner/jobs"
)

// damagedPages are read of each damaged database.
var damagedPages = []string{"/p/ada/day/2026-11-19", "/p/ada/data/dailies?from=2026-11-17&to=2026-11-20",
	"/p/ada/data/sleeps?from=2026-11-17&to=2026-11-20", "/inbox/3/body"}

// lived is a data directory of a person with some days.
func lived(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	world := simulator.New(simulator.Config{Seed: 7, People: 1, Days: 4, Until: time.Date(2026, 11, 20, 12, 0, 0, 0,
		time.UTC)})
	if got := runHere(t, dir, "", "person", "add", "--name", "Ada", "--garmin-user-id", world.People()[0].UserID); got.
		status != 0 {
		t.Fatal(got)
	}
	cfg := configOf(t, dir)
	f, err := openFiles(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	for d := range world.History() {
		if len(d.Body) > 100<<10 {
			continue
		}
		if _, err := f.inbox.Put(t.Context(), db.Arrival{Received: d.At, Path: d.Type}, d.Body); err != nil {
			t.Fatal(err)
		}
	}
	if err := drainHere(t.Context(), &view{f.inbox.InboxReader, f.store}, cfg, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func configOf(t *testing.T, dir string) config.Config {
	t.Helper()
	cfg, err := config.Load(os.DevNull, []string{"GARNER_DATA_DIR=" + dir, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// openedSite is a site over files that may be damaged.
type openedSite struct {
	*files
	handler http.Handler
}

// get returns the answer to a reader; 500 for one that was cut off.
func (s *openedSite) get(path string) (status int, page string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			status, page = http.StatusInternalServerError, "cut off"
		} else if p != nil {
			panic(p)
		}
	}()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// checked reports whether a deep check finds damage.
func (s *openedSite) checked(t *testing.T) bool {
	found := false
	err := jobs.DeepCheck(t.Context(), s.inbox.InboxReader, s.store, func(error) { found = true },
		func(string, int64, int64) error { return nil })
	return found || err != nil
}

// siteOver opens a directory as serve does. refused is why serve would not start.
func siteOver(t *testing.T, dir string) (s *openedSite, refused error) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	cfg := configOf(t, dir)
	f, err := openMatched(t.Context(), cfg, nil, log)
	if err != nil {
		return nil, err
	}
	how := appliance{demo: true}
	opts := serverOptions(cfg, cfg, []pathSecret{{text: "a-secret-for-tests-only"}}, how)
	srv, watch, err := serverAndWatch(cfg, opts, how, f, &jobs.Drain{}, log)
	if err != nil {
		t.Fatal(err)
	}
	if watch != nil {
		watch.Hold(false)
	}
	return &openedSite{f, srv.Handler()}, nil
}

var (
	tags    = regexp.MustCompile(`<[^>]*>`)
	numbers = regexp.MustCompile(`\d[\d.,:]*`)
)

// numbersOf are those that a reader of a page sees.
func numbersOf(page string) []string {
	return numbers.FindAllString(tags.ReplaceAllString(page, " "), -1)
}

// TestNoPageOfADamagedDatabaseShowsAWrongNumberAsRight flips a bit of a database, or
// cuts it, time after time: serve starts or says why not, and pages have the numbers
// that they had, or say that something is damaged. Of a damaged key or index, which
// hides a row, only a deep check may know.
func TestNoPageOfADamagedDatabaseShowsAWrongNumberAsRight(t *testing.T) {
	t.Parallel()
	trials := 24
	if os.Getenv("GARNER_TEST_ALL") != "" {
		trials = 200
	}
	dir, harmed := lived(t), t.TempDir()
	files := map[string][]byte{}
	for _, name := range []string{"garner.db", "inbox.db"} {
		whole, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = whole
	}
	right, err := siteOver(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := right.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, path := range damagedPages {
		if status, page := right.get(path); status != http.StatusOK || len(numbersOf(page)) < 5 {
			t.Fatalf("%s of undamaged data: %d\n%s", path, status, tags.ReplaceAllString(page, " "))
		}
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	reported, unseen := 0, 0
	for range trials {
		name, what := "garner.db", "a bit flipped"
		if rng.IntN(3) == 0 {
			name = "inbox.db"
		}
		text := slices.Clone(files[name])
		at := rng.IntN(len(text))
		if rng.IntN(10) == 0 {
			text, what = text[:at], "cut"
		} else {
			text[at] ^= 1 << rng.IntN(8)
		}
		for other, whole := range files {
			if other == name {
				whole = text
			}
			for _, log := range []string{"-wal", "-shm"} {
				os.Remove(filepath.Join(harmed, other+log)) //nolint:errcheck // mostly there is none
			}
			if err := os.WriteFile(filepath.Join(harmed, other), whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		site, err := siteOver(t, harmed)
		if err != nil {
			reported++
			continue
		}
		for _, path := range damagedPages {
			status, page := site.get(path)
			_, want := right.get(path)
			switch {
			case status >= 400 && len(page) > 0, strings.Contains(page, `data-testid="damaged"`):
				reported++
			case slices.Equal(numbersOf(page), numbersOf(want)):
			case site.checked(t):
				unseen++
			default:
				t.Errorf("%s %s at %d of %d: %s shows other numbers, and a deep check finds nothing", name, what, at,
					len(files[name]), path)
			}
		}
		site.Close() //nolint:errcheck // a damaged file may not close well
	}
	t.Logf("of %d trials %d pages or starts reported damage, and %d pages left out what only a deep check finds", trials,
		reported, unseen)
}
