package query

import (
	"context"

	"garner/db"
)

// Extents returns the extent of each type of which any of some people has records,
// by the type's key.
func (q *Reader) Extents(ctx context.Context, people ...int64) (map[string]db.Extent, error) {
	out := map[string]db.Extent{}
	for _, person := range people {
		if err := q.Viewer.sees(person); err != nil {
			return nil, err
		}
		list, err := q.Store.Extents(ctx, person)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if all, ok := out[e.Type]; ok {
				e.Days, e.Records = e.Days+all.Days, e.Records+all.Records
				e.Oldest, e.Newest = min(e.Oldest, all.Oldest), max(e.Newest, all.Newest)
			}
			out[e.Type] = e
		}
	}
	return out, nil
}
