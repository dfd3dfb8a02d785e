package db

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// SignDamage is the sign of stored data that are not what was stored. Its value
// counts what was found, its detail names the newest of it.
const SignDamage = "damage"

// damage gathers what readers find, for who may write it down.
type damage struct {
	mu    sync.Mutex
	texts []string
}

// mostDamage is how much is kept until it is written down.
const mostDamage = 100

func (d *damage) found(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if text := err.Error(); len(d.texts) < mostDamage && !slices.Contains(d.texts, text) {
		d.texts = append(d.texts, text)
	}
}

func (d *damage) take() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.texts
	d.texts = nil
	return out
}

// FoundDamage notes damage that was found elsewhere, such as in a body of the
// inbox.
func (s *Store) FoundDamage(err error) { s.damage.found(err) }

// SaveDamage writes down what damage was found since the last time, so that
// it is reported, and returns it.
func (s *Store) SaveDamage(ctx context.Context, now time.Time) ([]string, error) {
	texts := s.damage.take()
	if len(texts) == 0 {
		return nil, nil
	}
	err := s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into signal (name, at_ms, value, detail) values (?, ?, ?, ?)
			on conflict do update set value = value + excluded.value, detail = excluded.detail`,
			SignDamage, now.UnixMilli(), len(texts), texts[len(texts)-1])
	})
	if err != nil {
		for _, text := range texts { // the next time may write it down
			s.damage.found(errors.New(text))
		}
		return nil, err
	}
	return texts, nil
}

// ClearSign takes a sign away.
func (s *Store) ClearSign(ctx context.Context, name string) error {
	return s.w.do(ctx, func(t *tx) error { return t.exec(`delete from signal where name = ?`, name) })
}
