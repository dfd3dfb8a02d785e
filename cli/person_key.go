package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

type personKeyCommand struct {
	Name     string `required:"" placeholder:"NAME" help:"Whose key."`
	KeyStdin bool   `xor:"what" required:"" help:"Read the key from standard input."`
	Remove   bool   `xor:"what" required:"" help:"Remove the key. The data stay."`
	Ends     date   `placeholder:"DATE" help:"The key's last day, which Garmin does not tell. Garner reminds you before."`
}

// Help returns the details of the command's help.
func (c *personKeyCommand) Help() string {
	return `A key is for the person's own data. Make it on the web, in Garmin Connect's settings, under Personal API
token. It is tried at Garmin at once, and stored only if Garmin accepts it or cannot be asked.`
}

// Validate refuses a last day that is over.
func (c *personKeyCommand) Validate() error {
	if c.Ends.given && c.Remove {
		return errors.New("--ends belongs to a new key")
	}
	if today := health.DayOf(time.Now().Unix(), 0); c.Ends.given && c.Ends.day < today-1 { // a day for other clocks
		return fmt.Errorf("--ends %s is over", c.Ends.day)
	}
	return nil
}

// Run stores or removes a key.
func (c *personKeyCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		person, err := personNamed(ctx, f, c.Name)
		if err != nil {
			return err
		}
		if c.Remove {
			err := f.store.RemovePersonalKey(ctx, time.Now(), person.ID)
			if errors.Is(err, db.ErrNotFound) {
				return fmt.Errorf("%s has no key", person.Name)
			}
			if err == nil {
				fmt.Fprintf(a.out, "removed the key of %s; the data stay\n", person.Name)
			}
			return errors.Join(err, c.audit(ctx, f, person, db.ActionKeyRemoved, err))
		}
		return c.store(ctx, a, cfg, f, person)
	})
}

// audit notes what was done, unless that failed.
func (c *personKeyCommand) audit(ctx context.Context, f *view, person *db.Person, action db.Action,
	failed error) error {
	if failed != nil {
		return nil
	}
	return f.store.AddAudit(ctx, db.AuditEntry{At: time.Now(), Person: person.ID, Action: action})
}

// store tries and stores the key.
func (c *personKeyCommand) store(ctx context.Context, a *app, cfg config.Config, f *view, person *db.Person) error {
	key, err := readKey(a.in)
	if err != nil {
		return err
	}
	api, err := newPersonal(cfg, a.logger(cfg))
	if err != nil {
		return err
	}
	bearer, refused := api.Exchange(ctx, key)
	if errors.Is(refused, personal.ErrKeyRefused) || errors.Is(refused, personal.ErrNotAKey) ||
		errors.Is(refused, personal.ErrNoBearer) {
		return errors.New(personal.KeyFault(refused, time.Now()) + " Nothing is stored.")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	k, err := f.store.SetPersonalKey(ctx, time.Now(), person.ID, key, c.Ends.day)
	if err != nil {
		return err
	}
	if err := c.audit(ctx, f, person, db.ActionKeyStored, nil); err != nil {
		return err
	}
	if refused != nil {
		fmt.Fprintf(a.out, "stored the key of %s, not tried: %s Garner tries it while it runs.\n", person.Name,
			personal.KeyFault(refused, time.Now()))
		return nil
	}
	fmt.Fprintf(a.out, "stored the key of %s: Garmin accepts it; Garner asks for the data while it runs\n", person.Name)
	return f.store.SetBearer(ctx, person.ID, k.Generation, bearer.Token, bearer.Ends)
}

// readKey is the first line of the input.
func readKey(in io.Reader) (string, error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the key: %w", err)
	}
	return personal.CleanKey(line)
}

// personNamed is a person by name or slug.
func personNamed(ctx context.Context, f *view, name string) (*db.Person, error) {
	person, err := f.store.PersonByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fmt.Errorf("no person is called %q", name)
	}
	return person, err
}
