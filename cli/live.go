package cli

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/client"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/pages"
)

// live applies what may change while Garner runs: settings made on pages, and
// the callback secrets in their file. Both may also be changed by commands.
type live struct {
	base  config.Config // of the file and the environment
	demo  bool          // which takes no settings
	store *db.Store     // nil if garner.db is broken
	log   *slog.Logger

	server *server.Server
	watch  *watch.Watch // nil if garner.db is broken

	garmin  atomic.Pointer[client.Client] // in force; nil while it is not set up
	cfg     config.Config                 // in force
	secrets []pathSecret                  // in force, newest first
	seen    sources
	failed  string               // the last error that was logged
	used    map[string]time.Time // as recorded, by SecretID
}

// sources tell whether anything may have changed.
type sources struct {
	secrets, keys stamp
	settings      int64
}

// stamp is of a version of a file; zero if there is none.
type stamp struct{ modified, size int64 }

func stampOf(dir, name string) stamp {
	st, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		return stamp{}
	}
	return stamp{st.ModTime().UnixNano(), st.Size()}
}

const (
	// changesEvery is how often live looks for changes.
	changesEvery = time.Second
	// usesEvery is how often the last use of the secrets is recorded.
	usesEvery = time.Minute
)

// newLive reads what is in force at the start. Settings that cannot be read are none;
// the secrets are those that were read before. It lacks the server and the watch.
func newLive(ctx context.Context, base config.Config, how appliance, store *db.Store, secrets []pathSecret,
	log *slog.Logger) *live {
	l := &live{base: base, demo: how.demo, store: store, log: log, cfg: base, secrets: secrets,
		used: map[string]time.Time{}}
	seen, err := l.look(ctx)
	if err == nil {
		err = l.read(ctx, seen)
	}
	l.report(ctx, err)
	return l
}

// Run applies changes until ctx ends.
func (l *live) Run(ctx context.Context) error {
	changes, uses := time.NewTicker(changesEvery), time.NewTicker(usesEvery)
	defer changes.Stop()
	defer uses.Stop()
	for {
		select {
		case <-ctx.Done():
			return l.recordUses(context.WithoutCancel(ctx))
		case <-changes.C:
			l.report(ctx, l.RunOnce(ctx))
		case <-uses.C:
			l.report(ctx, l.recordUses(ctx))
		}
	}
}

// RunOnce applies what has changed since the last time.
func (l *live) RunOnce(ctx context.Context) error {
	seen, err := l.look(ctx)
	if err != nil || seen == l.seen {
		return err
	}
	if err := l.read(ctx, seen); err != nil {
		return err
	}
	access, shown := accessOf(l.cfg, l.secrets), shownOf(l.cfg, l.secrets)
	shown.Garmin = l.garmin.Load()
	l.server.Apply(access, shown)
	if l.watch != nil && !l.demo {
		l.watch.Dispatcher.Redirect(destinations(l.cfg), shown.Preferences.Zone)
		l.watch.Aim(l.cfg.PublicURL)
	}
	l.server.Changed()
	return nil
}

func (l *live) look(ctx context.Context) (seen sources, err error) {
	seen.secrets, seen.keys = stampOf(l.base.DataDir, secretFile), stampOf(l.base.DataDir, keysFile)
	if l.store != nil {
		seen.settings, err = l.store.SettingsMark(ctx)
	}
	return seen, err
}

// read reads everything as it is in the sources. If it fails, what is in force
// stays, and the next look tries again.
func (l *live) read(ctx context.Context, seen sources) error {
	cfg, secrets, err := l.base, l.secrets, error(nil)
	if l.base.Garmin.CallbackSecret == "" {
		// A file that is gone is not made anew: the secrets are in Garmin's portal.
		if secrets, err = readSecrets(filepath.Join(l.base.DataDir, secretFile)); err != nil {
			return err
		}
	}
	if l.store != nil && !l.demo {
		var ignored []error
		if cfg, ignored, err = overlay(ctx, l.store, l.base); err != nil {
			return err
		}
		for _, err := range ignored {
			l.log.Warn("setting ignored", "err", err)
		}
	}
	if l.garmin.Load() == nil || clientConfig(cfg) != clientConfig(l.cfg) {
		garmin, err := newClient(cfg, l.log)
		if err != nil {
			return err
		}
		l.garmin.Store(garmin)
	}
	l.cfg, l.secrets, l.seen = cfg, secrets, seen
	return nil
}

// report logs an error once, however often it recurs. The end of ctx is none.
func (l *live) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != l.failed {
		l.log.Error("changes of settings or secrets are not applied", "err", err)
	}
	l.failed = text
}

// usedSignal is the name of the signal for the last use of a callback secret.
func usedSignal(id string) string { return "callback_secret:" + id }

// recordUses keeps when each secret was last used.
func (l *live) recordUses(ctx context.Context) (err error) {
	if l.store == nil {
		return nil
	}
	for id, at := range l.server.SecretsUsed() {
		if at.Equal(l.used[id]) {
			continue
		}
		if failed := l.store.SetSignal(ctx, usedSignal(id), db.Signal{At: at}); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		l.used[id] = at
	}
	return err
}

// accessOf is by what requests are let in.
func accessOf(cfg config.Config, secrets []pathSecret) server.Access {
	access := server.Access{ClientID: cfg.Garmin.ClientID, Hosts: cfg.Names()}
	for _, s := range secrets {
		access.Secrets = append(access.Secrets, s.text)
	}
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Host != "" {
		access.PublicURL = u
	}
	return access
}

// shownOf is what pages show of the configuration.
func shownOf(cfg config.Config, secrets []pathSecret) pages.Live {
	zone, err := cfg.Zone()
	if err != nil {
		zone = time.UTC // config has refused others
	}
	out := pages.Live{CallbackURL: baseURL(cfg) + "/garmin/" + secrets[0].text, Channels: channels(cfg)}
	if cfg.PublicURL != "" {
		out.Address = baseURL(cfg)
	}
	out.Preferences.Zone = zone
	out.Map = cfg.Map
	return out
}
