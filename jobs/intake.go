package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"garner/db"
)

// Intake puts bodies that Garmin does not push, such as a demo's past or an
// import, into the inbox: in their order, each with its own facts of arrival.
type Intake struct {
	Inbox *db.Inbox
	Log   *slog.Logger
}

// intakeRetry is how often the intake retries while the inbox is full.
const intakeRetry = 100 * time.Millisecond

// Run stores bodies until there are no more. A body is durable when yield
// returns true, so a sequence can count what a later run may skip. While
// the backlog has no room to spare, or the disk is full, Run waits. The error
// is that of ctx, or means that the inbox is broken.
func (in *Intake) Run(ctx context.Context, bodies iter.Seq2[db.Arrival, []byte]) error {
	for a, body := range bodies {
		if err := in.put(ctx, a, body); err != nil {
			return fmt.Errorf("put into the inbox: %w", err)
		}
	}
	return nil
}

// put stores one body as soon as there is room.
func (in *Intake) put(ctx context.Context, a db.Arrival, body []byte) error {
	for waits := false; ; waits = true {
		err := in.Inbox.Spare()
		if err == nil {
			_, err = in.Inbox.Put(ctx, a, body)
		}
		if ctx.Err() != nil || !errors.Is(err, db.ErrBusy) && !errors.Is(err, db.ErrFull) {
			return err
		}
		if !waits {
			in.Log.Info("inbox is full; waiting", "err", err)
		}
		if !sleep(ctx, nil, intakeRetry) {
			return ctx.Err()
		}
	}
}
