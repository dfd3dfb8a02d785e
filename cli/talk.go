package cli

import (
	"context"
	"log/slog"

	"garner/config"
	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/client"
	"garner/health"
	"garner/jobs"
	"garner/jobs/connect"
	"garner/jobs/fetch"
)

func filesOf(cfg config.Config) *filestore.Store {
	files := filestore.In(cfg.DataDir)
	return &files
}

// target reads the address of a ping. It needs no client: what a ping announces waits
// until Garmin is set up.
func (l *live) target(t *garmin.Type, address string) (client.Target, error) {
	return client.TargetAt(l.base.Garmin.APIOrigin, t, address)
}

// talk is what calls Garmin: the keeper of tokens, and those that use them.
type talk struct {
	keeper    *connect.Keeper
	confirmer *connect.Confirmer
	fetcher   *fetch.Fetcher
}

// moreCredentials make credentials of tokens that are not OAuth 2's. Files that will be
// deleted one day add themselves.
var moreCredentials []func(config.Config, *db.Store, []string, *slog.Logger) (
	func(db.Tokens) (client.Credential, bool), error)

// newTalk makes what calls Garmin; nil if garner.db is broken.
func newTalk(cfg config.Config, env []string, f *files, live *live, drain *jobs.Drain, source health.Origin,
	log *slog.Logger) (*talk, error) {
	if f.store == nil {
		return nil, nil
	}
	keeper, err := newKeeper(live.cfg, env, f.store, live.garmin.Load, log)
	if err != nil {
		return nil, err
	}
	if source == health.Push {
		source = health.Ping
	}
	wake := make(chan struct{}, 1)
	changed := live.server.Changed
	drain.Changed = func() {
		changed()
		select {
		case wake <- struct{}{}:
		default: // it wakes already
		}
	}
	return &talk{
		keeper: keeper,
		confirmer: &connect.Confirmer{Keeper: keeper, Store: f.store, Garmin: live.garmin.Load, Log: log,
			Changed: changed},
		fetcher: &fetch.Fetcher{Store: f.store, Inbox: f.inbox, Garmin: live.garmin.Load, Keeper: keeper, Log: log,
			Source: source, Wake: wake, Changed: changed},
	}, nil
}

// newKeeper makes the keeper of tokens of a store.
func newKeeper(cfg config.Config, env []string, store *db.Store, garmin func() *client.Client,
	log *slog.Logger) (*connect.Keeper, error) {
	keeper := &connect.Keeper{Store: store, Garmin: garmin, Log: log}
	for _, more := range moreCredentials {
		other, err := more(cfg, store, env, log)
		if err != nil {
			return nil, err
		}
		if other != nil {
			keeper.Other = other
		}
	}
	return keeper, nil
}

// jobs are what runs in the background.
func (t *talk) jobs() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"tokens": t.keeper.Run, "notices": t.confirmer.Run, "fetch": t.fetcher.Run,
	}
}

// close waits for new tokens that are under way. It is called after the jobs have
// ended, and before the store is closed.
func (t *talk) close() {
	if t != nil {
		t.keeper.Close()
	}
}
