package cli

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"garner/config"
	"garner/query"
)

type diagnosticsCommand struct {
	Output string `short:"o" placeholder:"FILE" help:"Output file. Default: standard output."`
}

// Run writes what helps to find a fault.
func (c *diagnosticsCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		q := &query.Reader{Viewer: query.Operator(), Store: f.store, Inbox: f.inbox, Now: time.Now()}
		d, err := q.Diagnose(ctx, version(), cfg.Public())
		if err != nil {
			return err
		}
		write := func(w io.Writer) error {
			out := json.NewEncoder(w)
			out.SetIndent("", "  ")
			return out.Encode(d)
		}
		if c.Output == "" {
			return write(a.out)
		}
		return writeFile(c.Output, write)
	})
}
