package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"garner/db"
)

// Work is long work that reports its progress, as often as it likes.
type Work func(ctx context.Context, progress func(done, total int64)) error

// Requests carries out the long work that commands and pages ask for, one request after
// the other.
type Requests struct {
	Store *db.Store
	Log   *slog.Logger
	// Work is what it does, by the kind of request. Other kinds are left to others.
	Work map[string]Work
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
		work, ours := r.Work[req.Kind]
		if !ours {
			continue
		}
		cause := work(ctx, r.reporting(ctx, req.ID))
		if cause != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.Store.EndRequest(ctx, time.Now(), req.ID, cause); err != nil {
			return err
		}
		r.Log.Info("request done", "request", req.ID, "kind", req.Kind, "err", cause)
	}
	return nil
}

// reporting notes the progress of a request, once a second and at its end.
func (r *Requests) reporting(ctx context.Context, id int64) func(done, total int64) {
	var reported time.Time
	return func(done, total int64) {
		if now := time.Now(); now.Sub(reported) > time.Second || done == total {
			reported = now
			if err := r.Store.Progress(ctx, id, done, total); err != nil {
				r.Log.Warn("note progress", "err", err)
			}
		}
	}
}
