package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"garner/config"
	"garner/db"
	"garner/jobs/connect"
)

// oauth1Notice is printed wherever OAuth 1 is in use.
const oauth1Notice = "Garmin retires OAuth 1 on 2026-12-31. Move people to OAuth 2 before: garner oauth1 exchange"

func init() {
	optionalCommands = append(optionalCommands, kong.DynamicCommand("oauth1",
		"Move people who are connected by OAuth 1 to OAuth 2, until 2026-12-31.", "", &oauth1Command{}))
	optionalProtocols = append(optionalProtocols, oauth1Protocol)
	optionalFindings = append(optionalFindings, oauth1Findings)
}

type oauth1Command struct {
	Import   oauth1ImportCommand   `cmd:"" help:"Add people of another system with their tokens of OAuth 1."`
	List     oauth1ListCommand     `cmd:"" help:"List who is still connected by OAuth 1."`
	Exchange oauth1ExchangeCommand `cmd:"" help:"Exchange tokens of OAuth 1 for those of OAuth 2."`
}

type oauth1ImportCommand struct {
	File string `arg:"" help:"CSV with the header name,user_id,token,secret. user_id may be empty. - is standard input."`
}

// Help is the long help.
func (oauth1ImportCommand) Help() string {
	return "For each line, Garner asks Garmin for the user id and the permissions, and adds or links the person. The " +
		"command can be repeated: people who are connected already stay as they are.\n\n" +
		"GARNER_OAUTH1_CONSUMER_SECRET or GARNER_OAUTH1_CONSUMER_SECRET_FILE is the consumer secret; the consumer key is " +
		"garmin.client_id.\n\n" + oauth1Notice
}

// Run imports people, one after the other, and reports on each.
func (c *oauth1ImportCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	in := a.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	people, err := readBrought(in)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return withOAuth1(ctx, a, cfg, func(_ *view, o *connect.OAuth1) error {
		failed := 0
		for _, p := range people {
			brought, err := o.Bring(ctx, time.Now(), p)
			switch {
			case err != nil:
				failed++
				fmt.Fprintf(a.out, "%s: failed: %v\n", p.Name, err)
			case brought:
				fmt.Fprintf(a.out, "%s: connected by OAuth 1\n", p.Name)
			default:
				fmt.Fprintf(a.out, "%s: was connected already\n", p.Name)
			}
		}
		return oauth1Failed(failed, len(people))
	})
}

func oauth1Failed(failed, of int) error {
	if failed > 0 {
		return fmt.Errorf("%d of %d people failed; repeat the command for them", failed, of)
	}
	return nil
}

type oauth1ExchangeCommand struct {
	Person string `placeholder:"NAME" help:"Only this person. Default: everyone who is connected by OAuth 1."`
}

// Help is the long help.
func (oauth1ExchangeCommand) Help() string {
	return "Garmin must have moved the application to OAuth 2 first. The command can be repeated: it leaves out people " +
		"who are connected by OAuth 2 already.\n\n" + oauth1Notice
}

// Run exchanges the tokens of each person, and reports on each.
func (c *oauth1ExchangeCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withOAuth1(ctx, a, cfg, func(f *view, o *connect.OAuth1) error {
		people, err := f.store.People(ctx)
		if err != nil {
			return err
		}
		if c.Person != "" {
			p, err := f.store.PersonByName(ctx, c.Person)
			if err != nil {
				return fmt.Errorf("person %q: %w", c.Person, err)
			}
			people = []*db.Person{p}
		}
		exchanged, failed := 0, 0
		for _, p := range people {
			done, err := exchangeOne(ctx, f.store, o, p.ID)
			if err != nil {
				failed++
				fmt.Fprintf(a.out, "%s: failed: %v\n", p.Name, err)
			} else if done {
				exchanged++
				fmt.Fprintf(a.out, "%s: moved to OAuth 2\n", p.Name)
			}
		}
		fmt.Fprintf(a.out, "%d moved to OAuth 2, %d failed, %d had nothing to exchange\n", exchanged, failed,
			len(people)-exchanged-failed)
		return oauth1Failed(failed, len(people))
	})
}

func exchangeOne(ctx context.Context, store *db.Store, o *connect.OAuth1, person int64) (bool, error) {
	c, err := store.ConnectionOf(ctx, person)
	if errors.Is(err, db.ErrNotFound) || err == nil && c.State == db.Disconnected {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return o.Exchange(ctx, c.ID)
}

type oauth1ListCommand struct{}

// Run lists who has tokens of OAuth 1. Garmin is not asked.
func (oauth1ListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		list, err := connect.OnOAuth1(ctx, f.store)
		if err != nil {
			return err
		}
		people, err := f.store.People(ctx)
		if err != nil {
			return err
		}
		names := map[int64]string{}
		for _, p := range people {
			names[p.ID] = p.Name
		}
		for _, c := range list {
			state := "connected by OAuth 1 since " + c.Began.UTC().Format(time.DateOnly)
			if c.State != db.Connected {
				state = "Garmin refuses the token of OAuth 1; the person must connect again"
			}
			fmt.Fprintf(a.out, "%s: %s\n", names[c.Person], state)
		}
		fmt.Fprintf(a.out, "%d of %d people are on OAuth 1\n", len(list), len(people))
		return nil
	})
}

// withOAuth1 runs a command with what it needs.
func withOAuth1(ctx context.Context, a *app, cfg config.Config, do func(*view, *connect.OAuth1) error) error {
	fmt.Fprintln(a.err, oauth1Notice)
	secret, _, err := oauth1Set(a.env)
	if err == nil && secret == "" {
		err = fmt.Errorf("set %s to the consumer secret", oauth1Variable)
	}
	if err != nil {
		return err
	}
	return withFiles(ctx, a, cfg, func(f *view) error {
		cfg, _, err := overlay(ctx, f.store, cfg)
		if err != nil {
			return err
		}
		o, err := oauth1Of(cfg, f.store, secret, a.env, a.logger(cfg))
		if err != nil {
			return err
		}
		return do(f, o)
	})
}
