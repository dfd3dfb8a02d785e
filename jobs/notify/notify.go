// Package notify writes notifications and delivers them by mail, ntfy and webhook,
// and sends the heartbeat to an external dead-man's switch. Every channel verifies
// the identity of its server, and none runs longer than its limit or its context.
// Dispatcher sends what is due from the outbox in garner.db.
package notify

import (
	"context"
	"errors"
	"time"

	"garner/ui/text"
)

// Notification is one notification to one destination. It is stored as JSON until
// it is sent.
type Notification struct {
	// ID is stable over all tries: ASCII letters and digits, '-' and '_'. It
	// becomes the Message-ID and the webhook-id, so that a repeat is known as
	// one.
	ID string
	// Subject becomes one line without control characters, cut after 200
	// characters.
	Subject string
	// Text and HTML are the same content; HTML may be empty.
	Text, HTML string
	// Event is the data of the webhook.
	Event any
	// Type is the type of the webhook: incident. and the change, such as
	// incident.opened and incident.recovered; digest, summary, test.
	Type string
	// At is when the notification was written.
	At time.Time
	// Urgent asks ntfy for high priority.
	Urgent bool
	// Link is the absolute address of the page; may be empty.
	Link string
}

// Channel delivers notifications to one destination.
type Channel interface {
	// Send delivers the notification and returns the server's own answer in a
	// line, such as "250 2.0.0 OK: queued as 4XYZ". An error is one line with
	// the server's words and no password; see Uncertain.
	Send(ctx context.Context, n Notification) (answer string, err error)
}

// The kinds of destinations.
const (
	KindMail    = "mail"
	KindNtfy    = "ntfy"
	KindWebhook = "webhook"
)

// Destination is where notifications go.
type Destination struct {
	// Kind is one of the kinds; Address distinguishes destinations of a kind.
	Kind, Address string
	Channel       Channel
	// Person is the id of the person whose own mail it is. It gets what is about
	// them and nothing else. 0 means that it gets everything.
	Person int64
	// Zone is the reader's clock; nil for the dispatcher's. Clock is how they write times.
	Zone  *time.Location
	Clock text.Clock
}

// checkID refuses an id that would not survive as a Message-ID or, signed with
// dots around it, as a webhook-id. Changing it instead might make two ids equal.
func (n *Notification) checkID() error {
	for _, r := range n.ID {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
		default:
			return errors.New("the id of a notification may have letters and digits only")
		}
	}
	if n.ID == "" {
		return errors.New("a notification needs an id")
	}
	return nil
}
