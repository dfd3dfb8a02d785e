package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

// tree is all of a folder, by path, without times. SQLite's two working files stand
// beside a database that was read, and hold nothing.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && (strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") && info.Size() == 0) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return errors.Join(err, ignore(fmt.Fprintln(&out, path, info.Mode())))
		}
		text, err := os.ReadFile(path)
		return errors.Join(err, ignore(fmt.Fprintf(&out, "%s %v %d %x\n", path, info.Mode(), len(text), sha256.Sum256(text))))
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func ignore(_ int, err error) error { return err }

// withConfig writes a configuration beside the data, and returns its path.
func withConfig(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "garner.toml")
	if err := os.WriteFile(file, []byte("listen = \"127.0.0.1:0\"\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAFreshInstallThatWorksHasNoProblem(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "new")} {
		got := runHere(t, dir, "", "check", "--config", withConfig(t, ""))
		if got.status != statusDone || strings.Contains(got.out, "!!") {
			t.Errorf("status %d: %s%s", got.status, got.out, got.err)
		}
		for _, want := range []string{"ok  configuration read\n", "--  public_url: not set; ", "--  garmin.client_id: not set; ",
			"--  ready for Garmin's production review: not known; garner serve does not run\n"} {
			if !strings.Contains(got.out, want) {
				t.Errorf("it lacks %q: %s", want, got.out)
			}
		}
	}
}

func TestCheckCreatesAndChangesNothing(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "data")
	file := withConfig(t, "public_url = \"https://garner.example.org\"\n")
	check := func(what string) {
		t.Helper()
		before := tree(t, parent)
		got := runHere(t, dir, "", "check", "--config", file)
		if got.status != statusDone || !strings.Contains(got.out, "not tested; garner serve does not run") {
			t.Errorf("%s: status %d: %s%s", what, got.status, got.out, got.err)
		}
		if after := tree(t, parent); after != before {
			t.Errorf("%s: it was\n%s\nand is\n%s", what, before, after)
		}
	}
	check("without data_dir")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	check("with an empty data_dir")
	if got := runHere(t, dir, "", "person", "add", "--name", "Ada"); got.status != statusDone {
		t.Fatal(got.err)
	}
	check("with data")
}

func TestThePublicAddressIsTestedWhileGarnerServes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other := httptest.NewUnstartedServer(http.NotFoundHandler())
	other.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	other.StartTLS()
	t.Cleanup(other.Close)
	if got := runHere(t, dir, "", "person", "add", "--name", "Ada"); got.status != statusDone {
		t.Fatal(got.err)
	}
	release, err := lockDataDir(dir) // as serve does
	if err != nil {
		t.Fatal(err)
	}
	got := runHere(t, dir, "", "check", "--config", withConfig(t, "public_url = \""+other.URL+"\"\n"))
	if err := release(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--  public address: 127.0.0.1 resolves to 127.0.0.1 here, and Garmin cannot",
		"!!  public address: The public address has port ",
		"!!  public address: The certificate ",
		"missing: a public address that passes all tests above; garmin.client_id; data of two people"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("it lacks %q: %s", want, got.out)
		}
	}
	if got.status != statusFailed || strings.Contains(got.out, "was not tested") || !strings.Contains(got.err,
		"problems found: ") {
		t.Errorf("status %d: %s%s", got.status, got.out, got.err)
	}
}

// pushed is a data directory into which bodies were pushed.
func pushed(t *testing.T, people int, bodies ...string) config.Config {
	t.Helper()
	cfg := config.Default()
	cfg.DataDir, cfg.Garmin.ClientID = t.TempDir(), "ours"
	f, err := openFiles(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		if _, err := f.store.AddPerson(t.Context(), time.Now(), fmt.Sprint("Person ", i), fmt.Sprint("u", i), ""); err != nil {
			t.Fatal(err)
		}
		for _, body := range bodies {
			body = strings.ReplaceAll(body, "USER", fmt.Sprint("u", i))
			if _, err := f.inbox.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
				t.Fatal(err)
			}
		}
	}
	drain := &jobs.Drain{Inbox: f.inbox.InboxReader, Receiving: f.inbox, Store: f.store,
		Log: slog.New(slog.DiscardHandler), Workers: 1}
	if err := errors.Join(drain.RunUntilEmpty(t.Context()), f.Close()); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestTheReviewIsReadyOnceNothingThatGarnerKnowsOfIsMissing(t *testing.T) {
	t.Parallel()
	daily := `{"dailies":[{"userId":"USER","summaryId":"x1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
		`"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"steps":1234}]}`
	notices := []string{`{"deregistrations":[{"userId":"USER"}]}`,
		`{"userPermissionsChange":[{"userId":"USER","permissions":["HEALTH_EXPORT"],"changeTimeInSeconds":1795132800}]}`}
	all := append([]string{daily}, notices...)
	now := time.Now()
	for _, c := range []struct {
		cfg     config.Config
		missing []string
		now     time.Time
		word    mark
		want    string
	}{
		{pushed(t, 2, all...), nil, now, good, "people: 2, types that arrived in 30 days: 1; turn off in the portal or wait"},
		{pushed(t, 1, all...), nil, now, unset, "missing: data of two people in the last 30 days (people so far: 1)"},
		{pushed(t, 2, all...), nil, now.AddDate(0, 0, 40), unset, "(people so far: 0)"},
		{pushed(t, 2, daily), nil, now, unset, "missing: a first callback of deregistrations; a first callback of user"},
		{pushed(t, 2, all...), []string{"public_url"}, now, unset, "missing: public_url"},
	} {
		got := checkReview(context.Background(), c.cfg, c.now, c.missing)
		if got.mark != c.word || !strings.Contains(got.text, c.want) {
			t.Errorf("got %v, want %s, %q", got, c.word, c.want)
		}
	}
	cfg := pushed(t, 2, all...)
	cfg.Limits.BodyBytes, cfg.Limits.WriteTimeout = 10<<20, config.Duration(time.Minute)
	got := checkReview(t.Context(), cfg, now, nil)
	if got.mark != unset || !strings.Contains(got.text, "limits.body_bytes of 100 MB or more; limits.write_timeout") {
		t.Error(got)
	}
}
