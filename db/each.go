package db

import (
	"context"
	"iter"

	"garner/health"
)

// eachPage is how many records are read at a time: few, since samples of a
// long activity take a megabyte.
const eachPage = 32

// Each yields the standing records of a person and type on days from to to,
// both included, in order. It pages by key in short reads; whoever wants all
// of them as they are at one instant asks a Snapshot. What is damaged is
// yielded as a *DamagedError, after which the others follow; other errors end
// it.
func (s *Store) Each(ctx context.Context, person int64, typ string, from, to health.Day) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		for after := (Place{}); ; {
			page, err := s.page(ctx, person, typ, from, to, after, eachPage)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page {
				if r.err != nil && !yield(nil, r.err) || r.err == nil && !yield(r.rec, nil) {
					return
				}
			}
			if len(page) < eachPage {
				return
			}
			after = page[len(page)-1].place
		}
	}
}
