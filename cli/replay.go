package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/config"
)

type replayCommand struct {
	Parked   bool     `help:"Deliveries that are parked."`
	Delivery []idList `placeholder:"ID" help:"Deliveries with these ids. Separate several with spaces."`
	From     instant  `placeholder:"TIME" help:"Deliveries that arrived at or after this time. Needs --to."`
	To       instant  `placeholder:"TIME" help:"Deliveries that arrived before this time. Needs --from."`
	IDs      []idList `arg:"" optional:"" name:"id" help:"More ids of --delivery."`
}

// Help returns the details of the command's help.
func (c *replayCommand) Help() string {
	return "Give one of --parked, --delivery, or --from with --to. A time is 2026-11-23T07:00:00Z, or 2026-11-23 (UTC)."
}

// Validate requires exactly one way of selecting deliveries.
func (c *replayCommand) Validate() error {
	ways := 0
	for _, given := range []bool{c.Parked, len(c.ids()) > 0, !c.From.IsZero() || !c.To.IsZero()} {
		if given {
			ways++
		}
	}
	switch {
	case len(c.IDs) > 0 && len(c.Delivery) == 0:
		return errors.New("ids need --delivery")
	case ways != 1:
		return errors.New("needs one of --parked, --delivery ID or --from TIME --to TIME")
	case c.From.IsZero() != c.To.IsZero():
		return errors.New("--from and --to need each other")
	case !c.From.IsZero() && !c.From.Before(c.To.Time):
		return fmt.Errorf("--from %s is not before --to %s", c.From, c.To)
	}
	return nil
}

func (c *replayCommand) ids() []int64 {
	return slices.Concat(slices.Concat(c.Delivery...), slices.Concat(c.IDs...))
}

// Run processes kept deliveries again.
func (c *replayCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) (err error) {
		ids := c.ids()
		switch {
		case c.Parked:
			ids, err = f.store.ParkedIDs(ctx, "", "")
		case len(ids) == 0:
			ids, err = f.store.Between(ctx, c.From.Time, c.To.Time)
		}
		if err != nil {
			return err
		}
		return replay(ctx, a, cfg, f, ids)
	})
}

// idList is one argument with delivery ids, usually a single one.
type idList []int64

// UnmarshalText reads ids that are separated by commas or spaces.
func (l *idList) UnmarshalText(text []byte) error {
	for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a delivery id", word)
		}
		*l = append(*l, id)
	}
	return nil
}

// instant is a time as a flag; zero if it is empty.
type instant struct{ time.Time }

// String returns the time as the flag takes it.
func (i instant) String() string { return i.Format(time.RFC3339) }

// UnmarshalText reads a time, or a date as its beginning in UTC.
func (i *instant) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		return nil
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly,
	} {
		if i.Time, err = time.Parse(layout, string(text)); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%q is not a time such as 2026-11-23T07:00:00Z or 2026-11-23", text)
}

func replay(ctx context.Context, a *app, cfg config.Config, f *view, ids []int64) error {
	asked, missing := int64(0), int64(0)
	for some := range slices.Chunk(ids, 500) { // short transactions
		found, err := f.store.Requeue(ctx, false, some...)
		if err != nil {
			return err
		}
		asked, missing = asked+found, missing+int64(len(some))-found
	}
	here, err := withoutServer(ctx, a, cfg, func(ctx context.Context) error {
		return drainHere(ctx, f, cfg, a.logger(cfg))
	})
	if err == nil && !here {
		err = waitForDeliveries(ctx, a, f, ids)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%d deliveries processed again\n", asked)
	if missing > 0 {
		return fmt.Errorf("%d deliveries are unknown, or not yet processed", missing)
	}
	return nil
}

// waitForDeliveries waits until the running Garner has processed deliveries, and
// prints how many are left.
func waitForDeliveries(ctx context.Context, a *app, f *view, ids []int64) error {
	fmt.Fprintln(a.out, "the running Garner processes them; this command only shows progress")
	for last := -1; ; {
		left := 0
		for some := range slices.Chunk(ids, 500) {
			n, err := f.store.CountWaiting(ctx, some)
			if err != nil {
				return err
			}
			left += n
		}
		if left == 0 {
			return nil
		}
		if left != last {
			last = left
			fmt.Fprintf(a.out, "%d left\n", left)
		}
		if !pause(ctx, 500*time.Millisecond) {
			return errors.New("no longer showing progress; it continues")
		}
	}
}
