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
	"garner/jobs/pull"
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

// garminCallers are the jobs that call Garmin: the keeper of tokens, and those that use them.
type garminCallers struct {
	keeper    *connect.Keeper
	confirmer *connect.Confirmer
	fetcher   *fetch.Fetcher
	pull      *pull.Runner
}

// optionalProtocols make protocols beside OAuth 2, of the configuration and the
// environment. As in optionalCommands, files add themselves.
var optionalProtocols []func(config.Config, *db.Store, []string, *slog.Logger) (pages.Protocol, error)

// protocolOf is the protocol in use beside OAuth 2; its zero value is none.
func protocolOf(cfg config.Config, store *db.Store, env []string, log *slog.Logger) (protocol pages.Protocol,
	err error) {
	for _, optional := range optionalProtocols {
		if protocol, err = optional(cfg, store, env, log); err != nil {
			break
		}
	}
	return protocol, err
}

// newGarminCallers makes them; nil if garner.db is broken.
func newGarminCallers(protocol pages.Protocol, f *files, live *live, drain *jobs.Drain, source health.Origin,
	log *slog.Logger) *garminCallers {
	if f.store == nil {
		return nil
	}
	keeper := &connect.Keeper{Store: f.store, Garmin: live.garmin.Load, Log: log, LongLived: protocol.Credential}
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
	return &garminCallers{
		keeper: keeper,
		confirmer: &connect.Confirmer{Keeper: keeper, Store: f.store, Garmin: live.garmin.Load, Log: log,
			Changed: changed},
		fetcher: &fetch.Fetcher{Store: f.store, Inbox: f.inbox, Garmin: live.garmin.Load, Keeper: keeper, Log: log,
			Source: source, Wake: wake, Changed: changed},
	}
}

// jobs are what runs in the background.
func (c *garminCallers) jobs() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"tokens": c.keeper.Run, "notices": c.confirmer.Run, "fetch": c.fetcher.Run,
	}
}

// close waits for new tokens that are under way. It is called after the jobs have
// ended, and before the store is closed.
func (c *garminCallers) close() {
	if c != nil {
		c.keeper.Close()
	}
}
