package query

import (
	"context"
	"time"

	"garner/db"
)

// DeliveryState is the state of a delivery: the most serious state of its
// elements.
type DeliveryState string

// The states of deliveries.
const (
	DeliveryWaiting     DeliveryState = "waiting"
	DeliveryFetching    DeliveryState = "fetching"
	DeliveryDone        DeliveryState = "done"
	DeliveryParked      DeliveryState = "parked"
	DeliveryQuarantined DeliveryState = "quarantined"
	// DeliveryOrphaned has elements of a person who is not linked.
	DeliveryOrphaned DeliveryState = "orphaned"
	// DeliveryAside is parked and was set aside.
	DeliveryAside DeliveryState = "aside"
)

// Delivery is one delivery in a list.
type Delivery struct {
	ID       int64
	Received time.Time
	// Type is the first top-level key, or what the path named.
	Type     string
	State    DeliveryState
	Elements int
	Bytes    int64
	// Reason is the first reason of a delivery that is not done.
	Reason string
	// People are those whom the readable beginning of the body names and whom the viewer
	// sees, by name; only in the list of the Inbox.
	People []PersonRef
}

func deliveryOf(st *db.Status) Delivery {
	return Delivery{ID: st.ID, Received: st.Received, Type: st.Type, State: deliveryState(st), Elements: st.Elements,
		Bytes: st.Size, Reason: st.Reason}
}

func deliveryState(st *db.Status) DeliveryState {
	switch {
	case st.State == db.Waiting:
		return DeliveryWaiting
	case st.State == db.Quarantined:
		return DeliveryQuarantined
	case st.SetAside:
		return DeliveryAside
	case st.Worst == db.Parked:
		return DeliveryParked
	case st.Worst == db.Orphaned:
		return DeliveryOrphaned
	case st.Worst == db.Fetching:
		return DeliveryFetching
	}
	return DeliveryDone
}

// Inbox is what the Inbox page lists.
type Inbox struct {
	// Counts counts all deliveries by state. A delivery counts in each state that
	// an element of it is in.
	Counts map[DeliveryState]int
	// OldestWaiting is the age of the oldest waiting delivery; 0 for none.
	OldestWaiting time.Duration
	Failures      []Failure
	Unknown       []UnknownPerson
	// Deliveries are the newest first; Older is the id below which the next page
	// begins, 0 on the last.
	Deliveries []Delivery
	Older      int64
}

// Failure is deliveries that are parked for the same reason.
type Failure struct {
	Type, Reason string
	// Elements counts what is parked.
	Elements    int
	First, Last time.Time
}

// UnknownPerson is a Garmin user id that is linked to no person.
type UnknownPerson struct {
	GarminUserID string
	Elements     int
	First        time.Time
}

// InboxFilter selects the deliveries of a page.
type InboxFilter struct {
	// State and Type are empty for all.
	State DeliveryState
	Type  string
	// Before is the id below which the page begins, 0 for the newest.
	Before int64
	Limit  int
}

// Deliveries returns what the Inbox page lists. An unknown state is db.ErrNotFound.
func (q *Reader) Deliveries(ctx context.Context, f InboxFilter) (*Inbox, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	out := &Inbox{}
	for _, fill := range []func(context.Context, *Inbox) error{q.countInbox, q.inboxTrouble} {
		if err := fill(ctx, out); err != nil {
			return nil, err
		}
	}
	list, err := q.Store.Deliveries(ctx, db.DeliveryFilter{Filter: string(f.State), Type: f.Type, Before: f.Before,
		Limit: f.Limit + 1})
	if len(list) > f.Limit {
		list = list[:f.Limit]
		out.Older = list[f.Limit-1].ID
	}
	if err != nil {
		return nil, err
	}
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		d := deliveryOf(&list[i])
		if d.People, err = q.namedFirst(ctx, d.ID, people); err != nil {
			return nil, err
		}
		out.Deliveries = append(out.Deliveries, d)
	}
	return out, nil
}

func (q *Reader) countInbox(ctx context.Context, out *Inbox) error {
	c, err := q.Store.Counts(ctx, q.Inbox, q.Now)
	if err != nil {
		return err
	}
	aside, err := q.Store.CountAside(ctx)
	out.OldestWaiting = time.Duration(c.OldestWaiting) * time.Second
	out.Counts = map[DeliveryState]int{DeliveryWaiting: int(c.Waiting), DeliveryFetching: int(c.Fetching),
		DeliveryDone: int(c.Done), DeliveryParked: int(c.Parked), DeliveryQuarantined: int(c.Quarantined),
		DeliveryOrphaned: int(c.Orphaned), DeliveryAside: int(aside)}
	return err
}

func (q *Reader) inboxTrouble(ctx context.Context, out *Inbox) error {
	groups, err := q.Store.ParkedGroups(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		out.Failures = append(out.Failures, Failure{Type: g.Type, Reason: g.Reason, Elements: g.Count, First: g.FirstSeen,
			Last: g.LastSeen})
	}
	unknown, err := q.Store.Unknowns(ctx)
	for _, u := range unknown {
		out.Unknown = append(out.Unknown, UnknownPerson{GarminUserID: u.UserID, Elements: u.Count, First: u.FirstSeen})
	}
	return err
}
