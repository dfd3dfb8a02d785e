package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"hash"
	"time"
)

// The forms of a stored body.
const (
	formPlain = iota
	formZstd
	formChunks
)

// rowOp stores a delivery's row.
type rowOp struct {
	a      Arrival
	sum    [sha256.Size]byte
	size   int64
	form   int
	upload *int64
	body   []byte
	id     int64
}

func (r *rowOp) run(ctx context.Context, w *inboxWriter) error {
	res, err := w.insert.ExecContext(ctx, r.appendArgs(nil)...)
	if err != nil {
		return err
	}
	r.id, err = res.LastInsertId()
	return err
}

func (r *rowOp) appendArgs(args []any) []any {
	return append(args, r.a.Received.UnixMilli(), r.a.Path, int(r.a.Client), int(r.a.Source),
		r.a.Encoding, r.sum[:], r.size, r.form, r.upload, r.body)
}

// uploadOp starts a body that is stored in chunks.
type uploadOp struct {
	at time.Time
	id int64
}

func (u *uploadOp) run(ctx context.Context, w *inboxWriter) error {
	res, err := w.newUpload.ExecContext(ctx, u.at.UnixMilli())
	if err != nil {
		return err
	}
	u.id, err = res.LastInsertId()
	return err
}

type chunkOp struct {
	upload int64
	n      int
	body   []byte
}

func (c *chunkOp) run(ctx context.Context, w *inboxWriter) error {
	_, err := w.chunk.ExecContext(ctx, c.upload, c.n, c.body)
	return err
}

type abortOp struct{ upload int64 }

func (a *abortOp) run(ctx context.Context, w *inboxWriter) error {
	if _, err := w.dropPart.ExecContext(ctx, a.upload); err != nil {
		return err
	}
	_, err := w.dropUpload.ExecContext(ctx, a.upload)
	return err
}

// pruneOp deletes bodies that are no longer needed.
type pruneOp struct{ ids []int64 }

func (p *pruneOp) run(ctx context.Context, w *inboxWriter) error {
	for _, id := range p.ids {
		for _, drop := range []*sql.Stmt{w.delChunks, w.delUpload, w.delBody} {
			if _, err := drop.ExecContext(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Prune deletes the deliveries with these ids, a few per transaction, and
// returns freed pages to the file system in small steps.
func (in *Inbox) Prune(ctx context.Context, ids []int64) error {
	const step = 100
	for len(ids) > 0 {
		n := min(step, len(ids))
		if err := in.submit(ctx, &op{do: &pruneOp{ids: ids[:n]}}); err != nil {
			return err
		}
		ids = ids[n:]
	}
	for {
		vacuum := &vacuumOp{}
		if err := in.submit(ctx, &op{do: vacuum}); err != nil || !vacuum.more {
			return err
		}
	}
}

// vacuumOp frees some pages; it runs inside the group's transaction.
type vacuumOp struct{ more bool }

func (v *vacuumOp) run(ctx context.Context, w *inboxWriter) error {
	var before, left int64
	if err := w.conn.QueryRowContext(ctx, `pragma freelist_count`).Scan(&before); err != nil {
		return err
	}
	rows, err := w.conn.QueryContext(ctx, `pragma incremental_vacuum(500)`)
	if err != nil {
		return err
	}
	for rows.Next() { // each step frees a page
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	err = w.conn.QueryRowContext(ctx, `pragma freelist_count`).Scan(&left)
	v.more = 0 < left && left < before // a file without incremental vacuum frees nothing
	size, sizeErr := logicalSize(ctx, w.conn)
	if err = errors.Join(err, sizeErr); err == nil {
		w.guard.least = min(w.guard.least, size)
	}
	return err
}

// Upload stores a body that is too big for one row, piece by piece.
type Upload struct {
	in   *Inbox
	ctx  context.Context
	id   int64
	n    int
	buf  []byte
	sum  hash.Hash
	size int64
}

// pieceSize is how much of a big body is held in memory at a time. It begins
// with firstPiece, so that an idle sender holds almost no memory.
const (
	pieceSize  = 256 << 10
	firstPiece = 16 << 10
)

// Upload begins a big body. The caller ends it with Commit or Abort.
func (in *Inbox) Upload(ctx context.Context) (*Upload, error) {
	if err := in.roomInBacklog(ChunkSize); err != nil {
		return nil, err
	}
	begin := &uploadOp{at: time.Now()}
	if err := in.submit(ctx, &op{do: begin}); err != nil {
		return nil, err
	}
	return &Upload{in: in, ctx: ctx, id: begin.id, sum: sha256.New()}, nil
}

// Write stores each full chunk at once, so that memory use stays constant.
func (u *Upload) Write(p []byte) (int, error) {
	written := len(p)
	u.sum.Write(p)
	u.size += int64(len(p))
	for len(p) > 0 {
		if err := u.grow(); err != nil {
			return 0, err
		}
		n := min(len(p), cap(u.buf)-len(u.buf))
		u.buf = append(u.buf, p[:n]...)
		p = p[n:]
		if len(u.buf) == pieceSize {
			if err := u.flush(u.ctx); err != nil {
				return 0, err
			}
		}
	}
	return written, nil
}

// grow makes room in a full piece.
func (u *Upload) grow() error {
	if len(u.buf) < cap(u.buf) {
		return nil
	}
	size := min(max(4*cap(u.buf), firstPiece), pieceSize)
	if err := u.in.Hold(int64(size-cap(u.buf)), int64(cap(u.buf))); err != nil {
		return err
	}
	u.buf = append(make([]byte, 0, size), u.buf...)
	return nil
}

func (u *Upload) flush(ctx context.Context) error {
	if len(u.buf) == 0 {
		return nil
	}
	body := u.in.enc.EncodeAll(u.buf, nil)
	u.buf = u.buf[:0]
	u.n++
	return u.in.submit(ctx, &op{do: &chunkOp{upload: u.id, n: u.n, body: body}, size: int64(len(body)),
		written: int64(len(body))})
}

// Commit stores the last piece and then the delivery's row, which makes the
// whole a delivery. Errors are those of Inbox.Put.
func (u *Upload) Commit(ctx context.Context, a Arrival) (int64, error) {
	if err := u.flush(ctx); err != nil {
		return 0, errors.Join(err, u.Abort(context.WithoutCancel(ctx)))
	}
	row := &rowOp{a: a, sum: [sha256.Size]byte(u.sum.Sum(nil)), size: u.size, form: formChunks, upload: &u.id}
	u.release()
	err := u.in.submit(ctx, &op{do: row})
	switch {
	case err == nil:
		return row.id, nil
	case ctx.Err() == nil:
		return 0, errors.Join(err, u.Abort(ctx))
	}
	return 0, err // the row may still be stored
}

// release frees the memory of the current piece.
func (u *Upload) release() {
	u.in.Unhold(int64(cap(u.buf)))
	u.buf = nil
}

// Abort deletes what was stored of a body that will not be completed.
func (u *Upload) Abort(ctx context.Context) error {
	u.release()
	return u.in.submit(ctx, &op{do: &abortOp{upload: u.id}})
}
