package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"garner/health/alert"
)

// incidentColumns wants a condition. Those of a person who is being erased are left
// out.
const incidentColumns = `select id, kind, coalesce(person_id, 0), coalesce(type_id, 0), since_ms, opened_ms,
	closed_ms, evidence, notified, notified_ms,
	reminders, reopened from incident where ` + notErasing + ` and `

func (s *Store) scanIncident(rows *sql.Rows) (e alert.Incident, err error) {
	var typ, since, opened, closed, told int64
	var evidence []byte
	if err = rows.Scan(&e.ID, &e.Kind, &e.Person, &typ, &since, &opened, &closed, &evidence, &e.Notified, &told,
		&e.Reminders, &e.Reopened); err != nil {
		return e, err
	}
	e.Type = s.types[typ]
	e.Since, e.Opened, e.Closed, e.NotifiedAt = instant(since), instant(opened), instant(closed), instant(told)
	return e, json.Unmarshal(evidence, &e.Evidence)
}

// instant is a time in unix milliseconds; 0 is none.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Book returns what alert.Step wants: the open incidents, those that closed
// recently or whose end was not notified, and the recent downtimes.
func (s *Store) Book(ctx context.Context, now time.Time) ([]alert.Incident, error) {
	return s.incidents(ctx, `(closed_ms = 0 or closed_ms >= ?1 or notified = 1 and closed_ms > 0
		or kind = 'was_off' and closed_ms >= ?2) order by +id`,
		now.Add(-alert.ReuseWithin).UnixMilli(), now.Add(-2*alert.OffSince).UnixMilli())
}

// OpenIncidents returns those that are open: those about all people first, then the
// newest.
func (s *Store) OpenIncidents(ctx context.Context) ([]alert.Incident, error) {
	return s.incidents(ctx, `closed_ms = 0 order by person_id is not null, since_ms desc`)
}

// PastIncidents returns those that are over, newest first, from below an id (0
// for the newest); only those about some people, unless only is nil.
func (s *Store) PastIncidents(ctx context.Context, before int64, limit int, only []int64) ([]alert.Incident, error) {
	return s.incidentsBefore(ctx, `closed_ms > 0`, before, limit, only)
}

// IncidentsBefore returns what PastIncidents does, and open ones too; only these if open is
// set.
func (s *Store) IncidentsBefore(ctx context.Context, before int64, limit int, only []int64,
	open bool) ([]alert.Incident, error) {
	if open {
		return s.incidentsBefore(ctx, `closed_ms = 0`, before, limit, only)
	}
	return s.incidentsBefore(ctx, `true`, before, limit, only)
}

func (s *Store) incidentsBefore(ctx context.Context, where string, before int64, limit int,
	only []int64) ([]alert.Incident, error) {
	if before == 0 {
		before = 1 << 62
	}
	var people any
	if only != nil {
		people = list(only)
	}
	return s.incidents(ctx, where+` and id < ?1
		and (?2 is null or person_id in (select value from json_each(?2))) order by id desc limit ?3`, before, people, limit)
}

// IncidentsOf returns those of a person, newest first, for one type, or for all
// if it is empty.
func (s *Store) IncidentsOf(ctx context.Context, person int64, typ string, limit int) ([]alert.Incident, error) {
	return s.incidents(ctx, `person_id is ?1 and (?2 is null or type_id is null or type_id = ?2)
		order by id desc limit ?3`, ref(person), s.typeOrNone(typ), limit)
}

// IncidentsSince returns those of some kind that lasted into the time since then.
func (s *Store) IncidentsSince(ctx context.Context, since time.Time) ([]alert.Incident, error) {
	return s.incidents(ctx, `(closed_ms = 0 or closed_ms >= ?) order by +id`, since.UnixMilli())
}

const aboutWhere = `(person_id is null or person_id in (select value from json_each(?)))
	and (closed_ms = 0 or closed_ms >= ?) order by id`

// IncidentsAbout returns those of some people, and those about all people, that
// lasted into the time since then, in order.
func (s *Store) IncidentsAbout(ctx context.Context, people []int64, since time.Time) ([]alert.Incident, error) {
	return s.incidents(ctx, aboutWhere, list(people), since.UnixMilli())
}

// Incident returns one, or ErrNotFound.
func (s *Store) Incident(ctx context.Context, id int64) (alert.Incident, error) {
	list, err := s.incidents(ctx, `id = ?`, id)
	if err != nil {
		return alert.Incident{}, err
	}
	if len(list) == 0 {
		return alert.Incident{}, ErrNotFound
	}
	return list[0], nil
}

func (s *Store) incidents(ctx context.Context, where string, args ...any) ([]alert.Incident, error) {
	rows, err := s.f.query(ctx, incidentColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, s.scanIncident)
}

// IncidentEvent is a line of an incident's timeline.
type IncidentEvent struct {
	Incident int64
	At       time.Time
	Event    alert.Event
}

// IncidentEvents returns the timelines of some incidents, each in order.
func (s *Store) IncidentEvents(ctx context.Context, incidents ...int64) ([]IncidentEvent, error) {
	rows, err := s.f.query(ctx, `select incident_id, at_ms, event from incident_event
		where incident_id in (select value from json_each(?)) order by id`, list(incidents))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (e IncidentEvent, err error) {
		var at int64
		err = rows.Scan(&e.Incident, &at, &e.Event)
		e.At = time.UnixMilli(at)
		return e, err
	})
}

// PutIncidents writes changes with their timeline and notifications in one
// transaction: no notification without its incident, and none twice. New
// incidents get their numbers in place. tell makes the notifications of a change.
func (s *Store) PutIncidents(ctx context.Context, now time.Time, changes []alert.Change,
	tell func(alert.Change) ([]Notification, error)) error {
	if len(changes) == 0 {
		return nil
	}
	return s.w.do(ctx, func(t *tx) error {
		for i := range changes {
			c := &changes[i]
			living, err := t.living(c.Incident.Person)
			if err != nil {
				return err
			}
			if !living {
				continue // was erased since the check
			}
			if err := s.putIncident(t, &c.Incident); err != nil {
				return err
			}
			for _, ev := range c.Events {
				if err := t.exec(`insert into incident_event (incident_id, at_ms, event) values (?, ?, ?)`, c.Incident.ID,
					now.UnixMilli(), string(ev)); err != nil {
					return err
				}
			}
			if err := t.tell(now, *c, tell); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell writes the notifications of a change. Where the notification of the beginning
// is still held back for quiet hours, neither beginning nor end is sent.
func (t *tx) tell(now time.Time, c alert.Change, tell func(alert.Change) ([]Notification, error)) error {
	messages, err := tell(c)
	if err != nil || len(messages) == 0 {
		return err
	}
	if slices.Contains(c.Events, alert.Recovered) {
		untold, err := t.heldBack(now, c.Incident.ID)
		if err != nil {
			return err
		}
		if err := t.exec(`update notification set state = ?, ended_ms = ?
			where incident_id = ? and state = 0 and attempts = 0 and due_ms > ?`,
			int(Unneeded), now.UnixMilli(), c.Incident.ID, now.UnixMilli()); err != nil {
			return err
		}
		messages = slices.DeleteFunc(messages, func(m Notification) bool {
			return slices.Contains(untold, [2]string{m.Channel, m.Destination})
		})
	}
	for _, m := range messages {
		m.Incident = c.Incident.ID
		if err := t.putNotification(m); err != nil {
			return err
		}
	}
	return nil
}

// heldBack returns the channels and destinations for which the notification of an
// incident's beginning is still held back for quiet hours.
func (t *tx) heldBack(now time.Time, incident int64) ([][2]string, error) {
	rows, err := t.query(`select channel, destination from notification
		where incident_id = ? and event = 'opened' and state = 0 and attempts = 0 and due_ms > ?`, incident, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(rows *sql.Rows) (to [2]string, err error) { return to, rows.Scan(&to[0], &to[1]) })
}

func (s *Store) putIncident(t *tx, e *alert.Incident) error {
	evidence, err := json.Marshal(e.Evidence)
	if err != nil {
		return err
	}
	if e.ID != 0 {
		return t.exec(`update incident
			set closed_ms = ?, evidence = ?, notified = ?, notified_ms = ?, reminders = ?, reopened = ? where id = ?`,
			millis(e.Closed), string(evidence), int(e.Notified), millis(e.NotifiedAt), e.Reminders, e.Reopened, e.ID)
	}
	typ, err := s.typeRef(e.Type)
	if err != nil {
		return err
	}
	res, err := t.result(`insert into incident (id, kind, person_id, type_id, since_ms, opened_ms, closed_ms, evidence,
		notified, notified_ms, reminders, reopened) values (`+nextID("incident")+`, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(e.Kind), ref(e.Person), typ, millis(e.Since), millis(e.Opened), millis(e.Closed), string(evidence),
		int(e.Notified), millis(e.NotifiedAt), e.Reminders, e.Reopened)
	if err != nil {
		return err
	}
	e.ID, err = res.LastInsertId()
	return err
}

// CountOpenIncidents counts those that are open.
func (s *Store) CountOpenIncidents(ctx context.Context) (n int, err error) {
	err = s.f.queryRow(ctx, `select count(*) from incident where closed_ms = 0 and `+notErasing).Scan(&n)
	return n, fault(err)
}
