package query

import (
	"context"
	"slices"
	"time"

	"garner/health/alert"
)

// Incident is one silence or fault with what happened since it opened.
type Incident struct {
	alert.Incident
	// Person and Type are nil if it is about all people or all types. They hide
	// the ids of the incident itself, which are in Subject.
	Person *PersonRef
	Type   *TypeRef
	// Timeline is in order of time.
	Timeline []IncidentStep
	// Notifications are those about the incident, oldest first.
	Notifications []Notification
}

// Open reports whether the incident is open.
func (e *Incident) Open() bool { return e.Closed.IsZero() }

// Pausable reports whether a pause of its person and type would end the alerts: the
// incident is open and is a silence.
func (e *Incident) Pausable() bool { return e.Open() && e.Kind.Silence() }

// Acknowledgeable reports whether it ends only when someone closes it.
func (e *Incident) Acknowledgeable() bool { return e.Open() && e.Kind.Acknowledged() }

// IncidentStep is one thing that happened: an event, or a notification that was
// sent.
type IncidentStep struct {
	At    time.Time
	Event alert.Event
	// Sent is nil for an event.
	Sent *Notification
}

// OpenIncidents returns those that are open, those that affect most people first,
// at most limit of them with their timelines, and how many there are.
func (q *Reader) OpenIncidents(ctx context.Context, limit int) (list []Incident, total int, err error) {
	open, err := q.Store.OpenIncidents(ctx)
	if err != nil {
		return nil, 0, err
	}
	open = q.visible(open)
	slices.SortStableFunc(open, func(a, b alert.Incident) int {
		return slices.Index(alert.Kinds, a.Kind) - slices.Index(alert.Kinds, b.Kind)
	})
	list, err = q.incidents(ctx, open[:min(len(open), limit)])
	if err == nil {
		err = q.fillTimelines(ctx, list)
	}
	return list, len(open), err
}

// PastIncidents returns at most limit incidents that are over, newest first, from
// below an id (0 for the newest), without their timelines. older is the id below
// which the next page begins, 0 on the last.
func (q *Reader) PastIncidents(ctx context.Context, before int64, limit int) (list []Incident, older int64, err error) {
	past, err := q.Store.PastIncidents(ctx, max(before, 0), limit+1, q.Viewer.only())
	if err != nil {
		return nil, 0, err
	}
	if limit > 0 && len(past) > limit {
		past = past[:limit]
		older = past[limit-1].ID
	}
	list, err = q.incidents(ctx, past)
	return list, older, err
}

// IncidentsBefore returns at most limit incidents, the newest first, from below an id (0
// for the newest), without their timelines, and whether there are more: those of a person,
// or all if person is 0; only open ones if open is set.
func (q *Reader) IncidentsBefore(ctx context.Context, person int64, open bool, before int64,
	limit int) (list []Incident, more bool, err error) {
	people := q.Viewer.only()
	if person != 0 {
		if err := q.Viewer.sees(person); err != nil {
			return nil, false, err
		}
		people = []int64{person}
	}
	found, err := q.Store.IncidentsBefore(ctx, before, limit+1, people, open)
	if err != nil {
		return nil, false, err
	}
	more = len(found) > limit
	list, err = q.incidents(ctx, found[:min(len(found), limit)])
	return list, more, err
}

// Incident returns one with its timeline, or db.ErrNotFound.
func (q *Reader) Incident(ctx context.Context, id int64) (Incident, error) {
	e, err := q.Store.Incident(ctx, id)
	if err != nil {
		return Incident{}, err
	}
	if err := q.Viewer.seesSubject(e.Subject.Person); err != nil {
		return Incident{}, err
	}
	list, err := q.incidents(ctx, []alert.Incident{e})
	if err != nil {
		return Incident{}, err
	}
	return list[0], q.fillTimelines(ctx, list)
}

// visible leaves out what the viewer may not see.
func (q *Reader) visible(list []alert.Incident) []alert.Incident {
	return slices.DeleteFunc(list, func(e alert.Incident) bool { return q.Viewer.seesSubject(e.Subject.Person) != nil })
}

// incidents returns incidents with the names of what they are about.
func (q *Reader) incidents(ctx context.Context, list []alert.Incident) ([]Incident, error) {
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	var out []Incident
	for _, e := range list {
		out = append(out, Incident{Incident: e, Person: names.person(e.Subject.Person), Type: typeRef(e.Subject.Type)})
	}
	return out, nil
}

// fillTimelines reads what happened in all of the incidents at once.
func (q *Reader) fillTimelines(ctx context.Context, list []Incident) error {
	at, ids := map[int64]*Incident{}, make([]int64, 0, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
		ids = append(ids, list[i].ID)
	}
	events, err := q.Store.IncidentEvents(ctx, ids...)
	if err != nil {
		return err
	}
	notifications, err := q.Store.NotificationsOf(ctx, ids...)
	if err != nil {
		return err
	}
	for _, ev := range events {
		e := at[ev.Incident]
		e.Timeline = append(e.Timeline, IncidentStep{At: ev.At, Event: ev.Event})
	}
	for i := range notifications {
		n := q.notification(&notifications[i])
		e := at[n.Incident]
		e.Notifications = append(e.Notifications, n)
		if n.State == NotificationSent {
			e.Timeline = append(e.Timeline, IncidentStep{At: n.Ended, Sent: &n})
		}
	}
	for i := range list {
		slices.SortStableFunc(list[i].Timeline, func(a, b IncidentStep) int { return a.At.Compare(b.At) })
	}
	return nil
}
