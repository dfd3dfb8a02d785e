package backfill

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/client"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/jobs/jobstest"
)

// bench is a runner over a simulated Garmin, where one person is connected.
type bench struct {
	*jobstest.Box
	runner     *Runner
	garmin     *service.Service
	cred       client.Credential
	refused    int
	fault      atomic.Value // of type service.Fault
	connection int64
	now        time.Time
	up         time.Duration
}

func (b *bench) Credential(context.Context, int64) (client.Credential, error) { return b.cred, nil }

func (b *bench) Refused(context.Context, int64) (bool, error) {
	b.refused++
	return true, nil
}

func newBench(t *testing.T, cfg service.Config, granted ...string) *bench {
	t.Helper()
	b := &bench{Box: jobstest.Open(t), now: time.Now()}
	b.fault.Store(service.NoFault)
	world := simulator.New(simulator.Config{Seed: 1, People: 1, Days: 60, Until: b.now, Faults: &simulator.Faults{}})
	cfg.ClientID, cfg.ClientSecret = "id", "secret"
	cfg.Push = func(context.Context, simulator.Delivery) error { return nil }
	cfg.Faults.Pick = func(*http.Request) service.Fault { return b.fault.Load().(service.Fault) }
	b.garmin = service.New(world, cfg)
	srv := httptest.NewServer(b.garmin)
	t.Cleanup(srv.Close)
	api, err := client.New(client.Config{ClientID: "id", ClientSecret: "secret", AuthorizeURL: srv.URL + service.AuthorizePath,
		TokenURL: srv.URL + service.TokenPath, APIOrigin: srv.URL}, slog.New(slog.DiscardHandler))
	b.must(err)
	b.cred = client.Bearer(b.garmin.Connect(0, granted...).AccessToken)
	b.Add("Ada", "u1", "")
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	b.connection, err = b.Store.AddConnection(t.Context(), b.now, 1, "u1", db.Tokens{}, everything)
	b.must(err)
	b.runner = &Runner{Store: b.Store, Garmin: func() Garmin { return api }, Keeper: b, Log: slog.New(slog.DiscardHandler),
		DaysPerMinute: 100}
	return b
}

func (b *bench) must(err error) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
}

// plan plans a window of days before today.
func (b *bench) plan(t *garmin.Type, from, to int) {
	b.T.Helper()
	day := b.now.UTC().Truncate(24 * time.Hour)
	n, err := b.Store.PlanWindows(b.T.Context(), b.now, []db.Window{{Connection: b.connection, Type: t.Key,
		From: day.AddDate(0, 0, -from), To: day.AddDate(0, 0, -to)}})
	if err != nil || n != 1 {
		b.T.Fatalf("%d windows planned, %v", n, err)
	}
}

// step asks for one window some time after the step before, and returns all windows,
// the newest range first.
func (b *bench) step(after time.Duration) []db.Window {
	b.T.Helper()
	b.now, b.up = b.now.Add(after), b.up+after
	_, err := b.runner.Step(b.T.Context(), b.now, b.up)
	b.must(err)
	list, err := b.Store.WindowsOf(b.T.Context(), 1)
	b.must(err)
	return list
}

func TestWhatIsLeftOfATooEarlyWindowIsAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{Evaluation: true}, everything...)
	b.plan(garmin.Dailies, 40, 20)
	b.plan(garmin.Dailies, 70, 40)
	if got := b.step(0); len(got) != 3 || got[0].State != db.WindowPlanned || got[1].State != db.WindowTooEarly ||
		got[2].State != db.WindowTooEarly || got[2].Attempts != 0 {
		t.Fatalf("%+v", got)
	}
	if got := b.step(time.Second); got[0].State != db.WindowAccepted || len(b.garmin.Requests()) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestAnAnswerThatIsLostIsAskedAgainAndThenCountsAsAccepted(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{}, everything...)
	b.plan(garmin.Sleeps, 40, 20)
	b.fault.Store(service.Lost)
	if got := b.step(0); got[0].State != db.WindowPlanned || got[0].Unknown != 1 {
		t.Fatalf("%+v", got)
	}
	b.fault.Store(service.NoFault)
	if got := b.step(time.Second); got[0].Attempts != 1 {
		t.Errorf("asked again at once: %+v", got)
	}
	if got := b.step(lostWait + time.Minute); got[0].State != db.WindowAccepted || got[0].Status != 409 {
		t.Errorf("%+v", got)
	}
}

func TestAWindowThatAnEarlierProcessAskedForIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{}, everything...)
	b.plan(garmin.Sleeps, 40, 20)
	open, err := b.Store.OpenWindows(t.Context())
	b.must(err)
	b.must(b.Store.BeginWindow(t.Context(), b.now, open[0].ID, db.Spend{What: dayBudget, N: 20}))
	if got := b.step(0); got[0].State != db.WindowPlanned || got[0].Unknown != 1 || len(b.garmin.Requests()) != 0 {
		t.Fatalf("%+v", got)
	}
	if got := b.step(lostWait + time.Minute); got[0].State != db.WindowAccepted || got[0].Status != 202 {
		t.Errorf("%+v", got)
	}
}

func TestAThirdLostAnswerGivesUpAndTheWindowStaysBurnt(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{}, everything...)
	b.plan(garmin.Sleeps, 40, 20)
	b.fault.Store(service.ServerError)
	b.step(0)
	b.step(lostWait + time.Minute)
	if got := b.step(lostWait + time.Minute); got[0].Attempts != 2 {
		t.Errorf("asked again within the hour: %+v", got)
	}
	if got := b.step(lostAgainWait + time.Minute); got[0].State != db.WindowFailed || !got[0].Burnt() || got[0].Attempts != 3 {
		t.Errorf("%+v", got)
	}
}

func TestRefusalsAreRecordedWithGarminsWords(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{Mode: map[string]string{"hrv": service.ModeOff}}, service.HealthExport,
		service.HistoricalExport)
	asked := 0
	b.runner.Permissions = func(context.Context, int64) error {
		asked++
		return nil
	}
	b.plan(garmin.HRV, 20, 10)
	if got := b.step(0); got[0].State != db.WindowFailed || !strings.Contains(got[0].Answer, "not enabled") || got[0].Burnt() {
		t.Errorf("%+v", got)
	}
	b.plan(garmin.Activities, 19, 10)
	b.step(time.Second)
	if got := b.step(0); got[0].State != db.WindowNotPermitted || got[0].Status != 412 || asked != 1 {
		t.Errorf("%+v, asked %d times", got, asked)
	}
	b.cred = client.Bearer("wrong")
	b.plan(garmin.Sleeps, 18, 10)
	b.step(time.Second)
	if got := b.step(time.Second); got[0].State != db.WindowPlanned || got[0].Status != 401 || b.refused != 1 ||
		got[0].Due.Sub(b.now) < refusedWait-time.Minute {
		t.Errorf("%+v, refused %d times", got[0], b.refused)
	}
}

func TestAllWindowsWaitAfterTooMany(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{Evaluation: true}, everything...)
	b.runner.DaysPerMinute = 10_000 // more than Garmin allows
	for i, typ := range []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.HRV, garmin.Epochs, garmin.Activities} {
		b.plan(typ, 30, 1+i%2)
	}
	for range 9 {
		b.step(0)
	}
	got := b.step(0)
	limited := 0
	for _, w := range got {
		if w.Status == 429 {
			limited++
		}
	}
	if limited != 1 || len(b.garmin.Requests()) != 4 {
		t.Errorf("%d of %d windows were refused by %d calls", limited, len(got), len(b.garmin.Requests()))
	}
}

func TestLiveDataGoFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{}, everything...)
	b.plan(garmin.Dailies, 40, 20)
	busy := true
	b.runner.Busy = func() bool { return busy }
	b.step(0)
	if n := len(b.garmin.Requests()); n != 0 {
		t.Errorf("%d requests while busy", n)
	}
	busy = false
	if got := b.step(time.Second); got[0].State != db.WindowAccepted {
		t.Errorf("%+v", got)
	}
}

func TestACallThatWasNotSentIsNotCountedAsUnknown(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := &db.Window{From: now, Attempts: 1}
	if a := answerOf(w, &client.OpenError{Until: now.Add(30 * time.Second)}, now); a.Unknown || a.Due.Sub(now) != 30*time.Second {
		t.Errorf("%+v", a)
	}
	if a := answerOf(w, errors.New("connection reset"), now); !a.Unknown {
		t.Errorf("%+v", a)
	}
}

// ending ends the program while a credential is asked for.
type ending struct {
	Keeper
	end func()
}

func (e ending) Credential(ctx context.Context, _ int64) (client.Credential, error) {
	e.end()
	return nil, ctx.Err()
}

func TestTheEndOfGarnerPostponesNoWindow(t *testing.T) {
	t.Parallel()
	b := newBench(t, service.Config{}, everything...)
	b.plan(garmin.Sleeps, 40, 20)
	ctx, end := context.WithCancel(t.Context())
	b.runner.Keeper = ending{b, end}
	_, _ = b.runner.Step(ctx, b.now, b.up) // its error is the end of ctx
	due, err := b.Store.DueWindows(t.Context(), b.now)
	if err != nil || len(due) != 1 {
		t.Errorf("%d windows are due, %v", len(due), err)
	}
}
