package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"garner/config"
)

type inboxCommand struct {
	JSON bool `help:"Print the counts as JSON."`
}

// Run counts deliveries by state.
func (c *inboxCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		n, err := f.store.Counts(ctx, f.inbox, time.Now())
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.out).Encode(n)
		}
		for _, row := range []struct {
			state string
			count int64
		}{
			{"waiting", n.Waiting}, {"fetching", n.Fetching}, {"done", n.Done},
			{"parked", n.Parked}, {"quarantined", n.Quarantined}, {"orphaned", n.Orphaned},
		} {
			fmt.Fprintf(a.out, "%-11s  %d\n", row.state, row.count)
		}
		if n.Waiting > 0 {
			fmt.Fprintf(a.out, "the oldest has waited for %s\n", time.Duration(n.OldestWaiting)*time.Second)
		}
		return nil
	})
}
