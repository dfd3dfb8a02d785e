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
	"garner/server/pages"
)

func filesOf(cfg config.Config) *filestore.Store {
	files := filestore.In(cfg.DataDir)
	return &files
}

// targetOf reads the addresses of pings. It needs no client: what a ping announces waits
// until Garmin is set up.
func targetOf(cfg config.Config) func(*garmin.Type, string) (client.Target, error) {
	return func(t *garmin.Type, address string) (client.Target, error) {
		return client.TargetAt(cfg.Garmin.APIOrigin, t, address)
	}
}

// talk is what calls Garmin: the keeper of tokens, and those that use them.
type talk struct {
	keeper    *connect.Keeper
	confirmer *connect.Confirmer
	fetcher   *fetch.Fetcher
}

// moreOther make protocols beside OAuth 2, of the configuration and the environment.
// Files that will be deleted one day add themselves.
var moreOther []func(config.Config, *db.Store, []string, *slog.Logger) (pages.Other, error)

// otherThanOAuth2 is the protocol in use beside OAuth 2.
func otherThanOAuth2(cfg config.Config, store *db.Store, env []string, log *slog.Logger) (other pages.Other,
	err error) {
	for _, more := range moreOther {
		if other, err = more(cfg, store, env, log); err != nil {
			break
		}
	}
	return other, err
}

// newTalk makes what calls Garmin; nil if garner.db is broken.
func newTalk(other pages.Other, f *files, live *live, drain *jobs.Drain, source health.Origin,
	log *slog.Logger) *talk {
	if f.store == nil {
		return nil
	}
	keeper := &connect.Keeper{Store: f.store, Garmin: live.garmin.Load, Log: log, Other: other.Credential}
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
	}
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
