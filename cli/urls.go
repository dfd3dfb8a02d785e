package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"garner/config"
	"garner/server/auth"
)

type urlsCommand struct{}

// Run prints the callback URL of each type, and where the sign-in at Garmin returns.
func (c *urlsCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	_, missing := os.Stat(filepath.Join(cfg.DataDir, secretFile))
	secret, err := callbackSecret(cfg)
	if err != nil {
		return err
	}
	if cfg.Garmin.CallbackSecret == "" && errors.Is(missing, fs.ErrNotExist) {
		fmt.Fprintf(a.err, "made a new callback secret in %s: a garner that serves from another data_dir refuses it\n",
			cfg.DataDir)
	}
	cfg, ignored := withSettings(ctx, a, cfg)
	for _, err := range ignored {
		fmt.Fprintln(a.err, "ignored:", err)
	}
	keys, urls := callbackURLs(cfg, secret)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for i := range keys {
		fmt.Fprintf(w, "%s\t%s\n", keys[i], urls[i])
	}
	fmt.Fprintf(a.err, "redirect URI for the sign-in at Garmin: %s%s\n", baseURL(cfg), auth.ReturnPath)
	if cfg.PublicURL == "" {
		fmt.Fprintln(a.err, "public_url is not set: these addresses work on this machine only, and Garmin cannot reach them")
	}
	return w.Flush()
}
