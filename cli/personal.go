package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/db"
	"garner/garmin/personal"
	"garner/health"
	"garner/jobs/pull"
	"garner/query"
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
	r.Changed, r.Counted = live.server.Changed, live.server.CountPersonal
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

// checkPersonal says how the people's own keys are.
func checkPersonal(ctx context.Context, a *app, cfg config.Config, now time.Time) (out []finding) {
	err := withStoreIfThere(ctx, a, cfg, func(s *db.Store) error {
		keys, err := s.PersonalKeys(ctx)
		if err != nil {
			return err
		}
		people, err := s.People(ctx)
		names := map[int64]string{}
		for _, p := range people {
			names[p.ID] = p.Name
		}
		for _, k := range keys {
			if k.State != db.KeyRemoved {
				out = append(out, checkKey(names[k.Person], k, now))
			}
		}
		return err
	})
	if err != nil {
		return []finding{{bad, "the keys for the Personal API cannot be read: " + err.Error()}}
	}
	return out
}

// checkKey says how the key of one person is.
func checkKey(name string, k db.PersonalKey, now time.Time) finding {
	of := "the Personal API key of " + name
	ends := query.KeyEnds(&k)
	switch {
	case k.State == db.KeyRefused:
		return finding{bad, of + " is refused; enter a new one on the Connection page or with garner person key"}
	case ends.IsZero():
		return finding{good, of + " is in use; its last day is not known"}
	case ends.Before(now):
		return finding{bad, of + " ended on " + k.Ends.String() + "; enter a new one"}
	}
	return finding{good, of + " is in use until " + k.Ends.String()}
}
