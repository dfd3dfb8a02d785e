package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"garner/db"
)

// onLog calls f for each line of a log.
type onLog struct {
	slog.Handler
	f func(text string)
}

func (h onLog) Enabled(context.Context, slog.Level) bool { return true }

func (h onLog) Handle(_ context.Context, r slog.Record) error {
	h.f(r.Message)
	return nil
}

func TestAPartThatCannotBeAppliedAtTheEndIsNotLost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBench(t)
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	job := b.claim()[0]
	ids, err := b.drain.Store.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	whole := b.drain.process(t.Context(), job, ids, nil)
	part, rest := *whole, *whole
	part.Partial, rest.Versions = true, nil

	other, err := b.SQLite("garner.db").Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), `begin immediate`); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	b.drain.Log = slog.New(onLog{slog.DiscardHandler, func(text string) {
		if text == "apply deliveries" { // the end comes, and then the file is free
			stop()
			if _, err := other.ExecContext(t.Context(), `rollback`); err != nil {
				t.Error(err)
			}
		}
	}})
	in := newLanes()
	go func() {
		in.slow <- []*db.Result{&part}
		in.slow <- []*db.Result{&rest}
		close(in.slow)
		close(in.quick)
	}()
	if err := b.drain.consume(ctx, in); err != nil {
		t.Fatal(err)
	}
	b.Harm(`update delivery set due_ms = 0 where state = 0`) // as the next start does
	b.drain.Log = slog.New(slog.DiscardHandler)
	b.run()
	if got := b.current(); len(got) != 1 {
		t.Errorf("%d records stand, want 1: %v", len(got), got)
	}
}
