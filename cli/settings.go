package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"garner/config"
	"garner/db"
	"garner/garmin"
	"garner/query"
)

// withStoreIfThere gives do the store, if there is one of this version, and
// creates nothing.
func withStoreIfThere(ctx context.Context, a *app, cfg config.Config, do func(*db.Store) error) error {
	if _, err := os.Stat(filepath.Join(cfg.DataDir, "garner.db")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	store, err := db.OpenStoreBeside(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
	if errors.Is(err, db.ErrNotSetUp) {
		return nil
	}
	if err != nil {
		return err
	}
	store.UseKeys(a.keys(cfg))
	return errors.Join(do(store), store.Close())
}

// withSettings is the configuration with what was set on pages, for commands.
// The errors say what of it is ignored.
func withSettings(ctx context.Context, a *app, cfg config.Config) (out config.Config, ignored []error) {
	out = cfg
	err := withStoreIfThere(ctx, a, cfg, func(s *db.Store) (err error) {
		out, ignored, err = overlay(ctx, s, cfg)
		return err
	})
	if err != nil {
		ignored = append(ignored, fmt.Errorf("settings of pages cannot be read: %w", err))
	}
	return out, ignored
}

// overlay is the configuration with the settings in a store. ignored are the
// settings that cannot be used, and why.
func overlay(ctx context.Context, s *db.Store, cfg config.Config) (out config.Config, ignored []error, err error) {
	set, sealed, err := (&query.Reader{Viewer: query.Operator(), Store: s}).Settings(ctx)
	if err != nil {
		return cfg, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(sealed)) {
		ignored = append(ignored, fmt.Errorf("%s: %w", name, sealed[name]))
	}
	out, invalid := config.Overlay(cfg, set)
	return out, append(ignored, invalid...), nil
}
