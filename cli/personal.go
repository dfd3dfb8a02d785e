package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
	"garner/health"
	"garner/jobs/pull"
	"garner/server/pages"
)

// newPersonal makes the client of Garmin's Personal API.
func newPersonal(cfg config.Config, log *slog.Logger) (*personal.Client, error) {
	return personal.New(cfg.Personal.Origin, personal.Limits{PerSecond: cfg.Personal.CallsPerSecond,
		Parallel: cfg.Personal.Parallel}, log)
}

// personalPages is the Personal API as pages use it.
func personalPages(cfg config.Config, api *personal.Client) pages.Personal {
	return pages.Personal{Keys: keyTester{api}, PerSecond: cfg.Personal.CallsPerSecond}
}

// keyTester tries keys.
type keyTester struct{ *personal.Client }

// TestKey exchanges a key once.
func (t keyTester) TestKey(ctx context.Context, key string) error {
	_, err := t.Exchange(ctx, key)
	return err
}

// pullRunner asks the Personal API.
func pullRunner(cfg config.Config, store *db.Store, inbox pull.Inbox, api *personal.Client,
	log *slog.Logger) (*pull.Runner, error) {
	r := &pull.Runner{Store: store, Inbox: inbox, Garmin: api, Log: log, Source: health.Personal,
		PerSecond: cfg.Personal.CallsPerSecond, Parallel: cfg.Personal.Parallel}
	var err error
	if r.Recent, err = cron.ParseStandard(cfg.Personal.Schedule); err != nil {
		return nil, fmt.Errorf("personal.schedule: %w", err)
	}
	if r.Settle, err = cron.ParseStandard(cfg.Personal.Settle); err != nil {
		return nil, fmt.Errorf("personal.settle: %w", err)
	}
	return r, nil
}

// livePull asks the Personal API while Garner serves. What others send goes first.
func livePull(cfg config.Config, f *files, live *live, api *personal.Client, log *slog.Logger) (*pull.Runner, error) {
	r, err := pullRunner(cfg, f.store, f.inbox, api, log)
	if err != nil {
		return nil, err
	}
	if live.demo {
		r.Source = health.Simulated
	}
	r.Changed = live.server.Changed
	r.Busy = func() bool {
		waiting, _ := f.inbox.Backlog()
		return f.inbox.Queued() > 0 || waiting > mostBacklog
	}
	return r, nil
}

// briefInbox stores answers in a command. It keeps others from serving for one answer at a
// time: serve can start in between, and takes over.
type briefInbox struct {
	cfg config.Config
	mu  sync.Mutex
}

// Put stores an answer.
func (b *briefInbox) Put(ctx context.Context, a db.Arrival, body []byte) (id int64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	release, err := lockToStore(ctx, b.cfg.DataDir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, release()) }()
	inbox, err := openInbox(ctx, b.cfg, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, inbox.Close()) }()
	return inbox.Put(ctx, a, body)
}

// keyFault says in words why a key was not accepted.
func keyFault(err error) string {
	var status *client.StatusError
	switch {
	case errors.Is(err, personal.ErrNotAKey):
		return err.Error()
	case errors.Is(err, personal.ErrKeyRefused):
		return "Garmin refuses this key: it is mistyped, has ended, was deleted, or was replaced by a newer one"
	case errors.Is(err, personal.ErrNoBearer):
		return "Garmin answered with something else than a token; check personal.origin"
	case errors.As(err, &status):
		return fmt.Sprintf("Garmin answers with an error (%d)", status.Status)
	}
	return "Garmin cannot be reached from this machine"
}
