// Package notify hands notices over: by mail, to ntfy, to a webhook, and a sign
// of life to a dead-man's switch elsewhere. Every way verifies whom it speaks
// to, and none goes on for longer than its context.
package notify

import (
	"context"
	"strings"
	"time"
	"unicode"
)

// Notice is one notice to one destination. It is kept as JSON until it is sent.
type Notice struct {
	// ID is stable over all tries: letters and digits. It becomes the
	// Message-ID and the webhook-id, so that a repeat is known as one.
	ID string
	// Subject is one line; whatever it holds is made harmless.
	Subject string
	// Text and HTML are the same content; HTML may be empty.
	Text, HTML string
	// Event is what a webhook hears as its data.
	Event any
	// Type is what a webhook hears as its type, such as episode.opened.
	Type string
	// At is when the notice was written.
	At time.Time
	// Urgent asks ntfy for a louder bell.
	Urgent bool
	// Link is the absolute address of the page; may be empty.
	Link string
}

// Way is one way of telling somebody something.
type Way interface {
	// Send hands the notice over and gives the other side's own answer in a
	// line. An error holds the other side's words, and no password.
	Send(ctx context.Context, n Notice) (answer string, err error)
}

// line makes one line of a text: no line breaks, no control characters.
func line(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(clean), " ")
}
