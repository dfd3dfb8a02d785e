package query

import (
	"context"
	"errors"

	"garner/db"
	"garner/health"
)

// Bounds are the days of a person that can have values.
type Bounds struct {
	// First is the first day with any data; after Today if there is none.
	First health.Day
	// Today is the person's.
	Today health.Day
}

// Hold reports whether a day is one of those that pages about days show. Before any data
// all past days are.
func (b Bounds) Hold(day health.Day) bool {
	return day <= b.Today && (day >= b.First || b.First > b.Today)
}

// Bounds returns those of a person whom the viewer may see.
func (q *Reader) Bounds(ctx context.Context, person int64) (Bounds, error) {
	zone, err := q.Zone(ctx, person)
	if err != nil {
		return Bounds{}, err
	}
	b := Bounds{Today: dayAt(q.Now, zone)}
	b.First = b.Today + 1
	c, err := q.Coverage(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return b, nil // added after the last check
	}
	if err == nil && c.First() != forever {
		b.First = c.First()
	}
	return b, err
}
