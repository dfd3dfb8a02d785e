package query

import (
	"context"

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
