package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"garner/db"
)

// applyApart finds what the store refuses: each result of a batch is applied
// by itself, and the one that fails counts as a failed attempt of its
// delivery.
func (d *Drain) applyApart(ctx context.Context, batch []*db.Result, cause error) error {
	if len(batch) > 1 {
		for _, o := range batch {
			if err := d.apply(ctx, []*db.Result{o}); err != nil {
				return err
			}
		}
		return nil
	}
	o := batch[0]
	if o.Partial {
		if d.refused == nil {
			d.refused = map[int64]error{}
		}
		d.refused[o.Job.ID] = cause // a later part reports it
		return nil
	}
	d.Log.Error("delivery refused", "delivery", o.Job.ID, "attempt", o.Job.Attempt, "err", cause)
	failed := failure(o, cause)
	if err := d.Store.Apply(ctx, time.Now(), []*db.Result{failed}); err != nil {
		if errors.Is(err, db.ErrBroken) {
			return err
		}
		d.Log.Error("record a refused delivery", "delivery", o.Job.ID, "err", err)
		return nil // it is due again when its lease ends
	}
	d.count([]*db.Result{failed})
	return nil
}

// withoutRefused turns the results of deliveries that were refused in part
// into failures.
func (d *Drain) withoutRefused(batch []*db.Result) []*db.Result {
	for i, o := range batch {
		if cause, ok := d.refused[o.Job.ID]; ok && !o.Partial {
			delete(d.refused, o.Job.ID)
			batch[i] = failure(o, cause)
		}
	}
	return batch
}

// failure is the result of an attempt that failed: another one later, or
// parked after the last.
func failure(o *db.Result, cause error) *db.Result {
	out := &db.Result{Job: o.Job, Type: o.Type, Elements: o.Elements, State: db.Done, PeopleMark: o.PeopleMark}
	if o.Job.Attempt >= MaxAttempts {
		return parkWhole(out, fmt.Sprintf("given up after %d attempts: %v", MaxAttempts, cause))
	}
	out.State, out.Due, out.Reason = db.Waiting, time.Now().Add(Backoff(o.Job.Attempt, rand.Float64())), cause.Error()
	return out
}
