package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

// setupLinkLasts is how long a link to create the first admin works.
const setupLinkLasts = 30 * time.Minute

type setupLinkCommand struct{}

// Run prints a link to create the first admin.
func (c *setupLinkCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	cfg, _ = withSettings(ctx, a, cfg) // what is wrong with them, check says
	return withFiles(ctx, a, cfg, func(f *view) error {
		link, err := newSetupLink(ctx, f.store, cfg)
		if errors.Is(err, db.ErrHasAdmin) {
			return errors.New("there is an admin already. Sign in as that admin to add accounts, " +
				"or use garner account add; for a lost password, garner account link --name NAME")
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, link)
		return nil
	})
}

// newSetupLink makes a link to create the first admin. Earlier ones no longer
// work. db.ErrHasAdmin means that there is one.
func newSetupLink(ctx context.Context, store *db.Store, cfg config.Config) (string, error) {
	now := time.Now()
	token, err := auth.NewSetUpLink(ctx, store, now, now.Add(setupLinkLasts))
	return auth.LinkURL(baseURL(cfg), token), err
}

// logSetupLink logs a link to create the first admin while there is none.
func logSetupLink(ctx context.Context, store *db.Store, cfg config.Config, log *slog.Logger) {
	switch link, err := newSetupLink(ctx, store, cfg); {
	case errors.Is(err, db.ErrHasAdmin):
	case err != nil:
		log.Error("make the set-up link", "err", err)
	default:
		log.Info("no admin yet: open the link to create one; garner setup-link prints another", "link", link,
			"works_for", setupLinkLasts)
	}
}

// newAdminLink makes a link with which the first admin chooses another password.
func newAdminLink(ctx context.Context, store *db.Store, cfg config.Config) (string, error) {
	accounts, err := store.Accounts(ctx)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(accounts, func(a *db.Account) bool { return a.Role == db.RoleAdmin && !a.Disabled })
	if at < 0 {
		return "", db.ErrNotFound
	}
	return newAccountLink(ctx, store, cfg, accounts[at])
}
