package jobs

import (
	"context"
	"fmt"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// redoRows is how many records or blocks one transaction decodes again.
const redoRows = 50

// Rederive rebuilds all data derived from current bodies and reports its
// progress.
func Rederive(ctx context.Context, store *db.Store, progress func(done, total int64)) error {
	total, err := store.Total(ctx)
	if err != nil {
		return err
	}
	var spot db.Checkpoint
	for done := int64(0); !spot.Done; {
		next, n, err := store.Rederive(ctx, time.Now(), spot, redoRows, Redecode)
		if err != nil {
			return err
		}
		spot = next
		done += int64(n)
		progress(min(done, total), total)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Redecode decodes a record's body again, as the type that it came as.
func Redecode(rec *health.Record) (*health.Version, error) {
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", rec.Type, rec.Day, err)
	}
	t, ok := garmin.Lookup(rec.Type)
	if !ok {
		return nil, nil // of a type that this program no longer knows: left as it is
	}
	for _, other := range garmin.Types {
		if other.VersionOf == rec.Type && sumOf(other.Key, v) == rec.Sum {
			t = other
		}
	}
	got, fault := Version(t, v, rec.Order.UploadEnd)
	if fault != "" {
		return nil, nil // left as it is
	}
	out := got.Version
	out.Person, out.Sum, out.Blended, out.Others = rec.Person, rec.Sum, rec.Blended, rec.Others
	out.ComesFrom(rec.Origin)
	out.Order.Arrival, out.Order.Source = rec.Order.Arrival, rec.Order.Source
	if out.Order.Source != health.Pushed {
		out.Order.UploadEnd = rec.Order.UploadEnd // the translation's number, in every class
	}
	return &out, nil
}
