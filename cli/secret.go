package cli

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"garner/config"
	"garner/db"
	"garner/server"
)

type secretCommand struct {
	List   secretListCommand   `cmd:"" help:"List the valid callback secrets, masked."`
	Rotate secretRotateCommand `cmd:"" help:"Make a new callback secret. The older one stays valid until it is retired."`
	Retire secretRetireCommand `cmd:"" help:"End the older of two callback secrets."`
}

type secretRotateCommand struct{}

// Run makes a new secret beside the one that is valid.
func (c *secretRotateCommand) Run(a *app, cfg config.Config) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	err := rotateSecret(cfg)
	if err == nil {
		fmt.Fprintln(a.out, "made a new callback secret; the older one is still valid\n"+
			"Paste what garner urls prints into Garmin's portal. Once garner secret list shows that the new one is used, "+
			"run garner secret retire.")
	}
	return err
}

type secretRetireCommand struct{}

// Run ends the older secret.
func (c *secretRetireCommand) Run(a *app, cfg config.Config) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	err := retireSecret(cfg)
	if err == nil {
		fmt.Fprintln(a.out, "the older callback secret is no longer valid")
	}
	return err
}

type secretListCommand struct{}

// Run lists the secrets, newest first.
func (c *secretListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	secrets, err := callbackSecrets(cfg)
	if err != nil {
		return err
	}
	used := map[string]time.Time{}
	err = withStoreIfThere(ctx, a, cfg, func(s *db.Store) error {
		signals, err := s.Signals(ctx)
		for _, secret := range secrets {
			used[secret.text] = signals[usedSignal(server.SecretID(secret.text))].At
		}
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SECRET\tCREATED\tLAST USE")
	for _, s := range secrets {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.masked(), stampOr(s.created, "by the configuration"),
			stampOr(used[s.text], "none known"))
	}
	return w.Flush()
}

// masked is enough of a secret to know it by.
func (s pathSecret) masked() string { return s.text[:4] + "…" }

// stampOr writes an instant; none stands for one that is missing.
func stampOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format(time.RFC3339)
}
