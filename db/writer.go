package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// writer is garner.db's one writing connection, made when it is first needed.
// Statements are prepared once and reused by their text.
type writer struct {
	f      *file
	mu     sync.Mutex
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	broken atomic.Pointer[error]
	// guard is nil, and committed does nothing, if another process owns
	// the file.
	guard     *guard
	committed func()
}

func newWriter(f *file) *writer {
	return &writer{f: f, stmts: map[string]*sql.Stmt{}, committed: func() {}}
}

// Close closes the statements and returns the connection.
func (w *writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	var err error
	for _, st := range w.stmts {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, w.conn.Close())
}

// breakDown makes the writer refuse all further writes: the content of the disk
// is unknown, or the path now names another file.
func (w *writer) breakDown(cause error) { w.broken.CompareAndSwap(nil, &cause) }

// tx is a running write transaction.
type tx struct {
	ctx context.Context
	w   *writer
}

// do runs f in one immediate transaction.
func (w *writer) do(ctx context.Context, f func(*tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cause := w.broken.Load(); cause != nil {
		return fmt.Errorf("garner.db: %w: %w", ErrBroken, *cause)
	}
	// A transaction that has begun is finished even while shutting down.
	ctx = context.WithoutCancel(ctx)
	err := w.once(ctx, f)
	if errors.Is(err, ErrBroken) {
		w.breakDown(err)
	}
	return err
}

func (w *writer) once(ctx context.Context, f func(*tx) error) (err error) {
	if w.f.w == nil {
		return errors.New("a snapshot cannot be written to")
	}
	if w.conn == nil {
		if w.conn, err = w.f.w.Conn(ctx); err != nil {
			return fault(err)
		}
	}
	if w.guard != nil {
		if err := w.guard.check(); err != nil {
			return fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
	t := &tx{ctx: ctx, w: w}
	if err := fault(t.run(f)); err != nil {
		return err
	}
	w.committed()
	return nil
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

// row reads one row; it gives sql.ErrNoRows if there is none.
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
