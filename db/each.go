package db

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"garner/health"
)

// eachPage is how many records are read at a time: few, since samples of a
// long activity take a megabyte.
const eachPage = 32

// eachSmall is that for small types, of which whole days are read at a time anyway.
const eachSmall = 1024

// Each yields the current records of a person and type on days from to to,
// both included, in order. It pages by key in short reads; for all of
// them as of one instant use a Snapshot. A damaged record is yielded as a
// *DamagedError, followed by the others; other errors end the sequence. In a
// snapshot the number of records is compared with the coverage, so that what a
// damaged index hides is reported too.
func (s *Store) Each(ctx context.Context, person int64, typ string,
	from, to health.Day) iter.Seq2[*health.Record, error] {
	return s.each(ctx, person, typ, from, to, Cursor{}, false)
}

// EachAfter yields what Each yields after a place.
func (s *Store) EachAfter(ctx context.Context, person int64, typ string, from, to health.Day,
	after Cursor) iter.Seq2[*health.Record, error] {
	return s.each(ctx, person, typ, from, to, after, false)
}

// EachVersion yields what Each yields, and also the simulated records of days
// that have real ones.
func (s *Store) EachVersion(ctx context.Context, person int64, typ string,
	from, to health.Day) iter.Seq2[*health.Record, error] {
	return s.each(ctx, person, typ, from, to, Cursor{}, true)
}

func (s *Store) each(ctx context.Context, person int64, typ string, from, to health.Day, begin Cursor,
	hidden bool) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		n, size := 0, eachPage
		if s.kinds[typ].Packed {
			size = eachSmall
		}
		for after := begin; ; {
			page, err := s.page(ctx, person, typ, from, to, after, size, hidden)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page {
				if r.err != nil && !yield(nil, r.err) || r.err == nil && !yield(r.rec, nil) {
					return
				}
			}
			n += len(page)
			if len(page) < size {
				if begin.set {
					return // complete knows only of all
				}
				if err := s.complete(ctx, person, typ, from, to, n, hidden); err != nil {
					yield(nil, err)
				}
				return
			}
			after = page[len(page)-1].place
		}
	}
}

// complete reports whether n is the number of records in the coverage.
func (s *Store) complete(ctx context.Context, person int64, typ string, from, to health.Day, n int, hidden bool) error {
	if s.f.snapshot == nil {
		return nil // the two numbers would be of different moments
	}
	var want int
	if err := s.f.queryRow(ctx, `select coalesce(sum(records + iif(?, hidden, 0)), 0) from coverage
		where person_id = ? and type_id = ? and day between ? and ?`,
		hidden, person, s.kinds[typ].id, int64(from), int64(to)).Scan(&want); err != nil {
		return fault(err)
	}
	if n == want {
		return nil
	}
	err := &DamagedError{Person: person, Type: typ, Day: from, Why: fmt.Sprintf("%d records can be read of %d", n, want)}
	s.damage.found(err)
	return err
}

// Intact yields records without the damaged ones, for what must count the others still.
// What reports damage reads the errors of Each instead.
func Intact(records iter.Seq2[*health.Record, error]) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		for rec, err := range records {
			if !errors.Is(err, ErrDamaged) && !yield(rec, err) {
				return
			}
		}
	}
}
