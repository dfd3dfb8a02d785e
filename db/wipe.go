package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"hash/maphash"
)

// When SQLite moves rows between pages, a copy of them may stay in the unused part of the
// page that they leave, and a page that becomes part of a long value may keep bytes of
// the one before. secure_delete does not overwrite these, so they are overwritten here,
// in the database pages themselves.

// wipePages is how many pages one transaction overwrites.
const wipePages = 50

// page is a page of a database whose unused part holds something. There may be one for
// every few kilobytes of the file, so that a page is known again by the hash of its bytes.
type page struct {
	number     int64
	sum        uint64
	from, upTo int32 // the unused part
}

var pageSeed = maphash.MakeSeed()

// wipe overwrites the unused parts of all pages. The writer waits for a few
// milliseconds at a time.
func (f *file) wipe(ctx context.Context) error {
	w, err := pool(f.path, 1, wiping)
	if err != nil {
		return err
	}
	err = f.wipeBy(ctx, w)
	return errors.Join(err, w.Close())
}

func (f *file) wipeBy(ctx context.Context, w *sql.DB) error {
	list, err := f.unused(ctx, w)
	if err != nil {
		return fault(err)
	}
	for len(list) > 0 {
		n := min(wipePages, len(list))
		if err := wipeSome(ctx, w, list[:n]); err != nil {
			return fault(err)
		}
		list = list[n:]
	}
	return nil
}

// unused finds the pages with something left in their unused part, and holds none of them
// in memory.
func (f *file) unused(ctx context.Context, w *sql.DB) (out []page, err error) {
	rows, err := w.QueryContext(ctx, `select s.pageno, s.pagetype = 'overflow', s.unused, p.data from dbstat s
		join sqlite_dbpage p on p.pgno = s.pageno`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		var overflow bool
		var unused int
		var data sql.RawBytes
		if err := rows.Scan(&number, &overflow, &unused, &data); err != nil {
			return nil, err
		}
		from, upTo := len(data)-unused, len(data)
		if !overflow {
			from, upTo = gap(number, data)
		}
		if from >= 0 && from < upTo && upTo <= len(data) && len(bytes.Trim(data[from:upTo], "\x00")) > 0 {
			out = append(out, page{number, maphash.Bytes(pageSeed, data), int32(from), int32(upTo)})
		}
	}
	return out, rows.Err()
}

// gap is the part of a b-tree page between its list of cells and the cells
// (sqlite.org/fileformat2.html, 1.6).
func gap(number int64, data []byte) (from, upTo int) {
	head := 0
	if number == 1 {
		head = 100
	}
	if len(data) < head+12 {
		return 0, 0
	}
	size := 8
	if kind := data[head]; kind == 2 || kind == 5 { // interior pages have a pointer more
		size = 12
	}
	from = head + size + 2*int(binary.BigEndian.Uint16(data[head+3:]))
	upTo = int(binary.BigEndian.Uint16(data[head+5:]))
	if upTo == 0 {
		upTo = 1 << 16
	}
	return from, upTo
}

// wipeSome overwrites the unused parts of some pages, as far as they have not changed.
func wipeSome(ctx context.Context, w *sql.DB, list []page) error {
	tx, err := w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		var now []byte
		err := tx.QueryRowContext(ctx, `select data from sqlite_dbpage where pgno = ?`, p.number).Scan(&now)
		if errors.Is(err, sql.ErrNoRows) || err == nil && maphash.Bytes(pageSeed, now) != p.sum {
			continue // it is in use again, or no longer there
		}
		if err == nil {
			clear(now[p.from:p.upTo])
			_, err = tx.ExecContext(ctx, `update sqlite_dbpage set data = ? where pgno = ?`, now, p.number)
		}
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}
