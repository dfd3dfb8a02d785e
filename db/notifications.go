package db

import (
	"context"
	"database/sql"
	"time"
)

// NotificationState is the state of a notification.
type NotificationState int

// The states. An unneeded notification was about something that was over before it
// could be sent; a digested one was sent as part of another.
const (
	Unsent NotificationState = iota
	Sent
	GivenUp
	Digested
	Unneeded
)

// Notification is one notification to one destination.
type Notification struct {
	ID int64
	// Key identifies the notification to receivers: it is the same in all tries.
	Key      string
	Incident int64 // 0 for none
	Event    string
	// Channel is mail, ntfy or webhook; Destination an address of that channel.
	Channel, Destination string
	// Person is the id of the person to whose own mail it goes, 0 for a destination
	// of the installation.
	Person   int64
	Subject  string
	Body     []byte // JSON, the sender's own
	Created  time.Time
	Due      time.Time
	Attempts int
	State    NotificationState
	Ended    time.Time // when it was sent or given up
	// Digest is the notification that contains a digested one.
	Digest int64
	// Answer is the receiver's last response.
	Answer string
}

func (t *tx) putNotification(m Notification) error {
	return t.exec(
		`insert into notification (id, key, incident_id, event, channel, destination, person_id, subject, body, created_ms,
			due_ms, attempts) values (`+nextID("notification")+`, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing`,
		m.Key,
		ref(m.Incident),
		m.Event,
		m.Channel,
		m.Destination,
		ref(m.Person),
		m.Subject,
		string(m.Body),
		m.Created.UnixMilli(),
		m.Due.UnixMilli(),
		m.Attempts,
	)
}

// PutNotifications writes notifications that belong to no incident.
func (s *Store) PutNotifications(ctx context.Context, list []Notification) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, m := range list {
			if err := t.putNotification(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// messageColumns wants a condition. Those about a person who is being erased are left
// out.
const messageColumns = `select id, key, coalesce(incident_id, 0), event, channel, destination, coalesce(person_id, 0),
	subject, body, created_ms, due_ms, attempts, state, ended_ms, digest_id, answer from notification
	where ` + notErasing + `
	and not exists (select 1 from incident i join person e on e.id = i.person_id and e.erasing_ms > 0
	where i.id = incident_id) and `

func scanNotification(rows *sql.Rows) (m Notification, err error) {
	var created, due, ended int64
	err = rows.Scan(&m.ID, &m.Key, &m.Incident, &m.Event, &m.Channel, &m.Destination, &m.Person, &m.Subject, &m.Body,
		&created, &due, &m.Attempts, &m.State, &ended, &m.Digest, &m.Answer)
	m.Created, m.Due, m.Ended = time.UnixMilli(created), time.UnixMilli(due), instant(ended)
	return m, err
}

func (s *Store) notifications(ctx context.Context, where string, args ...any) ([]Notification, error) {
	rows, err := s.f.query(ctx, messageColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanNotification)
}

// UnsentNotifications returns what waits to be sent, oldest first, due or not.
func (s *Store) UnsentNotifications(ctx context.Context) ([]Notification, error) {
	return s.notifications(ctx, `state = 0 order by id`)
}

// NotificationsOf returns the notifications about some incidents, oldest first.
func (s *Store) NotificationsOf(ctx context.Context, incidents ...int64) ([]Notification, error) {
	return s.notifications(ctx, `incident_id in (select value from json_each(?)) order by id`, list(incidents))
}

// RecentNotifications returns the newest notifications.
func (s *Store) RecentNotifications(ctx context.Context, limit int) ([]Notification, error) {
	return s.notifications(ctx, `true order by id desc limit ?`, limit)
}

// LastNotifications returns, for each channel, the newest notification that was sent and the
// newest that failed or waits after a failed try. Those to the own mail of people
// do not count.
func (s *Store) LastNotifications(ctx context.Context) (sent, failed map[string]Notification, err error) {
	sent, failed = map[string]Notification{}, map[string]Notification{}
	list, err := s.notifications(ctx, `id in (select max(id) from notification
		where state = 1 and person_id is null group by channel union select max(id) from notification
		where (state = 2 or state = 0 and attempts > 0) and person_id is null group by channel)`)
	for _, m := range list {
		if m.State == Sent {
			sent[m.Channel] = m
		} else {
			failed[m.Channel] = m
		}
	}
	return sent, failed, err
}

// Spent returns when notifications counted against a destination's limit in a
// span of time, oldest first.
func (s *Store) Spent(ctx context.Context, dest string, from, to time.Time) ([]time.Time, error) {
	rows, err := s.f.query(ctx, `select spent_ms from notification
		where destination = ? and spent_ms > 0 and spent_ms > ? and spent_ms <= ? order by spent_ms`,
		dest, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (time.Time, error) {
		var ms int64
		err := rows.Scan(&ms)
		return time.UnixMilli(ms), err
	})
}

// Try records that a notification is about to be sent. From then on it counts
// against the limit, since a crash may come after the receiver accepted it.
func (s *Store) Try(ctx context.Context, now time.Time, id int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update notification set attempts = attempts + 1, spent_ms = ? where id = ?`, now.UnixMilli(), id)
	})
}

// EndMessage records the final state of a notification.
func (s *Store) EndMessage(ctx context.Context, now time.Time, id int64, state NotificationState,
	answer string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(
			`update notification set state = ?, ended_ms = ?, answer = ? where id = ?`,
			int(state),
			now.UnixMilli(),
			answer,
			id,
		)
	})
}

// RetryMessage records a failed try and when the next is due. spent means that
// the receiver may have accepted it anyway, so that it still counts.
func (s *Store) RetryMessage(ctx context.Context, id int64, due time.Time, answer string, spent bool) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(
			`update notification set due_ms = ?, answer = ?, spent_ms = case when ? then spent_ms else 0 end where id = ?`,
			due.UnixMilli(),
			answer,
			spent,
			id,
		)
	})
}

// GivenUpNotifications returns the notifications to a destination that were given
// up and are not part of a digest, oldest first: those to the own mail of a person,
// or for 0 those to a destination of the installation. While a digest waits there
// are none, so that they collect.
func (s *Store) GivenUpNotifications(ctx context.Context, channel, dest string, person int64) ([]Notification, error) {
	return s.notifications(
		ctx,
		`state = 2 and channel = ?1 and destination = ?2 and person_id is ?3 and digest_id = 0 and attempts > 1
		and event not in ('test', 'summary') and not exists (select 1 from notification where state = 0
		and channel = ?1 and destination = ?2 and person_id is ?3 and event = 'digest') order by id`,
		channel,
		dest,
		ref(person),
	)
}

// PutDigest replaces several notifications by one.
func (s *Store) PutDigest(ctx context.Context, now time.Time, digest Notification, of []Notification) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.putNotification(digest); err != nil {
			return err
		}
		for _, m := range of {
			if err := t.exec(
				`update notification set state = ?, ended_ms = ?, digest_id = (select id from notification where key = ?)
				where id = ?`,
				int(Digested),
				now.UnixMilli(),
				digest.Key,
				m.ID,
			); err != nil {
				return err
			}
		}
		return nil
	})
}

// HurryMessages makes failed notifications due at once, for one destination or,
// if it is empty, for all.
func (s *Store) HurryMessages(ctx context.Context, now time.Time, dest string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(
			`update notification set due_ms = ?1
			where state = 0 and attempts > 0 and due_ms > ?1 and (?2 = '' or destination = ?2)`,
			now.UnixMilli(),
			dest,
		)
	})
}

// PutTested writes a test notification with its result. It counts against the
// hourly limit like any other.
func (s *Store) PutTested(ctx context.Context, now time.Time, m Notification, ok bool, answer string) error {
	state := Sent
	if !ok {
		state = GivenUp
	}
	return s.w.do(ctx, func(t *tx) error {
		if err := t.putNotification(m); err != nil {
			return err
		}
		return t.exec(
			`update notification set attempts = 1, state = ?, ended_ms = ?, spent_ms = ?, answer = ? where key = ?`,
			int(state),
			now.UnixMilli(),
			now.UnixMilli(),
			answer,
			m.Key,
		)
	})
}

// String returns the name of a state.
func (s NotificationState) String() string {
	return [...]string{"waiting", "sent", "given_up", "digested", "unneeded"}[s]
}

// MessageCount is how many notifications of a channel are in a state.
type MessageCount struct {
	Channel string
	State   NotificationState
	N       int64
}

// CountMessages counts the notifications that are kept.
func (s *Store) CountMessages(ctx context.Context) ([]MessageCount, error) {
	rows, err := s.f.query(ctx, `select channel, state, count(*) from notification group by channel, state`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows,
		func(rows *sql.Rows) (c MessageCount, err error) { return c, rows.Scan(&c.Channel, &c.State, &c.N) })
}
