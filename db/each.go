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
// both included, in order. It pages by key in short reads, so that a slow
// reader holds nothing up.
func (s *Store) Each(ctx context.Context, person int64, typ string, from, to health.Day) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		for after := (Place{}); ; {
			recs, err := s.Records(ctx, person, typ, from, to, after, eachPage)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, rec := range recs {
				if !yield(rec, nil) {
					return
				}
			}
			if len(recs) < eachPage {
				return
			}
			after = PlaceOf(recs[len(recs)-1])
		}
	}
}
