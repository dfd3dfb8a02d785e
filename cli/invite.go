package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

type personInviteCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Name of the person, who is added if there is none."`
}

// Validate refuses an empty name.
func (c *personInviteCommand) Validate() error { return needsName(c.Name) }

// Run prints a link with which a person connects to Garmin.
func (c *personInviteCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	cfg, _ = withSettings(ctx, a, cfg) // what is wrong with them, check says
	return withFiles(ctx, a, cfg, func(f *view) error {
		now := time.Now()
		p, err := f.store.PersonByName(ctx, c.Name)
		if errors.Is(err, db.ErrNotFound) {
			if p, err = f.store.AddPerson(ctx, now, c.Name, "", ""); err == nil {
				fmt.Fprintf(a.out, "added %s, page /p/%s\n", p.Name, p.Slug)
				err = byOperator(ctx, f, db.ActionPersonAdded, p.Name)
			}
		}
		if err != nil {
			return err
		}
		if (cfg.Garmin.ClientID == "" || cfg.Garmin.ClientSecret == "") && !ofDemo(cfg.DataDir) {
			fmt.Fprintln(a.err, "the link cannot be used before garmin.client_id and garmin.client_secret are set")
		}
		token, expires, err := auth.NewInvitation(ctx, f.store, now, p.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s connects with this link; it works once, until %s:\n", p.Name,
			expires.UTC().Format(time.RFC3339))
		fmt.Fprintln(a.out, auth.ConnectURL(baseURL(cfg), token))
		return byOperator(ctx, f, db.ActionInvited, p.Name)
	})
}
