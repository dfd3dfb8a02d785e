package query

import (
	"context"

	"garner/health"
)

// Writes returns nil if the viewer may write notes about a person's days: it is their own
// person, or they run the installation and may read the person's values. The errors are
// those of Changes and Reads.
func (v Viewer) Writes(person int64) error {
	if err := v.readsOf(person); err != nil {
		return err
	}
	return v.Changes(person)
}

// DayNotes are the notes on a person's days from from to to, both included, by day. It
// returns an error if the viewer may not read the person's values.
func (q *Reader) DayNotes(ctx context.Context, person int64, from, to health.Day) ([]health.Note, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	return q.Store.DayNotes(ctx, person, from, to)
}
