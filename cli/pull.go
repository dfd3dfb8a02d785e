package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"garner/config"
	"garner/db"
	"garner/health"
)

type pullCommand struct {
	Person string `placeholder:"NAME" help:"Whose data. Default: those of all with a key."`
	From   date   `placeholder:"DATE" help:"First date, such as 2026-01-01. Default: the first day of the account."`
	To     date   `placeholder:"DATE" help:"Last date, itself included. Default: today."`
	Again  bool   `help:"Also ask for what Garmin has answered for good."`
	Detach bool   `help:"Do not wait for the answers."`
}

// Help returns the details of the command's help.
func (c *pullCommand) Help() string {
	return `Garner asks by itself while it runs. This asks now, and for days before those that it found to be the first of
an account. What is interrupted continues.`
}

// Validate refuses ranges that end before they begin, or begin after today.
func (c *pullCommand) Validate() error {
	if c.From.given && c.To.given && c.From.day > c.To.day {
		return fmt.Errorf("--from %s is after --to %s", c.From.day, c.To.day)
	}
	if today := health.DayOf(time.Now().Unix(), 0); c.From.given && c.From.day > today+1 { // a day for other clocks
		return fmt.Errorf("--from %s is in the future", c.From.day)
	}
	return nil
}

// Run asks the Personal API: here, or by the Garner that runs.
func (c *pullCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		wish, err := c.wish(ctx, f)
		if err != nil {
			return err
		}
		id, err := f.store.Wish(ctx, time.Now(), wish)
		if err != nil {
			return err
		}
		if c.Detach {
			fmt.Fprintln(a.out, "asked for; Garner makes the calls while it runs")
			return nil
		}
		return c.carryOut(ctx, a, cfg, f, id)
	})
}

// wish is what the flags ask for. Someone must have a key that can be used.
func (c *pullCommand) wish(ctx context.Context, f *view) (w db.PullWish, err error) {
	w = db.PullWish{From: c.From.day, To: c.To.day, Again: c.Again}
	if c.Person != "" {
		person, err := personNamed(ctx, f, c.Person)
		if err != nil {
			return w, err
		}
		k, err := f.store.PersonalKeyOf(ctx, person.ID)
		switch {
		case err != nil && !errors.Is(err, db.ErrNotFound):
			return w, err
		case err != nil || k.State == db.KeyRemoved:
			return w, fmt.Errorf("%s has no key; see garner person key", person.Name)
		case k.State == db.KeyRefused:
			return w, fmt.Errorf("the key of %s is refused by Garmin; enter a new one with garner person key", person.Name)
		}
		w.Person = person.ID
		return w, nil
	}
	keys, err := f.store.PersonalKeys(ctx)
	for _, k := range keys {
		if k.State == db.KeyInUse {
			return w, err
		}
	}
	return w, errors.Join(err, errors.New("no key is in use; see garner person key"))
}

// carryOut makes the calls here if no Garner runs, and shows progress.
func (c *pullCommand) carryOut(ctx context.Context, a *app, cfg config.Config, f *view, id int64) error {
	wait := func(ctx context.Context) error { return showRequest(ctx, a, f, id) }
	here, err := withoutServer(ctx, a, cfg, func(ctx context.Context) error {
		api, err := newPersonal(cfg, a.logger(cfg))
		if err != nil {
			return err
		}
		runner, err := pullRunner(cfg, f.store, &briefInbox{cfg: cfg}, api, a.logger(cfg))
		if err != nil {
			return err
		}
		runner.OnlyByHand = true
		asked := alongside(ctx, runner.Run, wait)
		return errors.Join(asked, drainHere(ctx, f, cfg, a.logger(cfg)))
	})
	if err != nil || here {
		return err
	}
	return wait(ctx)
}

// showRequest shows the progress of a request until it ends, and returns why it failed.
func showRequest(ctx context.Context, a *app, f *view, id int64) error {
	last := int64(-1)
	for {
		r, err := f.store.Request(ctx, id)
		if err != nil {
			return err
		}
		if r.Done != last && r.Total > 0 {
			last = r.Done
			fmt.Fprintf(a.out, "%d of %d answers\n", r.Done, r.Total)
		}
		if !r.Ended.IsZero() {
			if r.Error != "" {
				return errors.New(r.Error)
			}
			fmt.Fprintln(a.out, "done")
			return nil
		}
		if !pause(ctx, 500*time.Millisecond) {
			return errors.New("no longer showing progress; Garner continues while it runs")
		}
	}
}
