package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"garner/config"
	"garner/db/seal"
)

// credentialName is the credential of systemd that may hold the keys.
const credentialName = "garner-keys"

// keys is the ring of keys that secrets of garner.db are encrypted with: a
// credential of systemd, if there is one, or else a file in the data
// directory.
func (a *app) keys(cfg config.Config) *seal.Ring {
	if path := a.credential(); path != "" {
		return seal.Credential(path)
	}
	return seal.File(filepath.Join(cfg.DataDir, keysFile))
}

// credential is the path of the credential that holds the keys; empty if there is none.
func (a *app) credential() string {
	for _, variable := range a.env {
		dir, ok := strings.CutPrefix(variable, "CREDENTIALS_DIRECTORY=")
		path := filepath.Join(dir, credentialName)
		if _, err := os.Stat(path); ok && dir != "" && err == nil {
			return path
		}
	}
	return ""
}

type keyCommand struct {
	List   keyListCommand   `cmd:"" help:"List the keys that encrypt secrets in garner.db."`
	Rotate keyRotateCommand `cmd:"" help:"Make a new key, encrypt all secrets with it, and drop the older keys."`
}

type keyListCommand struct{}

// Run lists the keys, newest first.
func (c *keyListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		keys, err := f.store.KeyUses(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KEY\tCREATED\tVALUES")
		for _, k := range keys {
			fmt.Fprintf(w, "%s\t%s\t%d\n", k.ID, stampOr(k.Created, "missing"), k.Values)
		}
		return w.Flush()
	})
}

type keyRotateCommand struct{}

// Run replaces the key of all secrets.
func (c *keyRotateCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		id, values, err := f.store.RotateKeys(ctx, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "new key %s, encrypts %d values\n", id, values)
		return nil
	})
}
