package cli

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// pullable is a data directory with Ada, and a simulated Garmin with her account.
type pullable struct {
	t      *testing.T
	dir    string
	garmin *service.Service
	server *httptest.Server
}

func newPullable(t *testing.T) *pullable {
	t.Helper()
	world := simulator.New(simulator.Config{Seed: 1, People: 1, Days: 30, Until: time.Now(), Faults: &simulator.Faults{}})
	p := &pullable{t: t, dir: t.TempDir(), garmin: service.New(world, service.Config{AllowBursts: true})}
	p.server = httptest.NewServer(p.garmin)
	t.Cleanup(p.server.Close)
	mustRun(t, p.dir, "", "person", "add", "--name", "Ada")
	return p
}

func (p *pullable) run(stdin string, args ...string) ran {
	p.t.Helper()
	var out, errs bytes.Buffer
	app := &app{in: strings.NewReader(stdin), out: &out, err: &errs, env: []string{"GARNER_DATA_DIR=" + p.dir,
		"GARNER_LIMITS_MIN_FREE_BYTES=1MiB", "GARNER_PERSONAL_ORIGIN=" + p.server.URL,
		"GARNER_PERSONAL_CALLS_PER_SECOND=100", "GARNER_PERSONAL_PARALLEL=8"}}
	status := app.status(context.Background(), args)
	return ran{status, out.String(), errs.String()}
}

func day(ago int) string { return time.Now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }

func TestAKeyIsTriedAndStoredOnlyIfGarminAcceptsItOrCannotBeAsked(t *testing.T) {
	t.Parallel()
	p := newPullable(t)
	for name, key := range map[string]string{"refused": "GCDC_of_someone_else", "no key": "two words"} {
		if got := p.run(key+"\n", "person", "key", "--name", "ada", "--key-stdin"); got.status != 1 ||
			strings.Contains(got.out+got.err, key) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := p.run("", "pull"); got.status != 1 || !strings.Contains(got.err, "no key is in use") {
		t.Errorf("%+v", got)
	}
	key := p.garmin.MakeKey(0, time.Now().AddDate(0, 1, 0))
	if got := p.run(key, "person", "key", "--name", "ada", "--key-stdin", "--ends", day(-30)); got.status != 0 ||
		!strings.Contains(got.out, "Garmin accepts it") || strings.Contains(got.out+got.err, key) {
		t.Errorf("%+v", got)
	}
	p.garmin.FailPersonal(500)
	if got := p.run(key, "person", "key", "--name", "ada", "--key-stdin"); got.status != 0 ||
		!strings.Contains(got.out, "not tried") {
		t.Errorf("%+v", got)
	}
	if got := p.run("", "person", "list"); strings.Contains(got.out, "personal-") {
		t.Errorf("%+v", got)
	}
	if got := p.run("", "person", "key", "--name", "ada", "--remove"); got.status != 0 {
		t.Errorf("%+v", got)
	}
	if got := p.run("", "person", "key", "--name", "ada", "--remove"); got.status != 1 {
		t.Errorf("%+v", got)
	}
}

func TestPullAsksAndProcessesWithoutARunningGarner(t *testing.T) {
	t.Parallel()
	p := newPullable(t)
	p.run(p.garmin.MakeKey(0, time.Now().AddDate(0, 1, 0)), "person", "key", "--name", "ada", "--key-stdin")
	if got := p.run("", "pull", "--person", "ada", "--from", day(11), "--to", day(10)); got.status != 0 ||
		!strings.HasSuffix(got.out, "done\n") {
		t.Fatalf("%+v", got)
	}
	calls := len(p.garmin.PersonalCalls())
	if got := p.run("", "export", "--person", "ada", "--type", "dailies"); strings.Count(got.out, "\n") != 3 ||
		!strings.Contains(got.out, "personal") {
		t.Errorf("%+v", got)
	}
	for _, c := range p.garmin.PersonalCalls() {
		if strings.Contains(c.Target, day(12)) || strings.Contains(c.Target, day(9)) || strings.Contains(c.Target, day(0)) {
			t.Errorf("%s is about other days", c.Target)
		}
	}
	if got := p.run("", "pull", "--from", day(11), "--to", day(10)); got.status != 0 ||
		len(p.garmin.PersonalCalls())-calls > 3 {
		t.Errorf("%d calls for what was answered for good: %+v", len(p.garmin.PersonalCalls())-calls, got)
	}
	calls = len(p.garmin.PersonalCalls())
	if got := p.run("", "pull", "--from", day(11), "--to", day(10), "--again"); got.status != 0 ||
		len(p.garmin.PersonalCalls())-calls < 20 {
		t.Errorf("%d calls to ask again: %+v", len(p.garmin.PersonalCalls())-calls, got)
	}
}
