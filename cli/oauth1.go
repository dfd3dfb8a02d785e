package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"garner/config"
	"garner/db"
	"garner/garmin/client"
	"garner/jobs/connect"
)

// oauth1Notice is printed wherever OAuth 1 is in use.
const oauth1Notice = "Garmin retires OAuth 1 on 2026-12-31. Move people to OAuth 2 before: garner oauth1 exchange"

func init() {
	optionalCommands = append(optionalCommands, kong.DynamicCommand("oauth1",
		"Move people who are connected by OAuth 1 to OAuth 2, until 2026-12-31.", "", &oauth1Command{}))
	optionalCredentials = append(optionalCredentials, oauth1Credentials)
}

type oauth1Command struct {
	Import   oauth1ImportCommand   `cmd:"" help:"Add people of another system with their tokens of OAuth 1."`
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

// readBrought reads a file of people. Its errors name lines and no secrets.
func readBrought(in io.Reader) (people []connect.Brought, err error) {
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.TrimLeadingSpace = 4, true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	if header[0] = strings.TrimPrefix(header[0], "\ufeff"); !slices.Equal(header, []string{"name", "user_id", "token",
		"secret"}) {
		return nil, errors.New("the header must be name,user_id,token,secret")
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		line, _ := r.FieldPos(0)
		if err := needsName(row[0]); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if row[2] == "" || row[3] == "" {
			return nil, fmt.Errorf("line %d: a token and its secret are needed", line)
		}
		people = append(people, connect.Brought{Name: row[0], UserID: row[1], Token: row[2], Secret: row[3]})
	}
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
	if errors.Is(err, db.ErrNotFound) || err == nil && c.State != db.Connected {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return o.Exchange(ctx, time.Now(), c.ID)
}

// withOAuth1 runs a command with what it needs.
func withOAuth1(ctx context.Context, a *app, cfg config.Config, do func(*view, *connect.OAuth1) error) error {
	fmt.Fprintln(a.err, oauth1Notice)
	return withFiles(ctx, a, cfg, func(f *view) error {
		f.store.UseKeys(a.keys(cfg))
		cfg, _, err := overlay(ctx, f.store, cfg)
		if err != nil {
			return err
		}
		o, err := oauth1Of(cfg, f.store, a.env, a.logger(cfg))
		if err != nil {
			return err
		}
		return do(f, o)
	})
}

// oauth1Of makes OAuth 1 of the configuration and the environment.
func oauth1Of(cfg config.Config, store *db.Store, env []string, log *slog.Logger) (*connect.OAuth1, error) {
	secret, err := oauth1Secret(env)
	if err != nil {
		return nil, err
	}
	own := client.GarminOAuth1
	own.ConsumerKey, own.ConsumerSecret = cfg.Garmin.ClientID, secret
	if origin := variable(env, "GARNER_OAUTH1_ORIGIN"); origin != "" {
		for _, address := range []*string{&own.RequestURL, &own.AccessURL, &own.ConfirmURL, &own.ExchangeURL} {
			u, err := url.Parse(*address)
			if err != nil {
				return nil, err
			}
			*address = origin + u.Path
		}
	}
	signer, err := client.NewOAuth1(own, log)
	if err != nil {
		return nil, fmt.Errorf("OAuth 1: %w", err)
	}
	garmin, err := newClient(cfg, log)
	if err != nil {
		return nil, err
	}
	if garmin == nil {
		return nil, errNoClient
	}
	return &connect.OAuth1{Store: store, Garmin: garmin, Signer: signer}, nil
}

func oauth1Secret(env []string) (string, error) {
	const name = "GARNER_OAUTH1_CONSUMER_SECRET"
	if path := variable(env, name+"_FILE"); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimSpace(string(text)), nil
	}
	if secret := variable(env, name); secret != "" {
		return secret, nil
	}
	return "", fmt.Errorf("set %s to the consumer secret", name)
}

func variable(env []string, name string) string {
	for _, line := range env {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// oauth1Credentials signs calls for people who are connected by OAuth 1, where its
// consumer secret is set.
func oauth1Credentials(cfg config.Config, store *db.Store, env []string,
	log *slog.Logger) (credentials, error) {
	if secret, err := oauth1Secret(env); err != nil || secret == "" {
		return nil, nil //nolint:nilerr // OAuth 1 is not in use
	}
	o, err := oauth1Of(cfg, store, env, log)
	if err != nil {
		return nil, err
	}
	log.Warn(oauth1Notice)
	return o.Credential, nil
}
