package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin"
	"garner/garmin/client"
	"garner/health"
	"garner/health/history"
	"garner/jobs/connect"
	"garner/query"
	"garner/ui/text"
)

type backfillCommand struct {
	Person string `required:"" placeholder:"NAME" help:"Whose history."`
	Type   string `placeholder:"TYPE" help:"Only this type; see garner types."`
	From   date   `required:"" placeholder:"DATE" help:"First date, such as 2026-01-01."`
	To     date   `required:"" placeholder:"DATE" help:"Last date, itself included."`
	DryRun bool   `help:"Only show what would be asked, and why the rest cannot."`
	Detach bool   `help:"Do not wait for Garmin's answers."`
}

// Help returns the details of the command's help.
func (c *backfillCommand) Help() string {
	return `Garmin sends a range of a type again only once for each connection. Days that it accepted are never asked for
twice. The data come later, as other deliveries do.`
}

// Validate refuses ranges that end before they begin, and unknown types.
func (c *backfillCommand) Validate() error {
	if c.From.day > c.To.day {
		return fmt.Errorf("--from %s is after --to %s", c.From.day, c.To.day)
	}
	if oldest := history.Oldest(health.DayOf(time.Now().Unix(), 0)); c.From.day < oldest {
		return fmt.Errorf("--from %s is before %s, %d years ago", c.From.day, oldest, history.MostYears)
	}
	if _, ok := garmin.Lookup(c.Type); c.Type != "" && !ok {
		return fmt.Errorf("no type %q; see garner types", c.Type)
	}
	return nil
}

// Run asks Garmin for history: here, or by the Garner that runs.
func (c *backfillCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		if in, _, err := overlay(ctx, f.store, cfg); err == nil {
			cfg = in // what pages set; otherwise what the file says
		}
		person, err := f.store.PersonByName(ctx, c.Person)
		if errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("no person is called %q", c.Person)
		}
		if err != nil {
			return err
		}
		now := time.Now()
		plan, err := c.plan(ctx, f.store, cfg, person.ID, now)
		if err != nil {
			return err
		}
		printPlan(a.out, plan)
		windows := plan.Windows(db.ByHand)
		if c.DryRun {
			return nil
		}
		if len(windows) == 0 {
			return errors.New("nothing can be asked for")
		}
		if _, err := f.store.PlanWindows(ctx, now, windows); err != nil {
			return err
		}
		return c.carryOut(ctx, a, cfg, f, &asking{store: f.store, out: a.out, person: person.ID, from: now,
			shown: map[int64]history.Outcome{}})
	})
}

func (c *backfillCommand) plan(ctx context.Context, store *db.Store, cfg config.Config, person int64,
	now time.Time) (*query.BackfillPlan, error) {
	var types []*garmin.Type
	if t, ok := garmin.Lookup(c.Type); ok {
		types = append(types, t)
	}
	q := &query.Reader{Viewer: query.Operator(), Store: store, History: historyLimits(cfg), Now: now}
	return q.PlanBackfill(ctx, person, types, c.From.day, c.To.day)
}

// carryOut asks for what was planned here if no Garner runs, and prints the outcomes.
func (c *backfillCommand) carryOut(ctx context.Context, a *app, cfg config.Config, f *view, w *asking) error {
	serving, err := served(cfg.DataDir)
	if err != nil {
		return err
	}
	if c.Detach {
		fmt.Fprintln(a.out, "planned; Garner asks while it runs")
		return nil
	}
	if !serving {
		garmin, err := newClient(cfg, a.logger(cfg))
		if err != nil {
			return err
		}
		if garmin == nil {
			return errNoClient
		}
		protocol, err := protocolOf(cfg, f.store, a.env, a.logger(cfg))
		if err != nil {
			return err
		}
		keeper := &connect.Keeper{Store: f.store, Garmin: func() *client.Client { return garmin }, Log: a.logger(cfg),
			LongLived: protocol.Credential}
		defer keeper.Close()
		runner := backfillRunner(cfg, keeper, a.logger(cfg))
		here, err := withoutServer(ctx, a, cfg, func(ctx context.Context) error {
			return alongside(ctx, runner.Run, w.wait)
		})
		if err != nil || here {
			return errors.Join(err, w.failed())
		}
	}
	if err := w.wait(ctx); err != nil {
		return err
	}
	return w.failed()
}

// alongside runs work until what waits for it is done.
func alongside(ctx context.Context, work, until func(context.Context) error) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- work(working) }()
	err := until(ctx)
	stop()
	return errors.Join(err, <-done)
}

// printPlan lists the windows, and each range that cannot be asked for.
func printPlan(out io.Writer, plan *query.BackfillPlan) {
	for _, t := range plan.Types {
		for _, w := range t.Windows {
			fmt.Fprintf(out, "%s %s: to be asked\n", t.Type, rangeWords(time.Unix(w.From, 0), time.Unix(w.To, 0)))
		}
		for _, p := range t.Rest {
			fmt.Fprintf(out, "%s %s: %s%s\n", t.Type, rangeWords(time.Unix(p.From, 0), time.Unix(p.To, 0)),
				text.NotAskable(p.Why),
				spanWords(p.Span))
		}
	}
}

// spanWords are when the request in the way was answered, and what came.
func spanWords(s *history.Span) string {
	switch {
	case s == nil:
		return ""
	case s.State == history.Accepted:
		return fmt.Sprintf(" on %s, %d records came", time.Unix(s.At, 0).UTC().Format(time.DateOnly), s.Came)
	}
	return " on " + time.Unix(s.At, 0).UTC().Format(time.DateOnly)
}

// rangeWords is a half-open range by its dates in UTC, both included; with times where
// it does not begin and end at midnight.
func rangeWords(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	if day := 24 * time.Hour; from.Truncate(day).Equal(from) && to.Truncate(day).Equal(to) {
		return from.Format(time.DateOnly) + " to " + to.Add(-time.Second).Format(time.DateOnly)
	}
	return from.Format(time.RFC3339) + " to before " + to.Format(time.RFC3339)
}
