package db

import (
	"context"
	"database/sql"
	"time"
)

// The kinds of requests.
const (
	RequestRederive = "rederive"
	RequestBackup   = "backup"
	RequestPull     = "pull"
)

// Request is long work requested by a command or a page.
type Request struct {
	ID          int64
	Kind        string
	Done, Total int64
	Created     time.Time
	Ended       time.Time // zero while it waits or runs
	Error       string
	// About is what the work is about, as its kind says; empty for all.
	About string
}

// Ask writes a request for long work. If one of the same kind already waits, it
// returns that.
func (s *Store) Ask(ctx context.Context, now time.Time, kind string) (id int64, err error) {
	return s.AskAbout(ctx, now, kind, "")
}

// AskAbout is Ask for work that is about something.
func (s *Store) AskAbout(ctx context.Context, now time.Time, kind, about string) (id int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		var open sql.NullInt64
		if err := t.row(`select min(id) from request where kind = ? and about = ? and ended_ms is null and done = 0`,
			[]any{kind, about}, &open); err != nil {
			return err
		}
		if open.Valid {
			id = open.Int64
			return nil
		}
		res, err := t.result(`insert into request (kind, about, created_ms) values (?, ?, ?)`, kind, about, now.UnixMilli())
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

// Progress records the progress of a request.
func (s *Store) Progress(ctx context.Context, id, done, total int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update request set done = ?, total = ? where id = ?`, done, total, id)
	})
}

// EndRequest records that a request is done, or why it failed.
func (s *Store) EndRequest(ctx context.Context, now time.Time, id int64, cause error) error {
	text := ""
	if cause != nil {
		text = cause.Error()
	}
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update request set ended_ms = ?, error = ? where id = ?`, now.UnixMilli(), text, id)
	})
}

// OpenRequests returns the requests that wait or run, oldest first.
func (s *Store) OpenRequests(ctx context.Context) ([]Request, error) {
	return s.requests(ctx, `where ended_ms is null order by id`)
}

// Request returns one request, or ErrNotFound.
func (s *Store) Request(ctx context.Context, id int64) (Request, error) {
	list, err := s.requests(ctx, `where id = ?`, id)
	if err != nil {
		return Request{}, err
	}
	if len(list) == 0 {
		return Request{}, ErrNotFound
	}
	return list[0], nil
}

func (s *Store) requests(ctx context.Context, where string, args ...any) ([]Request, error) {
	rows, err := s.f.query(ctx, `select id, kind, done, total, created_ms, coalesce(ended_ms, 0), error, about
		from request `+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (r Request, err error) {
		var created, ended int64
		err = rows.Scan(&r.ID, &r.Kind, &r.Done, &r.Total, &created, &ended, &r.Error, &r.About)
		r.Created = time.UnixMilli(created)
		if ended > 0 {
			r.Ended = time.UnixMilli(ended)
		}
		return r, err
	})
}
