package query

import (
	"context"
	"time"

	"garner/db"
)

// NotificationState is the state of a notification.
type NotificationState string

// The states of notifications.
const (
	NotificationSent    NotificationState = "sent"
	NotificationWaiting NotificationState = "waiting"
	NotificationFailed  NotificationState = "failed"
	NotificationHeld    NotificationState = "held" // for quiet hours
	// NotificationDigest was sent as part of a digest.
	NotificationDigest NotificationState = "digest"
	// NotificationUnneeded was held for quiet hours until its incident was over.
	NotificationUnneeded NotificationState = "unneeded"
)

// Notification is one notification to one destination.
type Notification struct {
	ID int64
	// Incident is the id of what it is about, 0 for none.
	Incident int64
	// Channel is mail, ntfy or webhook; Destination an address of that channel, empty
	// for a viewer who may not know it.
	Channel, Destination string
	Subject              string
	State                NotificationState
	// Answer is what the destination answered, or why the last attempt failed. Empty
	// together with Destination, since it may repeat an address.
	Answer  string
	Created time.Time
	// Due is the next attempt of one that waits or is held; otherwise zero.
	Due time.Time
	// Ended is when it was sent or given up; zero before.
	Ended time.Time
}

func (q *Reader) notification(m *db.Notification) Notification {
	n := Notification{ID: m.ID, Incident: m.Incident, Channel: m.Channel, Subject: m.Subject, Created: m.Created,
		Ended: m.Ended}
	if q.Viewer.Operates() || m.Person != 0 && m.Person == q.Viewer.Own() {
		n.Destination, n.Answer = m.Destination, m.Answer
	}
	switch {
	case m.State == db.Sent:
		n.State = NotificationSent
	case m.State == db.GivenUp:
		n.State = NotificationFailed
	case m.State == db.Digested:
		n.State = NotificationDigest
	case m.State == db.Unneeded:
		n.State = NotificationUnneeded
	case m.Attempts == 0 && m.Due.After(q.Now):
		n.State, n.Due = NotificationHeld, m.Due
	default:
		n.State, n.Due = NotificationWaiting, m.Due
	}
	return n
}

// RecentNotifications returns the newest notifications, newest first.
func (q *Reader) RecentNotifications(ctx context.Context, limit int) ([]Notification, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	list, err := q.Store.RecentNotifications(ctx, limit)
	var out []Notification
	for i := range list {
		out = append(out, q.notification(&list[i]))
	}
	return out, err
}

// HeartbeatChannel is the key of the channel that reports that Garner runs. It
// sends no notifications.
const HeartbeatChannel = "heartbeat"

// Channel is the state of a notification channel.
type Channel struct {
	// Succeeded is when it last did, zero for never; Failed when it last failed,
	// zero unless that was after its last success.
	Succeeded, Failed time.Time
	// Answer and Failure are what the destination answered then.
	Answer, Failure string
	// Waiting counts notifications that are still to be sent.
	Waiting int
}

// Channels returns the channels by key. One that was never used is missing.
func (q *Reader) Channels(ctx context.Context) (map[string]Channel, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	sent, failed, err := q.Store.LastNotifications(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := q.Store.CountMessages(ctx)
	if err != nil {
		return nil, err
	}
	signals, err := q.Store.Signals(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]Channel{}
	for key, m := range sent {
		out[key] = Channel{Succeeded: m.Ended, Answer: m.Answer}
	}
	for key, m := range failed {
		if c := out[key]; m.Created.After(c.Succeeded) {
			c.Failed, c.Failure = m.Created, m.Answer
			if m.Ended.After(m.Created) {
				c.Failed = m.Ended
			}
			out[key] = c
		}
	}
	for _, n := range counts {
		if n.State == db.Unsent {
			c := out[n.Channel]
			c.Waiting = int(n.N)
			out[n.Channel] = c
		}
	}
	if beat, ok := signals[HeartbeatChannel]; ok {
		out[HeartbeatChannel] = heartbeat(beat)
	}
	return out, nil
}

func heartbeat(beat db.Signal) Channel {
	if beat.Value == 0 {
		return Channel{Failed: beat.At, Failure: beat.Detail}
	}
	return Channel{Succeeded: beat.At}
}
