package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"garner/health"
)

// InboxReader reads inbox.db, in any process.
type InboxReader struct {
	f   *file
	dec *zstd.Decoder
}

// OpenInboxReader opens inbox.db in dir for reading while another process
// receives. It writes nothing; ErrNotSetUp means that there is no such file
// yet.
func OpenInboxReader(ctx context.Context, dir string) (*InboxReader, error) {
	f, err := openBeside(ctx, filepath.Join(dir, "inbox.db"), inboxSchema, false)
	if err != nil {
		return nil, err
	}
	dec, err := newDecoder()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &InboxReader{f: f, dec: dec}, nil
}

// Close closes the file.
func (in *InboxReader) Close() error { return in.f.Close() }

// Delivery is one delivery of the inbox.
type Delivery struct {
	Arrival
	ID     int64
	Size   int64
	SHA256 []byte
	form   int
	upload sql.NullInt64
	body   []byte
	// unreadable is why the delivery cannot be read; only its id is known.
	unreadable error
}

const deliveryColumns = `id, received_ms, path, client, source, encoding, sha256, size, form, upload_id, body`

func scanDelivery(row scanner) (*Delivery, error) {
	var d Delivery
	var received int64
	var client, source int
	err := row.Scan(&d.ID, &received, &d.Path, &client, &source, &d.Encoding, &d.SHA256, &d.Size, &d.form, &d.upload,
		&d.body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fault(err)
	}
	d.Received, d.Client, d.Source = time.UnixMilli(received), Client(client), health.Origin(source)
	return &d, nil
}

// After returns the deliveries with ids over after, oldest first, at most limit
// and not much over maxBytes in total.
func (in *InboxReader) After(ctx context.Context, after int64, limit int, maxBytes int64) ([]*Delivery, error) {
	rows, err := in.f.query(ctx, `select `+deliveryColumns+` from delivery where id > ? order by id limit ?`, after, limit)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	var out []*Delivery
	for size := int64(0); size < maxBytes && rows.Next(); {
		d, err := scanDelivery(rows)
		if err != nil {
			return nil, err
		}
		size += d.Size
		out = append(out, d)
	}
	return out, fault(rows.Err())
}

// Delivery returns one delivery, or ErrNotFound.
func (in *InboxReader) Delivery(ctx context.Context, id int64) (*Delivery, error) {
	return scanDelivery(in.f.queryRow(ctx, `select `+deliveryColumns+` from delivery where id = ?`, id))
}

// delivery returns one delivery: nil if there is none, and an unreadable
// one if its place in the file is damaged.
func (in *InboxReader) delivery(ctx context.Context, id int64) (*Delivery, error) {
	d, err := in.Delivery(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case errors.Is(err, ErrBroken):
		return damagedPlace(id, err), nil
	}
	return d, err
}

func damagedPlace(id int64, err error) *Delivery {
	// No longer an ErrBroken: the rest of the file can be read.
	return &Delivery{ID: id, unreadable: fmt.Errorf("inbox.db, delivery %d: %w: %v", id, ErrDamaged, err)}
}

// afterOneByOne does the work of After if part of the file is damaged: it
// includes deliveries that cannot be read, marked as unreadable.
func (in *InboxReader) afterOneByOne(ctx context.Context, after int64, limit int) (out []*Delivery, err error) {
	for len(out) < limit {
		var next sql.NullInt64
		err := fault(in.f.queryRow(ctx, `select min(id) from delivery where id > ?`, after).Scan(&next))
		switch {
		case errors.Is(err, ErrBroken):
			after++
			out = append(out, damagedPlace(after, err))
			continue
		case err != nil:
			return nil, err
		case !next.Valid:
			return out, nil
		}
		after = next.Int64
		d, err := in.delivery(ctx, after)
		if err != nil {
			return nil, err
		}
		if d != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

// Body streams a delivery's bytes as they were received. Size and hash are
// checked before the first byte is returned; if they do not match, reading
// fails with ErrDamaged.
func (in *InboxReader) Body(ctx context.Context, d *Delivery) io.Reader {
	if d.form == formChunks {
		chunks := func() *chunkReader { return &chunkReader{in: in, ctx: ctx, upload: d.upload.Int64} }
		if err := d.check(chunks()); err != nil {
			return errReader{err}
		}
		return chunks()
	}
	body := d.body
	if d.form == formZstd {
		var err error
		if body, err = in.dec.DecodeAll(d.body, make([]byte, 0, min(d.Size, 2*ChunkSize))); err != nil {
			return errReader{fmt.Errorf("delivery %d: %w: %w", d.ID, ErrDamaged, err)}
		}
	}
	if err := d.check(bytes.NewReader(body)); err != nil {
		return errReader{err}
	}
	return bytes.NewReader(body)
}

// check compares a body with the size and hash recorded on arrival.
func (d *Delivery) check(r io.Reader) error {
	sum := sha256.New()
	n, err := io.Copy(sum, r)
	switch {
	case err != nil:
		return fmt.Errorf("delivery %d: %w", d.ID, err)
	case n != d.Size:
		return fmt.Errorf("delivery %d: %w: %d bytes are stored of %d", d.ID, ErrDamaged, n, d.Size)
	case !bytes.Equal(sum.Sum(nil), d.SHA256):
		return fmt.Errorf("delivery %d: %w: its hash does not match", d.ID, ErrDamaged)
	}
	return nil
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// chunkReader reads a chunk per query, so that no read transaction outlives a
// slow consumer.
type chunkReader struct {
	in     *InboxReader
	ctx    context.Context
	upload int64
	n      int
	rest   []byte
}

func (r *chunkReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.n++
		var packed []byte
		err := r.in.f.queryRow(r.ctx, `select body from chunk where upload_id = ? and n = ?`, r.upload, r.n).Scan(&packed)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, fault(err)
		}
		if r.rest, err = r.in.dec.DecodeAll(packed, nil); err != nil {
			return 0, fmt.Errorf("chunk %d of upload %d: %w: %w", r.n, r.upload, ErrDamaged, err)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Tail returns how many deliveries with ids over after the inbox holds, their
// bytes, the newest id, and when the oldest of them was received (zero if
// there are none).
func (in *InboxReader) Tail(ctx context.Context, after int64) (rows, size, newest int64, oldest time.Time, err error) {
	var ms sql.NullInt64
	err = in.f.queryRow(ctx, `select count(*), coalesce(sum(size), 0), coalesce(max(id), 0), min(received_ms) from
		delivery where id > ?`, after).
		Scan(&rows, &size, &newest, &ms)
	if ms.Valid {
		oldest = time.UnixMilli(ms.Int64)
	}
	return rows, size, newest, oldest, fault(err)
}
