package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/ui/mail"
	"garner/ui/text"
)

// Events of notifications that are not about incidents.
const (
	eventDigest  = "digest"
	eventSummary = "summary"
	eventTest    = "test"
)

const foot = "Garner sent this because it stores the data of these people. To change the rules or pause alerts, open " +
	"the Alerts page."

// ownFoot is foot in a person's own mail.
const ownFoot = "Garner sent this because it stores your data and your account has this address. To stop these " +
	"mails, remove the address in your settings."

// composer writes the notifications of changes.
type composer struct {
	ctx        context.Context
	dispatcher *Dispatcher
	now        time.Time
	names      names
	places     []Destination
}

// names gives people and types their names.
type names struct {
	people map[int64]string
	types  map[string]string
}

// namesOf takes them from the facts.
func namesOf(f *alert.Facts) names {
	n := names{map[int64]string{}, map[string]string{}}
	for _, p := range f.People {
		n.people[p.ID] = p.Name
	}
	for _, t := range f.Types {
		n.types[t.Key] = t.Title
	}
	return n
}

// of are the names that an incident's words need.
func (n names) of(e *alert.Incident) text.Names {
	return text.Names{Person: n.people[e.Person], Type: n.types[e.Type]}
}

// Composer returns a function that writes the notifications of a change, as of
// the facts: one for each event that notifies and each destination. They are not
// stored yet.
func (p *Dispatcher) Composer(ctx context.Context,
	f *alert.Facts) (func(alert.Change) ([]db.Notification, error), error) {
	places, err := p.places(ctx)
	c := &composer{ctx: ctx, dispatcher: p, now: f.Now, names: namesOf(f), places: places}
	return c.compose, err
}

// compose makes the notifications of a change, one for each destination.
func (c *composer) compose(change alert.Change) ([]db.Notification, error) {
	var out []db.Notification
	for _, ev := range change.Events {
		if !ev.Notifies() {
			continue
		}
		for _, dest := range c.places {
			if !dest.takes(change.Incident.Person) {
				continue
			}
			if change.Incident.Kind == alert.MailFailing && dest.Kind == KindMail {
				continue // it would be sent after the incident is over
			}
			m, err := c.message(&change.Incident, ev, dest)
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
	}
	return out, nil
}

func (c *composer) message(e *alert.Incident, ev alert.Event, dest Destination) (db.Notification, error) {
	w := text.Explain(e, c.names.of(e), c.now, dest.Zone, dest.Clock)
	view := mail.View{Title: w.Headline, Foot: dest.foot(),
		Link: c.dispatcher.link(fmt.Sprintf("/alerts/%d", e.ID))}
	part := mail.Part{Lines: append(append([]string{}, w.Known...), w.Follows), Next: w.Next}
	urgent := e.Kind == alert.NothingArrives || e.Kind == alert.Unreachable || e.Kind == alert.DiskLow ||
		e.Kind.Acknowledged()
	switch ev {
	case alert.Recovered:
		view.Title = "Over: " + w.Headline
		part = mail.Part{Lines: []string{w.Ended}}
		urgent = false
	case alert.Reminded:
		view.Title = "Still: " + w.Headline
	case alert.Relapsed:
		view.Title = "Again: " + w.Headline
	case alert.Noticed:
		part.Lines = append(part.Lines, w.Ended)
	}
	view.Parts = []mail.Part{part}
	n := Notification{Type: "incident." + string(ev), Urgent: urgent,
		Event: incidentEvent(e, c.names.of(e), w, ev, view.Link)}
	key := fmt.Sprintf("e%d%s%dt%d", e.ID, ev, e.Reminders+e.Reopened, c.now.UnixMilli())
	return c.dispatcher.write(c.ctx, c.now, dest, key, string(ev), view, n)
}

// incidentEvent is the data of an incident for a webhook: no health values.
func incidentEvent(e *alert.Incident, n text.Names, w text.Words, ev alert.Event, link string) map[string]any {
	out := map[string]any{
		"id":       e.ID,
		"event":    string(ev),
		"kind":     string(e.Kind),
		"headline": w.Headline,
		"since":    e.Since.UTC().Format(time.RFC3339),
		"opened": e.Opened.UTC().
			Format(time.RFC3339),
		"known":   w.Known,
		"follows": w.Follows,
		"next":    w.Next,
		"link":    link,
	}
	if n.Person != "" {
		out["person"] = n.Person
	}
	if e.Type != "" {
		out["type"] = e.Type
	}
	if !e.Closed.IsZero() {
		out["closed"] = e.Closed.UTC().Format(time.RFC3339)
		out["ended"] = w.Ended
	}
	return out
}

// write makes a notification of a view for a destination. The key is made unique
// to the destination.
func (p *Dispatcher) write(ctx context.Context, now time.Time, place Destination, key, event string,
	view mail.View, n Notification) (db.Notification, error) {
	sum := sha256.Sum256([]byte(place.Kind + " " + place.Address))
	key += "p" + hex.EncodeToString(sum[:5])
	html, err := mail.HTML(ctx, view)
	if err != nil {
		return db.Notification{}, err
	}
	n.ID, n.Subject, n.Text, n.HTML, n.At, n.Link = key, "[Garner] "+view.Title, mail.Text(view), html, now, view.Link
	body, err := json.Marshal(n)
	if err != nil {
		return db.Notification{}, err
	}
	return db.Notification{
		Key:         key,
		Event:       event,
		Channel:     place.Kind,
		Destination: place.Address,
		Person:      place.Person,
		Subject:     view.Title,
		Body:        body,
		Created:     now,
		Due:         p.Quiet.Next(now, place.Zone),
	}, nil
}

// digest makes one notification of several and says why.
func (p *Dispatcher) digest(ctx context.Context, now time.Time, place Destination, of []db.Notification,
	why string) (db.Notification, error) {
	view := mail.View{Title: fmt.Sprintf("%d notifications", len(of)), Foot: place.foot(), Link: p.link("/alerts"),
		Parts: []mail.Part{{Lines: []string{why}}}}
	if len(of) == 1 {
		view.Title = "Late: " + of[0].Subject
	}
	var events []any
	for _, m := range of {
		var n Notification
		if err := json.Unmarshal(m.Body, &n); err != nil {
			return db.Notification{}, err
		}
		view.Parts[0].Items = append(view.Parts[0].Items, inDigest(m, n, &place))
		events = append(events, n.Event)
	}
	m, err := p.write(ctx, now, place, fmt.Sprintf("digest%dt%d", of[0].ID, now.UnixMilli()), eventDigest, view,
		Notification{Type: "digest", Event: map[string]any{"notices": events}})
	m.Due = now
	return m, err
}

// inDigest is the line of one notification in a digest: its subject, when it was
// written, and what is known, or for an end, how long it lasted and what is
// missing.
func inDigest(m db.Notification, n Notification, place *Destination) string {
	event, _ := n.Event.(map[string]any)
	lines, _ := event["known"].([]any)
	if ended, _ := event["ended"].(string); ended != "" {
		lines = []any{ended}
	}
	text := m.Subject
	if len(lines) > 0 {
		text += " (" + m.Created.In(place.Zone).Format("Mon 2 Jan "+place.Clock.Minutes()) + ")"
	}
	for _, line := range lines {
		text += fmt.Sprintf(" %s", line)
	}
	return text
}

// Test sends a notification to the destinations of a kind at once and returns the
// server's own answer.
func (p *Dispatcher) Test(ctx context.Context, kind string) (string, error) {
	var answer string
	now := time.Now()
	for _, place := range p.destinations() {
		if place.Kind != kind {
			continue
		}
		view := mail.View{Title: "Test from Garner", Foot: foot, Link: p.link("/alerts"),
			Parts: []mail.Part{{Lines: []string{"If you can read this, notifications reach you."}}}}
		m, err := p.write(ctx, now, place, fmt.Sprintf("test%d", now.UnixMilli()), eventTest, view,
			Notification{Type: eventTest, Event: map[string]any{}})
		if err != nil {
			return "", err
		}
		said, failure := p.deliver(ctx, place, m)
		if failure != nil {
			said = failure.Error()
		}
		if err := p.Store.PutTested(ctx, now, m, failure == nil, said); err != nil {
			return "", err
		}
		if failure != nil {
			return "", failure
		}
		answer = said
	}
	return answer, nil
}
