package watch

import (
	"context"
	"errors"
	"time"

	"garner/db"
)

// signLog is since when the log of a database is longer than longestLog; its value is
// the size of the longest in bytes, its detail the file.
const signLog = "log_long"

// longestLog is far above what checkpoints leave: beyond it, a reader that does not end
// keeps the log from starting again.
const longestLog = 256 << 20

// measureLogs notes since when a log is too long.
func (w *Watch) measureLogs(ctx context.Context, now time.Time) error {
	store, err := w.Store.FileSize()
	inbox, inboxErr := w.Inbox.FileSize()
	if err := errors.Join(err, inboxErr); err != nil {
		return err
	}
	return w.noteLog(ctx, now, store, inbox)
}

func (w *Watch) noteLog(ctx context.Context, now time.Time, files ...db.FileSize) error {
	longest := db.FileSize{}
	for _, f := range files {
		if f.Log > longest.Log {
			longest = f
		}
	}
	signs, err := w.Store.Signals(ctx)
	if err != nil {
		return err
	}
	noted, was := signs[signLog]
	switch {
	case longest.Log <= longestLog && was:
		return w.Store.ClearSign(ctx, signLog)
	case longest.Log <= longestLog:
		return nil
	case !was:
		noted.At = now
	}
	noted.Value, noted.Detail = longest.Log, longest.Name+"-wal"
	return w.Store.SetSignal(ctx, signLog, noted)
}
