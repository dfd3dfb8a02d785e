package db

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// SignDamage is the signal for damaged stored data. Its value counts the damage
// found, its detail names the newest.
const SignDamage = "damage"

// damage collects what readers find until the writer saves it.
type damage struct {
	mu    sync.Mutex
	texts []string
	// ever means that something was found since the start or the last clean deep check.
	ever bool
}

// mostDamage is how many findings are kept until they are saved.
const mostDamage = 100

func (d *damage) found(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ever = true
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

// SaveDamage saves and returns the damage found since the last call, so that
// it is reported.
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
		for _, text := range texts { // the next call may save it
			s.damage.found(errors.New(text))
		}
		return nil, err
	}
	return texts, nil
}

// Damaged reports whether damaged data were found since the start, or since a deep check
// that found none. They are left out of what is read.
func (s *Store) Damaged() bool {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	return s.damage.ever
}

// ClearDamage ends what is known of damage: a deep check begins anew.
func (s *Store) ClearDamage(ctx context.Context) error {
	s.damage.mu.Lock()
	s.damage.ever = false
	s.damage.mu.Unlock()
	return s.ClearSign(ctx, SignDamage)
}

// ClearSign removes a signal.
func (s *Store) ClearSign(ctx context.Context, name string) error {
	return s.w.do(ctx, func(t *tx) error { return t.exec(`delete from signal where name = ?`, name) })
}
