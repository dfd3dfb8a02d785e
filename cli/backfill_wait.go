package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"garner/db"
	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

// asking prints the outcomes of the windows of a person that were planned by hand from
// an instant on.
type asking struct {
	store  *db.Store
	out    io.Writer
	person int64
	from   time.Time
	shown  map[int64]history.Outcome // by window
	bad    int
}

// wait prints each outcome until no window is open.
func (w *asking) wait(ctx context.Context) error {
	for {
		open, err := w.print(ctx)
		if err != nil || open == 0 {
			return err
		}
		if !pause(ctx, 500*time.Millisecond) {
			return errors.New("no longer showing progress; Garner continues while it runs")
		}
	}
}

// print prints outcomes that have changed, and returns how many windows are open.
func (w *asking) print(ctx context.Context) (open int, err error) {
	q := &query.Reader{Viewer: query.Operator(), Store: w.store, Now: time.Now()}
	all, err := q.Backfill(ctx, w.person)
	if err != nil {
		return 0, err
	}
	for _, t := range all.Types {
		for _, b := range t.Windows {
			if b.Cause != db.ByHand || b.Planned.UnixMilli() < w.from.UnixMilli() {
				continue
			}
			if b.State <= db.WindowAsked {
				open++
			}
			w.line(&b)
		}
	}
	return open, nil
}

// line prints a window's outcome once.
func (w *asking) line(b *query.BackfillWindow) {
	was, shown := w.shown[b.ID]
	w.shown[b.ID] = b.Outcome
	if shown && was == b.Outcome || !shown && b.Outcome == history.WindowPlanned || b.Outcome == history.WindowAsked {
		return
	}
	more := ""
	switch {
	case b.State == db.WindowPlanned:
		more = "; next try at " + b.Due.UTC().Format(time.RFC3339)
	case b.State == db.WindowDuplicate || b.State == db.WindowNotPermitted || b.State == db.WindowFailed:
		w.bad++
		if b.Answer != "" {
			more = ": " + b.Answer
		}
	}
	fmt.Fprintf(w.out, "%s %s: %s%s\n", b.Type, rangeWords(b.From, b.To), text.Outcome(b.Outcome), more)
}

// failed is the error if Garmin refused windows.
func (w *asking) failed() error {
	if w.bad > 0 {
		return fmt.Errorf("%d windows were not accepted by Garmin", w.bad)
	}
	return nil
}
