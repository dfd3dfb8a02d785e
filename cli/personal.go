package cli

import (
	"context"
	"log/slog"

	"garner/config"
	"garner/garmin/personal"
	"garner/server/pages"
)

// personalClient calls the Personal API as the configuration says. All callers share it,
// since it counts the calls.
func personalClient(cfg config.Config, log *slog.Logger) (*personal.Client, error) {
	return personal.New(cfg.Personal.Origin, personal.Limits{PerSecond: cfg.Personal.CallsPerSecond,
		Parallel: cfg.Personal.Parallel}, log)
}

// personalPages is what pages do with it.
func personalPages(cfg config.Config, c *personal.Client) pages.Personal {
	return pages.Personal{Keys: keyTester{c}, PerSecond: cfg.Personal.CallsPerSecond}
}

// keyTester tries keys at Garmin.
type keyTester struct{ client *personal.Client }

// TestKey implements pages.KeyTester.
func (t keyTester) TestKey(ctx context.Context, key string) error {
	_, err := t.client.Exchange(ctx, key)
	return err
}
