package query

import (
	"context"
	"time"

	"garner/db"
	"garner/health/history"
)

// BackfillPerson is how far the requests for a person's history are, on their newest
// connection.
type BackfillPerson struct {
	Person int64
	// Access is whether Garmin may be asked for types that the person shares.
	Access history.Access
	// Planned were not asked yet. Accepted are those that Garmin accepted, Arrived those
	// of them of which records came.
	Planned, Accepted, Arrived int
	// Refused are those that Garmin refused or that failed.
	Refused int
	// Next is when the next window is asked for; zero if none is planned.
	Next time.Time
}

// BackfillPeople returns how far some people are, in their order. Its number of
// queries does not depend on their number.
func (q *Reader) BackfillPeople(ctx context.Context, people []*db.Person) ([]BackfillPerson, error) {
	var ids []int64
	for _, p := range people {
		if err := q.Viewer.sees(p.ID); err != nil {
			return nil, err
		}
		ids = append(ids, p.ID)
	}
	connections, err := q.Store.ConnectionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	tallies, err := q.Store.WindowTallies(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []BackfillPerson
	for _, id := range ids {
		row := BackfillPerson{Person: id, Access: history.NotConnected}
		if list := connections[id]; len(list) > 0 {
			newest := &list[0]
			row.Access = (&db.Ledger{Connection: newest}).Access(history.Type{Backfill: true})
			for _, t := range tallies {
				if t.Connection == newest.ID {
					row.add(&t)
				}
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func (p *BackfillPerson) add(t *db.WindowTally) {
	switch t.State {
	case db.WindowPlanned:
		p.Planned, p.Next = t.N, t.Due
	case db.WindowAccepted:
		p.Accepted, p.Arrived = t.N, t.Arrived
	case db.WindowDuplicate, db.WindowTooEarly, db.WindowNotPermitted, db.WindowFailed:
		p.Refused += t.N
	}
}
