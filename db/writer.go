package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer is garner.db's one writing connection. Statements are prepared once
// and found again by their text.
type writer struct {
	mu     sync.Mutex
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	broken error
}

func newWriter(ctx context.Context, f *file) (*writer, error) {
	conn, err := f.w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &writer{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// Close closes the statements and gives the connection back.
func (w *writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	for _, st := range w.stmts {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, w.conn.Close())
}

// tx is a running write transaction.
type tx struct {
	ctx context.Context
	w   *writer
}

// do runs f in one immediate transaction. Once the file has failed it refuses
// all further writes: what the disk holds is then unknown.
func (w *writer) do(ctx context.Context, f func(*tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return fmt.Errorf("garner.db: %w: %w", ErrBroken, w.broken)
	}
	// A transaction that has begun is finished even while shutting down.
	t := &tx{ctx: context.WithoutCancel(ctx), w: w}
	err := fault(t.run(f))
	if errors.Is(err, ErrBroken) {
		w.broken = err
	}
	return err
}

func (t *tx) run(f func(*tx) error) error {
	if err := t.exec(`begin immediate`); err != nil {
		return err
	}
	if err := f(t); err != nil {
		return errors.Join(err, t.rollback())
	}
	if err := t.exec(`commit`); err != nil {
		return errors.Join(err, t.rollback())
	}
	return nil
}

func (t *tx) rollback() error {
	if err := t.exec(`rollback`); err != nil && !isPlainError(err) {
		return err
	}
	return nil
}

func (t *tx) stmt(text string) (*sql.Stmt, error) {
	if st, ok := t.w.stmts[text]; ok {
		return st, nil
	}
	st, err := t.w.conn.PrepareContext(t.ctx, text)
	if err != nil {
		return nil, err
	}
	t.w.stmts[text] = st
	return st, nil
}

func (t *tx) exec(text string, args ...any) error {
	_, err := t.result(text, args...)
	return err
}

func (t *tx) result(text string, args ...any) (sql.Result, error) {
	st, err := t.stmt(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(t.ctx, args...)
}

// row reads one row; it gives sql.ErrNoRows where there is none.
func (t *tx) row(text string, args []any, dest ...any) error {
	st, err := t.stmt(text)
	if err != nil {
		return err
	}
	return st.QueryRowContext(t.ctx, args...).Scan(dest...)
}

func (t *tx) query(text string, args ...any) (*sql.Rows, error) {
	st, err := t.stmt(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(t.ctx, args...)
}
