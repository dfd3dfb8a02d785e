package query

import (
	"context"

	"garner/db"
	"garner/garmin"
)

// ReviewDays is how many days before now Review looks at.
const ReviewDays = 30

// Review is what Garner knows of what Garmin's production review asks for.
type Review struct {
	// People counts those of whom something arrived in the last days.
	People int
	// Arrived and Absent are the types, by key, of which something arrived in the
	// last days, and the others. Types without records of their own are in neither.
	Arrived, Absent []string
	// Notices are the keys of the notice types that have never arrived.
	Notices []string
}

// Review returns it as of now.
func (q *Reader) Review(ctx context.Context) (*Review, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	seen, err := q.Store.LastSeen(ctx)
	if err != nil {
		return nil, err
	}
	out := &Review{}
	for _, s := range seen {
		if s.Received.After(q.Now.AddDate(0, 0, -ReviewDays)) {
			out.People++
		}
	}
	volumes, err := q.Store.Volumes(ctx, q.Now, ReviewDays)
	if err != nil {
		return nil, err
	}
	notices, err := q.noticeTypes(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range garmin.Callbacks() {
		switch {
		case t.Notice && !notices[t.Key]:
			out.Notices = append(out.Notices, t.Key)
		case t.HasRecords() && volumes[t.Key] != nil:
			out.Arrived = append(out.Arrived, t.Key)
		case t.HasRecords():
			out.Absent = append(out.Absent, t.Key)
		}
	}
	return out, nil
}

// noticeTypes are the types of notices that have arrived. What Garmin refuted may
// come from another sender.
func (q *Reader) noticeTypes(ctx context.Context) (map[string]bool, error) {
	list, err := q.Store.Notices(ctx)
	out := map[string]bool{}
	for _, notices := range list {
		for _, n := range notices {
			if n.Verdict != db.Refuted {
				out[n.Type] = true
			}
		}
	}
	return out, err
}
