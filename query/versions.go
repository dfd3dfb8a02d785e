package query

import (
	"context"
	"iter"

	"garner/db"
	"garner/health"
)

// Version has the facts of a version of a record.
type Version = db.VersionFacts

// Versions returns the facts of all versions of some records of one person, by the place
// of the record in the list, in order of arrival. It returns an error if the viewer may not
// read the person's values.
func (q *Reader) Versions(ctx context.Context, person int64, records []*health.Record) ([][]Version, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	return q.Store.VersionsOf(ctx, person, records)
}

// RecordsAfter yields what Records yields without versions, after a place. A damaged record
// is yielded as a *db.DamagedError, followed by the others.
func (q *Reader) RecordsAfter(ctx context.Context, person int64, typ string, from, to health.Day,
	after db.Cursor) iter.Seq2[*health.Record, error] {
	if err := q.Viewer.readsOf(person); err != nil {
		return func(yield func(*health.Record, error) bool) { yield(nil, err) }
	}
	if q.Viewer.hides(person, typ) {
		return func(func(*health.Record, error) bool) {}
	}
	return q.Store.EachAfter(ctx, person, typ, from, to, after)
}
