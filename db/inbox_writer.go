package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// op is one request to the inbox's writer.
type op struct {
	do writerStep
	// size is the memory it holds, written the bytes it adds to the file.
	size, written int64
	err           chan error // capacity 1: the writer never blocks on it
}

// writerStep is done within the transaction of its group.
type writerStep interface {
	run(ctx context.Context, w *inboxWriter) error
}

// submit passes an op to the writer and waits until it is durable or ctx ends.
// The shared transaction does not depend on ctx: a caller that stops waiting
// does not undo the work of others.
func (in *Inbox) submit(ctx context.Context, o *op) error {
	o.err = make(chan error, 1)
	if err := in.enqueue(o); err != nil {
		return err
	}
	select {
	case err := <-o.err:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
}

func (in *Inbox) enqueue(o *op) error {
	if !in.memory.take(o.size, 0) {
		return fmt.Errorf("receive queue over its bytes: %w", ErrBusy)
	}
	in.queuedRows.Add(1)
	err := in.send(o)
	if err != nil {
		in.queuedRows.Add(-1)
		in.memory.give(o.size)
	}
	return err
}

func (in *Inbox) send(o *op) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return fmt.Errorf("shutting down: %w", ErrBusy)
	}
	select {
	case in.queue <- o:
		return nil
	default:
		return fmt.Errorf("receive queue over its rows: %w", ErrBusy)
	}
}

// write is the writer's goroutine: it ends when the queue is closed and empty.
func (in *Inbox) write(w *inboxWriter) {
	defer close(in.done)
	look := time.NewTicker(time.Second)
	defer look.Stop()
	var group []*op
	var unmoved int64 // bytes written since the last checkpoint request
	for open := true; open; {
		var first *op
		select {
		case <-look.C:
			if err := in.guard.check(); err != nil {
				in.breakDown(err)
			}
			if unmoved > 0 {
				unmoved = 0
				in.checkpoints.written()
			}
		case first, open = <-in.queue:
		}
		if first == nil {
			continue
		}
		group = in.refuseWhenFull(in.gather(append(group[:0], first)))
		unmoved += in.writeGroup(w, group)
		if unmoved > checkpointBytes {
			unmoved = 0
			in.checkpoints.written()
		}
	}
	if err := w.Close(); err != nil {
		in.breakDown(err)
	}
}

// writeGroup commits a group, answers its senders and returns about how many
// bytes it wrote.
func (in *Inbox) writeGroup(w *inboxWriter, group []*op) (size int64) {
	if len(group) == 0 {
		return 0
	}
	ctx := context.Background()
	err := in.commit(ctx, w, group)
	ofAll := errors.Is(err, ErrFull) || errors.Is(err, ErrBusy) || errors.Is(err, ErrBroken)
	apart := len(group) > 1 && err != nil && !ofAll
	for _, o := range group {
		if apart { // one bad row must not fail the others
			err = in.commit(ctx, w, []*op{o})
		}
		size += o.written + rowBytes
		if row, ok := o.do.(*rowOp); ok && err == nil {
			in.stored(row.size)
		}
		in.release(o, err)
	}
	return size
}

// rowBytes estimates the bytes of a row without its body.
const rowBytes = 200

// gather adds what waits, without waiting for more: under load, groups grow
// while the disk is busy with the previous one.
func (in *Inbox) gather(group []*op) []*op {
	size := group[0].written
	for len(group) < groupRows && size < groupBytes {
		select {
		case o, open := <-in.queue:
			if !open {
				return group
			}
			group = append(group, o)
			size += o.written
		default:
			return group
		}
	}
	return group
}

func (in *Inbox) release(o *op, err error) {
	in.queuedRows.Add(-1)
	in.memory.give(o.size)
	o.err <- err
}

// commit makes a group durable, and checks that the path names the same file
// before and after.
func (in *Inbox) commit(ctx context.Context, w *inboxWriter, group []*op) error {
	select {
	case <-in.broken:
		return fmt.Errorf("%w: %w", ErrBroken, in.cause)
	default:
	}
	if err := in.guard.check(); err != nil {
		in.breakDown(err)
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	err := fault(w.commit(ctx, group))
	switch {
	case errors.Is(err, ErrBroken):
		in.breakDown(err)
	case errors.Is(err, ErrFull):
		free, _ := Free(filepath.Dir(in.f.path)) // 0 if unknown
		in.fullAt.Store(max(free, 1))
	case err == nil:
		in.fullAt.Store(0)
		if err = in.guard.check(); err != nil {
			in.breakDown(err)
			return fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
	return err
}

// refuseWhenFull drops ops that need space while there is none, and returns
// those that free some.
func (in *Inbox) refuseWhenFull(group []*op) []*op {
	if !in.full() {
		return group
	}
	frees := group[:0]
	for _, o := range group {
		switch o.do.(type) {
		case *pruneOp, *abortOp, *vacuumOp:
			frees = append(frees, o)
		default:
			in.release(o, ErrFull)
		}
	}
	return frees
}

// inboxWriter is the one writing connection with its statements.
type inboxWriter struct {
	guard                      *guard
	conn                       *sql.Conn
	begin, end, undo           *sql.Stmt
	insert, inserts            *sql.Stmt // one row, manyRows
	newUpload, chunk, dropPart *sql.Stmt
	delBody, delChunks         *sql.Stmt
	dropUpload, delUpload      *sql.Stmt
}

const insertRow = `insert into delivery (received_ms, path, client, source, encoding, sha256, size, form, upload_id,
	body) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func newInboxWriter(ctx context.Context, f *file, g *guard) (*inboxWriter, error) {
	conn, err := f.w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &inboxWriter{conn: conn, guard: g}
	for _, s := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&w.begin, `begin immediate`},
		{&w.end, `commit`},
		{&w.undo, `rollback`},
		{&w.insert, insertRow},
		{&w.inserts, insertRow + strings.Repeat(`, (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, manyRows-1)},
		{&w.newUpload, `insert into upload (started_ms) values (?)`},
		{&w.chunk, `insert into chunk (upload_id, n, body) values (?, ?, ?)`},
		{&w.dropPart, `delete from chunk where upload_id = ?`},
		{&w.delChunks, `delete from chunk where upload_id = (select upload_id from delivery where id = ?)`},
		{&w.dropUpload, `delete from upload where id = ?`},
		{&w.delUpload, `delete from upload where id = (select upload_id from delivery where id = ?)`},
		{&w.delBody, `delete from delivery where id = ?`},
	} {
		if *s.stmt, err = conn.PrepareContext(ctx, s.text); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return w, nil
}

// Close closes the statements and returns the connection. With open statements
// the connection would not end and its log would stay behind.
func (w *inboxWriter) Close() error {
	var err error
	for _, st := range []*sql.Stmt{w.begin, w.end, w.undo, w.insert, w.inserts, w.newUpload, w.chunk, w.dropPart,
		w.dropUpload, w.delUpload, w.delBody, w.delChunks} {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, w.conn.Close())
}

func (w *inboxWriter) commit(ctx context.Context, group []*op) error {
	if _, err := w.begin.ExecContext(ctx); err != nil {
		return err
	}
	for rest := group; len(rest) > 0; {
		n, err := w.step(ctx, rest)
		if err != nil {
			return errors.Join(err, w.rollback(ctx))
		}
		rest = rest[n:]
	}
	// A log that was cut meanwhile would grow beyond its old size again, around a hole.
	if err := w.guard.check(); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrBroken, err), w.rollback(ctx))
	}
	if _, err := w.end.ExecContext(ctx); err != nil {
		return errors.Join(err, w.rollback(ctx))
	}
	return nil
}

// step runs the first op, or the first few together if they are all rows,
// and returns how many it ran.
func (w *inboxWriter) step(ctx context.Context, group []*op) (int, error) {
	if len(group) < manyRows {
		return 1, group[0].do.run(ctx, w)
	}
	var rows [manyRows]*rowOp
	for i := range rows {
		row, ok := group[i].do.(*rowOp)
		if !ok {
			return 1, group[0].do.run(ctx, w)
		}
		rows[i] = row
	}
	return manyRows, w.insertMany(ctx, rows)
}

// manyRows is how many rows one statement inserts if there are as many:
// under load most of the cost of an insert is the statement.
const manyRows = 8

func (w *inboxWriter) insertMany(ctx context.Context, rows [manyRows]*rowOp) error {
	args := make([]any, 0, manyRows*10)
	for _, r := range rows {
		args = r.appendArgs(args)
	}
	res, err := w.inserts.ExecContext(ctx, args...)
	if err != nil {
		return err
	}
	last, err := res.LastInsertId()
	for i, r := range rows { // ids of one statement follow each other
		r.id = last - manyRows + 1 + int64(i)
	}
	return err
}

// rollback ignores "no transaction is active": some failed commits have
// already rolled back.
func (w *inboxWriter) rollback(ctx context.Context) error {
	if _, err := w.undo.ExecContext(ctx); err != nil && !isPlainError(err) {
		return err
	}
	return nil
}

// dropLeftovers deletes the chunks of uploads that never got their delivery.
func (w *inboxWriter) dropLeftovers(ctx context.Context) error {
	_, err := w.conn.ExecContext(ctx, `delete from chunk where not exists
		(select 1 from delivery d where d.upload_id is not null and d.upload_id = chunk.upload_id)`)
	return err
}
