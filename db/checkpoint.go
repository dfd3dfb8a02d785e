package db

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// checkpointBytes is the number of bytes written between two checkpoints.
	checkpointBytes = 4 << 20
	// longestLog is the size of the log from which the writer waits for a
	// checkpoint, so that the log can restart.
	longestLog = 64 << 20
	// checkpointPause keeps the syncs of checkpoints from crowding out those of
	// commits.
	checkpointPause = 250 * time.Millisecond
)

// checkpointer moves committed pages from the log to the database. It has its
// own connection and goroutine, so that no commit waits for it.
type checkpointer struct {
	f    *file
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
	// fail is called once with an error after which the file cannot be trusted.
	fail func(error)
}

func (f *file) startCheckpoints(fail func(error)) *checkpointer {
	c := &checkpointer{f: f, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		fail: fail}
	go c.run()
	return c
}

// Close ends the goroutine; the last connection checkpoints the rest when it
// closes.
func (c *checkpointer) Close() {
	close(c.stop)
	<-c.done
}

// written requests another checkpoint once enough was written.
func (c *checkpointer) written() {
	select {
	case c.wake <- struct{}{}:
	default: // one is due already
	}
}

func (c *checkpointer) run() {
	defer close(c.done)
	for {
		select {
		case <-c.stop:
			return
		case <-c.wake:
		}
		err := c.once(context.Background())
		// After any other error the log still holds all commits.
		if errors.Is(err, ErrBroken) {
			c.fail(fmt.Errorf("checkpoint: %w", err))
			return
		}
		select {
		case <-c.stop:
			return
		case <-time.After(checkpointPause):
		}
	}
}

// once moves what it can without blocking others. Only if the log has grown
// too long does it block the writer, for the few pages written in the
// meantime.
func (c *checkpointer) once(ctx context.Context) error {
	frames, moved, err := c.checkpoint(ctx, `pragma wal_checkpoint(passive)`)
	if err != nil {
		return err
	}
	var page int64
	if err := c.f.c.QueryRowContext(ctx, `pragma page_size`).Scan(&page); err != nil {
		return fault(err)
	}
	if restartable(frames*page, moved*page) {
		_, _, err = c.checkpoint(ctx, `pragma wal_checkpoint(restart)`)
	}
	return err
}

// restartable reports whether a log should restart, and can do so at once.
// While a reader keeps most of it from being moved, waiting for the reader
// would block the writer for nothing, or, if the reader ends just then, for
// as long as it takes to move all of it.
func restartable(log, moved int64) bool { return log > longestLog && log-moved <= checkpointBytes }

// checkpoint returns the number of frames in the log, and of those moved.
func (c *checkpointer) checkpoint(ctx context.Context, pragma string) (frames, moved int64, err error) {
	var busy int64
	err = c.f.c.QueryRowContext(ctx, pragma).Scan(&busy, &frames, &moved)
	return frames, moved, fault(err)
}
