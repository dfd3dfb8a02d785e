package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"garner/health"
)

// Delivery is one delivery of the inbox.
type Delivery struct {
	Arrival
	ID     int64
	Size   int64
	SHA256 []byte
	form   int
	upload sql.NullInt64
	body   []byte
}

const deliveryColumns = `id, received_ms, path, client, source, encoding, sha256, size, form, upload, body`

func scanDelivery(row scanner) (*Delivery, error) {
	var d Delivery
	var received int64
	var client, source int
	err := row.Scan(&d.ID, &received, &d.Path, &client, &source, &d.Encoding, &d.SHA256, &d.Size, &d.form, &d.upload, &d.body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fault(err)
	}
	d.Received, d.Client, d.Source = time.UnixMilli(received), Client(client), health.Origin(source)
	return &d, nil
}

// After gives the deliveries with ids over after, oldest first, at most limit
// and not much over maxBytes of them.
func (in *Inbox) After(ctx context.Context, after int64, limit int, maxBytes int64) ([]*Delivery, error) {
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

// Delivery gives one delivery, or ErrNotFound.
func (in *Inbox) Delivery(ctx context.Context, id int64) (*Delivery, error) {
	return scanDelivery(in.f.queryRow(ctx, `select `+deliveryColumns+` from delivery where id = ?`, id))
}

// Body streams a delivery's bytes as they were received.
func (in *Inbox) Body(ctx context.Context, d *Delivery) io.Reader {
	switch d.form {
	case formPlain:
		return bytes.NewReader(d.body)
	case formZstd:
		b, err := in.dec.DecodeAll(d.body, make([]byte, 0, d.Size))
		if err != nil {
			return errReader{fmt.Errorf("delivery %d: %w", d.ID, err)}
		}
		return bytes.NewReader(b)
	default:
		return &chunkReader{in: in, ctx: ctx, upload: d.upload.Int64}
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// chunkReader reads a chunk per query, so that no read transaction outlives a
// slow consumer.
type chunkReader struct {
	in     *Inbox
	ctx    context.Context
	upload int64
	n      int
	rest   []byte
}

func (r *chunkReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.n++
		var packed []byte
		err := r.in.f.queryRow(r.ctx, `select body from chunk where upload = ? and n = ?`, r.upload, r.n).Scan(&packed)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, fault(err)
		}
		if r.rest, err = r.in.dec.DecodeAll(packed, nil); err != nil {
			return 0, fmt.Errorf("chunk %d of upload %d: %w", r.n, r.upload, err)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Tail says how many deliveries with ids over after the inbox holds, their
// bytes, the newest id, and when the oldest of them was received (zero where
// there are none).
func (in *Inbox) Tail(ctx context.Context, after int64) (rows, size, newest int64, oldest time.Time, err error) {
	var ms sql.NullInt64
	err = in.f.queryRow(ctx, `select count(*), coalesce(sum(size), 0), coalesce(max(id), 0), min(received_ms) from delivery where id > ?`, after).
		Scan(&rows, &size, &newest, &ms)
	if ms.Valid {
		oldest = time.UnixMilli(ms.Int64)
	}
	return rows, size, newest, oldest, fault(err)
}

// collect scans all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fault(err)
		}
		out = append(out, v)
	}
	return out, fault(rows.Err())
}
