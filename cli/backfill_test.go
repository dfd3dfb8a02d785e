package cli

import (
	"bytes"
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health/history"
)

// askable is a data directory with Ada, who is connected to a simulated Garmin with an
// evaluation key.
type askable struct {
	t      *testing.T
	dir    string
	garmin *service.Service
	env    []string
}

func newAskable(t *testing.T) *askable {
	t.Helper()
	world := simulator.New(simulator.Config{Seed: 1, People: 1, Days: 60, Until: time.Now(), Faults: &simulator.Faults{}})
	s := service.New(world, service.Config{ClientID: "id", ClientSecret: "secret", Evaluation: true,
		Push: func(context.Context, simulator.Delivery) error { return nil }})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	a := &askable{t: t, dir: t.TempDir(), garmin: s, env: []string{"GARNER_GARMIN_CLIENT_ID=id",
		"GARNER_GARMIN_CLIENT_SECRET=secret", "GARNER_GARMIN_API_ORIGIN=" + srv.URL,
		"GARNER_GARMIN_TOKEN_URL=" + srv.URL + service.TokenPath,
		"GARNER_GARMIN_AUTHORIZE_URL=" + srv.URL + service.AuthorizePath}}
	mustRun(t, a.dir, "", "person", "add", "--name", "Ada")
	a.connect()
	return a
}

// connect connects Ada, anew if she is.
func (a *askable) connect() {
	a.t.Helper()
	granted := []string{"ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", history.Permission}
	g := a.garmin.Connect(0, granted...)
	store := openStoreOf(a.t, a.dir)
	store.UseKeys(seal.File(filepath.Join(a.dir, keysFile)))
	p, err := store.PersonByName(a.t.Context(), "Ada")
	if err == nil {
		_, err = store.AddConnection(a.t.Context(), time.Now(), p.ID, g.UserID, db.Tokens{Access: g.AccessToken,
			Refresh: g.RefreshToken, AccessEnds: g.AccessExpires, RefreshEnds: g.RefreshExpires}, granted)
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// run asks for days before today, the last included.
func (a *askable) run(from, to int, more ...string) ran {
	a.t.Helper()
	var out, errs bytes.Buffer
	app := &app{in: strings.NewReader(""), out: &out, err: &errs,
		env: append([]string{"GARNER_DATA_DIR=" + a.dir, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"}, a.env...)}
	day := func(ago int) string { return time.Now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
	status := app.status(context.Background(), append([]string{"backfill", "--person", "ada", "--from", day(from),
		"--to", day(to)}, more...))
	return ran{status, out.String(), errs.String()}
}

func TestHistoryIsAskedForWithoutARunningGarner(t *testing.T) {
	t.Parallel()
	a := newAskable(t)
	dry := a.run(40, 0, "--type", "dailies", "--dry-run")
	if dry.status != 0 || strings.Count(dry.out, "to be asked") != 2 || !strings.Contains(dry.out, "too new") ||
		len(a.garmin.Requests()) != 0 {
		t.Fatalf("%+v", dry)
	}
	got := a.run(40, 0, "--type", "dailies")
	if got.status != 0 || strings.Count(got.out, ": accepted\n") != 1 ||
		strings.Count(got.out, ": refused: too early\n") != 2 || len(a.garmin.Requests()) != 2 {
		t.Errorf("%+v", got)
	}
	again := a.run(40, 0, "--type", "dailies")
	if again.status != 1 || !strings.Contains(again.out, "Garmin accepted on") || !strings.Contains(again.out, "before the earliest") {
		t.Errorf("%+v", again)
	}
	a.connect()
	if got := a.run(20, 15, "--type", "dailies", "--dry-run"); !strings.Contains(got.out, "to be asked") {
		t.Errorf("after connecting again: %+v", got)
	}
}

func TestHistoryOfATypeWithoutBackfillIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	a := newAskable(t)
	got := a.run(20, 10, "--type", "activityFiles")
	if got.status != 1 || !strings.Contains(got.out, "Garmin does not send this type again") {
		t.Errorf("%+v", got)
	}
	if got := a.run(10, 20); got.status != statusUsage {
		t.Errorf("%+v", got)
	}
}

func TestHistoryOfMoreThanTenYearsIsNotPlanned(t *testing.T) {
	t.Parallel()
	got := runHere(t, t.TempDir(), "", "backfill", "--person", "Ada", "--from", "0001-01-01", "--to", "9999-12-31")
	if got.status != statusUsage || !strings.Contains(got.err, "10 years ago") {
		t.Errorf("%+v", got)
	}
}
