package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"garner/db"
	"garner/ui/mail"
)

// ErrNoMail means that no mail server is set up.
var ErrNoMail = errors.New("no mail server is set up")

// inviteFoot says why an invitation was sent.
const inviteFoot = "An admin of this Garner entered your address for this one mail. It is not kept."

// Invite mails the link of an invitation at once. It does not pass through the outbox,
// which keeps what was sent: the link is a secret.
func (p *Dispatcher) Invite(ctx context.Context, to, name, link string, until time.Time) error {
	if err := db.CheckMail(to); err != nil {
		return err
	}
	server, ok := mailServer(p.destinations())
	if !ok {
		return ErrNoMail
	}
	clock, err := p.clock(ctx)
	if err != nil {
		return err
	}
	view := mail.View{Title: "Connect " + name + " to Garmin", Link: link, Foot: inviteFoot, Parts: []mail.Part{{
		Lines: []string{"With this link you connect your Garmin account to Garner, which keeps your data.",
			"It works once, until " + until.In(p.zone()).Format("Mon 2 Jan "+clock.Minutes()) + "."},
		Next: "Switch on Historical data on Garmin's page: it is off at first."}}}
	html, err := mail.HTML(ctx, view)
	if err != nil {
		return err
	}
	server.To = to
	_, err = server.Send(ctx, Notification{ID: "invite" + rand.Text(), Type: "invitation",
		Subject: "[Garner] " + view.Title, Text: mail.Text(view), HTML: html, At: time.Now(), Link: link})
	return err
}
