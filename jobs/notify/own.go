package notify

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/ui/text"
)

// places are where notifications go: the destinations of the installation, and the
// own mail of the enabled accounts that have a person. It is read anew each time
// that notifications are written or sent, so what an account no longer wants ends
// at once.
func (p *Dispatcher) places(ctx context.Context) ([]Destination, error) {
	places := p.destinations()
	clock, err := p.clock(ctx)
	if err != nil {
		return nil, err
	}
	for i := range places {
		places[i].Clock = clock
	}
	server, ok := mailServer(places)
	if !ok {
		return places, nil
	}
	accounts, err := p.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var taken []string
	for _, place := range places {
		taken = append(taken, mailbox(place.Address))
	}
	zone := p.zone()
	for _, a := range accounts {
		if a.Disabled || a.Person == 0 || a.Mail == "" || slices.Contains(taken, mailbox(a.Mail)) {
			continue
		}
		server.To = a.Mail
		places = append(places, Destination{Kind: KindMail, Address: a.Mail, Channel: server, Person: a.Person,
			Zone: zoneOf(a, zone), Clock: cmp.Or(text.Clock(a.Clock), clock)})
	}
	return places, nil
}

// clock is how the household writes times.
func (p *Dispatcher) clock(ctx context.Context) (text.Clock, error) {
	list, err := p.Store.Settings(ctx, db.SettingClock)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return text.Clock(list[0].Value), nil
}

// mailServer is the mail channel of the installation. Members' mail is sent by it.
func mailServer(places []Destination) (Mail, bool) {
	for _, place := range places {
		if m, ok := place.Channel.(Mail); ok {
			return m, true
		}
	}
	return Mail{}, false
}

// mailbox is an address as addresses are compared: without a name and in lower case.
func mailbox(text string) string {
	if a, err := db.ParseMail(text); err == nil {
		text = a.Address
	}
	return strings.ToLower(text)
}

// zoneOf is the zone that an account has set, or else that of the household.
func zoneOf(a *db.Account, household *time.Location) *time.Location {
	if a.Zone == "" {
		return household
	}
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		return household // it has left the database of zones
	}
	return zone
}

// takes reports whether a destination gets what is about a person; 0 stands for
// everyone.
func (d *Destination) takes(about int64) bool { return d.Person == 0 || d.Person == about }

// foot says why a destination gets notifications.
func (d *Destination) foot() string {
	if d.Person == 0 {
		return foot
	}
	return ownFoot
}

// quiet reports whether it is in a destination's quiet hours.
func (p *Dispatcher) quiet(now time.Time, d Destination) bool {
	return p.Quiet.Next(now, d.Zone).After(now)
}
