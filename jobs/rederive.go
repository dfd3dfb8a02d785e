package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// The kinds of requests.
const RequestRederive = "rederive"

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
	out.Person, out.Sum, out.Blended = rec.Person, rec.Sum, rec.Blended
	out.ComesFrom(rec.Origin)
	out.Order.Arrival = rec.Order.Arrival
	return &out, nil
}

// Requests carries out the long work that commands and pages ask for.
type Requests struct {
	Store *db.Store
	Log   *slog.Logger
}

// requestPoll is how often requests are looked for.
const requestPoll = 500 * time.Millisecond

// Run looks for requests until ctx ends. One that is interrupted is continued
// at the next start.
func (r *Requests) Run(ctx context.Context) error {
	ticker := time.NewTicker(requestPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			if errors.Is(err, db.ErrBroken) {
				return err
			}
			r.Log.Error("requests", "err", err)
		}
	}
}

// RunOnce carries out the open requests.
func (r *Requests) RunOnce(ctx context.Context) error {
	open, err := r.Store.OpenRequests(ctx)
	if err != nil {
		return err
	}
	for _, req := range open {
		cause := r.carryOut(ctx, req)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.Store.EndRequest(ctx, time.Now(), req.ID, cause); err != nil {
			return err
		}
		r.Log.Info("request done", "request", req.ID, "kind", req.Kind, "err", cause)
	}
	return nil
}

func (r *Requests) carryOut(ctx context.Context, req db.Request) error {
	if req.Kind != RequestRederive {
		return fmt.Errorf("unknown request %q", req.Kind)
	}
	var reported time.Time
	return Rederive(ctx, r.Store, func(done, total int64) {
		if now := time.Now(); now.Sub(reported) > time.Second || done == total {
			reported = now
			if err := r.Store.Progress(ctx, req.ID, done, total); err != nil {
				r.Log.Warn("note progress", "err", err)
			}
		}
	})
}
