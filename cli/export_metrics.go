package cli

import (
	"context"
	"errors"
	"io"
	"iter"

	"garner/config"
	"garner/export"
	"garner/query"
)

// metrics writes one row for each person and day.
func (c *exportCommand) metrics(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		store, err := f.store.Snapshot(ctx) // a day that changes meanwhile is not half old, half new
		if err != nil {
			return err
		}
		people, err := exportPeople(ctx, store, c.Person)
		if err != nil {
			return errors.Join(err, store.Close())
		}
		first, last := c.days()
		var list []iter.Seq2[export.MetricsRow, error]
		for _, p := range people {
			list = append(list, export.MetricsOf(p.Name, query.Metrics(ctx, query.Operator(), store, p.ID, first, last)))
		}
		err = writeOne(a, c.Output, export.MetricsName(c.Format), func(w io.Writer) error {
			_, err := export.WriteMetrics(w, c.Format, export.Chained(list...))
			return err
		})
		return errors.Join(err, store.Close())
	})
}
