package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

func inboxCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	asJSON := fs.Bool("json", false, "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		return withFiles(ctx, a, cfg, func(f *view) error {
			c, err := f.store.Counts(ctx, f.inbox, time.Now())
			if err != nil {
				return err
			}
			if *asJSON {
				return json.NewEncoder(a.out).Encode(c)
			}
			fmt.Fprintf(a.out, "waiting      %d\nfetching     %d\ndone         %d\nparked       %d\nquarantined  %d\norphaned     %d\n",
				c.Waiting, c.Fetching, c.Done, c.Parked, c.Quarantined, c.Orphaned)
			if c.Waiting > 0 {
				fmt.Fprintf(a.out, "the oldest waits for %s\n", ago(time.Duration(c.OldestWaiting)*time.Second))
			}
			return nil
		})
	}
}

// idList is a flag that may come several times, each time with several ids.
type idList []int64

// String implements flag.Value.
func (l *idList) String() string { return fmt.Sprint(*l) }

// Set implements flag.Value.
func (l *idList) Set(text string) error {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no delivery id", word)
		}
		*l = append(*l, id)
	}
	return nil
}

func replayCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	parked := fs.Bool("parked", false, "")
	var ids idList
	fs.Var(&ids, "delivery", "")
	from := fs.String("from", "", "")
	to := fs.String("to", "", "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if len(args) > 0 && len(ids) == 0 {
			return noArgs(args)
		}
		for _, word := range args {
			if err := ids.Set(word); err != nil {
				return usagef("%v", err)
			}
		}
		ways := 0
		for _, given := range []bool{*parked, len(ids) > 0, *from != "" || *to != ""} {
			if given {
				ways++
			}
		}
		if ways != 1 {
			return usagef("replay needs one of --parked, --delivery ID or --from TIME --to TIME")
		}
		span, err := parseSpan(*from, *to)
		if err != nil {
			return err
		}
		return withFiles(ctx, a, cfg, func(f *view) error { return replay(ctx, a, cfg, f, *parked, ids, span) })
	}
}

// parseSpan reads two times; both are needed if one is given.
func parseSpan(from, to string) (span [2]time.Time, err error) {
	for i, text := range []string{from, to} {
		if text == "" {
			if from+to != "" {
				return span, usagef("--from and --to go together")
			}
			continue
		}
		if span[i], err = parseTime(text); err != nil {
			return span, err
		}
	}
	return span, nil
}

// parseTime reads an instant, or a date as its beginning in UTC.
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usagef("%q is no time such as 2026-11-23T07:00:00Z or 2026-11-23", text)
}

func replay(ctx context.Context, a *app, cfg config.Config, f *view, parked bool, ids []int64, span [2]time.Time) (err error) {
	switch {
	case parked:
		ids, err = f.store.ParkedIDs(ctx, "", "")
	case len(ids) == 0:
		ids, err = f.store.Between(ctx, span[0], span[1])
	}
	if err != nil {
		return err
	}
	asked, missing := int64(0), int64(0)
	for some := range slices.Chunk(ids, 500) { // short transactions
		found, err := f.store.Again(ctx, false, some...)
		if err != nil {
			return err
		}
		asked, missing = asked+found, missing+int64(len(some))-found
	}
	here, err := whereNobodyServes(ctx, a, cfg, func(ctx context.Context) error {
		return drainHere(ctx, f, a.logger(cfg), cfg.Jobs.Workers)
	})
	if err == nil && !here {
		err = waitForDeliveries(ctx, a, f, ids)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%d deliveries processed again\n", asked)
	if missing > 0 {
		return fmt.Errorf("%d deliveries are not known, or were never processed yet", missing)
	}
	return nil
}

func rederiveCommand(*flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		return withFiles(ctx, a, cfg, func(f *view) error {
			here, err := whereNobodyServes(ctx, a, cfg, func(ctx context.Context) error {
				if err := jobs.Rederive(ctx, f.store, func(done, total int64) {
					if done == total {
						fmt.Fprintf(a.out, "%d records and blocks rebuilt\n", total)
					}
				}); err != nil {
					return err
				}
				return drainHere(ctx, f, a.logger(cfg), cfg.Jobs.Workers)
			})
			if err != nil || here {
				return err
			}
			return waitForRequest(ctx, a, f)
		})
	}
}

// waitForDeliveries waits until the running appliance has processed deliveries,
// and tells how many are left.
func waitForDeliveries(ctx context.Context, a *app, f *view, ids []int64) error {
	fmt.Fprintln(a.out, "the running appliance processes them; this only watches")
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
			return errors.New("no longer watching; it goes on")
		}
	}
}

// waitForRequest asks the running appliance and tells its progress.
func waitForRequest(ctx context.Context, a *app, f *view) error {
	id, err := f.store.Ask(ctx, time.Now(), jobs.RequestRederive)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, "the running appliance rebuilds; this only watches")
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for last := int64(-1); ; {
		r, err := f.store.Request(ctx, id)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if r.Done != last && r.Total > 0 {
			last = r.Done
			fmt.Fprintf(a.out, "%d of %d\n", r.Done, r.Total)
		}
		if !r.Ended.IsZero() {
			if r.Error != "" {
				return errors.New(r.Error)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(a.out, "no longer watching; it goes on")
			return nil
		case <-ticker.C:
		}
	}
}
