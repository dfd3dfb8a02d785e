package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/health/alert"
	"garner/ui"
	"garner/ui/text"
)

// Channel is a way of telling someone, as the page shows it.
type Channel struct {
	// Key is mail, ntfy, webhook or heartbeat.
	Key, Title string
	// To says where it leads, without secrets; empty where it is not set up.
	To string
	// Write is what to put into garner.toml.
	Write string
}

// Configured says whether the channel has a destination.
func (c Channel) Configured() bool { return c.To != "" }

// openRows is how many open incidents a page shows, the most far-reaching first.
const openRows = 40

// pastRows is how many incidents that are over a page shows.
const pastRows = 30

func (s *Site) alerts(r *http.Request) (answer, error) {
	return s.alertsPage(r, alertForms{}, http.StatusOK)
}

// alertForms are the forms as they were typed, with what is wrong.
type alertForms struct {
	rule  ui.RuleForm
	pause ui.PauseForm
	err   string
}

func (s *Site) alertsPage(r *http.Request, forms alertForms, status int) (answer, error) {
	v, err := s.look(r, "Alerts", ui.NavAlerts)
	if err != nil {
		return answer{}, err
	}
	out := ui.AlertsView{Rule: forms.rule, Pause: forms.pause}
	out.Notice, out.Error = r.URL.Query().Get("said"), forms.err
	if text := r.URL.Query().Get("failed"); text != "" {
		out.Error = text
	}
	for i := range v.facts.People {
		out.AllPeople = append(out.AllPeople, *v.link(v.facts.People[i].ID))
	}
	for _, t := range v.facts.Types {
		out.Types = append(out.Types, v.types[t.Key])
	}
	for _, fill := range []func(*http.Request, *statusPage, *ui.AlertsView) error{s.fillOpen, s.fillPast, s.fillRules,
		s.fillPauses, s.fillChannels, s.fillNotifications} {
		if err := fill(r, v, &out); err != nil {
			return answer{}, err
		}
	}
	alertsSentence(v, &out)
	return answer{view: ui.Alerts(v.p, out), status: status}, nil
}

func alertsSentence(v *statusPage, out *ui.AlertsView) {
	switch n := out.Total; {
	case n > 0:
		out.Sentence, out.Status = ui.Plural(n, "thing needs a look.", "things need a look."), ui.Late
		for _, e := range out.Open {
			if e.Status == ui.Down {
				out.Status = ui.Down
			}
		}
	case len(v.facts.People) == 0:
		out.Sentence, out.Status = "Nobody is here yet, so there is nothing to watch.", ui.NoData
	default:
		out.Sentence, out.Status = "Nothing needs a look.", ui.OK
	}
	for _, w := range out.Ways {
		if w.Configured && w.Key != "heartbeat" {
			return
		}
	}
	out.Detail = "No notification channel is set up, so alerts only show here."
}

func (s *Site) fillOpen(r *http.Request, v *statusPage, out *ui.AlertsView) error {
	open, err := s.store.OpenIncidents(r.Context())
	if err != nil {
		return err
	}
	slices.SortStableFunc(open, func(a, b alert.Incident) int {
		return slices.Index(alert.Kinds, a.Kind) - slices.Index(alert.Kinds, b.Kind)
	})
	out.Total = len(open)
	for i := range open[:min(len(open), openRows)] {
		e, err := s.incident(r.Context(), v, &open[i])
		if err != nil {
			return err
		}
		out.Open = append(out.Open, e)
	}
	return nil
}

// incident fills one incident with its timeline.
func (s *Site) incident(ctx context.Context, v *statusPage, e *alert.Incident) (ui.Incident, error) {
	w := v.words(e)
	out := ui.Incident{
		ID:        e.ID,
		Headline:  w.Headline,
		Status:    statusOf(e),
		Person:    v.link(e.Person),
		Type:      v.typ(e.Type),
		Since:     e.Since,
		Opened:    e.Opened,
		Closed:    e.Closed,
		Diagnosis: diagnosis(e, w),
		Pausable: e.Closed.IsZero() &&
			e.Kind.Silence(),
	}
	if out.Person != nil {
		out.Pause.Person = out.Person.Slug
	}
	out.Pause.Type = e.Type
	events, err := s.store.IncidentEvents(ctx, e.ID)
	if err != nil {
		return out, err
	}
	for _, ev := range events {
		out.Timeline = append(out.Timeline, ui.Step{Title: eventWords[ev.Event], At: ev.At})
	}
	messages, err := s.store.NotificationsOf(ctx, e.ID)
	for _, m := range messages {
		if m.State == db.Sent {
			out.Timeline = append(
				out.Timeline,
				ui.Step{Title: "sent to " + m.Destination + " by " + m.Channel, Detail: m.Answer,
					At: m.Ended},
			)
		}
	}
	slices.SortStableFunc(out.Timeline, func(a, b ui.Step) int { return a.At.Compare(b.At) })
	return out, err
}

var eventWords = map[alert.Event]string{
	alert.Opened: "noticed", alert.Reminded: "reminder written", alert.Relapsed: "notified again, after its end",
	alert.Closed: "over", alert.Recovered: "end written", alert.Reopened: "came back",
	alert.Noticed: "noticed, when it was over",
}

func (s *Site) fillPast(r *http.Request, v *statusPage, out *ui.AlertsView) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	past, err := s.store.PastIncidents(r.Context(), before, pastRows+1)
	if err != nil {
		return err
	}
	if before > 0 {
		out.Newer = "/alerts"
	}
	if len(past) > pastRows {
		past = past[:pastRows]
		out.Older = "/alerts?" + url.Values{"before": {strconv.FormatInt(past[pastRows-1].ID, 10)}}.Encode()
	}
	out.Past = v.rows(past)
	return nil
}

func (s *Site) fillRules(r *http.Request, v *statusPage, out *ui.AlertsView) error {
	rules := v.facts.Rules
	out.Rules = append(
		out.Rules,
		ui.RuleRow{
			Text: fmt.Sprintf("Alert when a person, or one of their data types, has been silent for longer than %s. "+
				"For a watch that syncs rarely the limit grows, up to 72 h.", text.Length(rules.SilentAfter)),
			Setting: "person_silent_after",
		},
		ui.RuleRow{
			Text: fmt.Sprintf("After a time in which Garner was off or unreachable, wait that long again, up to %s, "+
				"before anyone counts as silent.", text.Length(rules.Grace)),
			Setting: "grace",
		},
	)
	list, err := s.store.AlertRules(r.Context())
	for _, rule := range list {
		row := ui.RuleRow{ID: rule.ID, Person: v.link(rule.Person), Type: v.typ(rule.Type), Hours: hours(rule.Limit)}
		if rule.Off {
			row.Text, row.Hours = fmt.Sprintf(
				"Nothing is expected of %s for %s.",
				v.types[rule.Type].Title,
				nameOf(row.Person),
			),
				""
		}
		out.Rules = append(out.Rules, row)
	}
	return err
}

func nameOf(p *ui.PersonLink) string {
	if p == nil {
		return "anyone"
	}
	return p.Name
}

func (s *Site) fillPauses(r *http.Request, v *statusPage, out *ui.AlertsView) (err error) {
	out.Pauses, err = s.pausesOf(r, v, -1, "")
	return err
}

// pausesOf lists the pauses that are not over; of one person and type, or of
// all where person is -1.
func (s *Site) pausesOf(r *http.Request, v *statusPage, person int64, typ string) ([]ui.PauseRow, error) {
	list, err := s.store.Pauses(r.Context(), v.p.Now)
	var out []ui.PauseRow
	for _, p := range list {
		if person == -1 || (p.Person == 0 || p.Person == person) && (typ == "" || p.Type == "" || p.Type == typ) {
			out = append(
				out,
				ui.PauseRow{ID: p.ID, Person: v.link(p.Person), Type: v.typ(p.Type), From: p.From.In(s.Zone),
					Until: p.To.In(s.Zone), Reason: p.Reason},
			)
		}
	}
	return out, err
}

func (s *Site) fillChannels(r *http.Request, v *statusPage, out *ui.AlertsView) error {
	sent, failed, err := s.store.LastNotifications(r.Context())
	if err != nil {
		return err
	}
	unsent, err := s.store.UnsentNotifications(r.Context())
	if err != nil {
		return err
	}
	signs, err := s.store.Signals(r.Context())
	if err != nil {
		return err
	}
	for _, way := range s.Channels {
		row := ui.ChannelRow{
			Key:        way.Key,
			Title:      way.Title,
			Configured: way.Configured(),
			To:         way.To,
			Write:      way.Write,
			Status:     ui.NoData,
			Succeeded:  sent[way.Key].Ended,
			Answer:     sent[way.Key].Answer,
		}
		if m, ok := failed[way.Key]; ok && m.Created.After(row.Succeeded) {
			row.Failed, row.Failure = later(m.Ended, m.Created), m.Answer
		}
		for _, m := range unsent {
			if m.Channel == way.Key {
				row.Waiting++
			}
		}
		if beat, ok := signs["heartbeat"]; ok && way.Key == "heartbeat" {
			row.Succeeded = beat.At
			if beat.Value == 0 {
				row.Succeeded, row.Failed, row.Failure = time.Time{}, beat.At, beat.Detail
			}
		}
		switch {
		case !row.Failed.IsZero():
			row.Status = ui.Down
		case row.Configured:
			row.Status = ui.OK
		}
		out.Ways = append(out.Ways, row)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *Site) fillNotifications(r *http.Request, v *statusPage, out *ui.AlertsView) error {
	list, err := s.store.RecentNotifications(r.Context(), 50)
	for _, m := range list {
		out.Messages = append(out.Messages, notificationRow(&m, v.p.Now))
	}
	return err
}

func notificationRow(m *db.Notification, now time.Time) ui.NotificationRow {
	row := ui.NotificationRow{
		ID:       m.ID,
		At:       m.Created,
		To:       m.Destination,
		Way:      m.Channel,
		Subject:  m.Subject,
		Answer:   m.Answer,
		Incident: m.Incident,
	}
	switch {
	case m.State == db.Sent:
		row.State = ui.NotificationSent
	case m.State == db.GivenUp:
		row.State = ui.NotificationFailed
	case m.State == db.Digested:
		row.State = ui.NotificationDigest
	case m.State == db.Unneeded:
		row.State, row.Answer = ui.NotificationHeld, "it was over before the quiet hours were"
	case m.Attempts == 0 && m.Due.After(now):
		row.State, row.Due = ui.NotificationHeld, m.Due
	default:
		row.State, row.Due = ui.NotificationWaiting, m.Due
	}
	return row
}

// incidentPage is one incident with its timeline and messages.
func (s *Site) incidentPage(r *http.Request) (answer, error) {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return answer{}, db.ErrNotFound
	}
	v, err := s.look(r, "Alert", ui.NavAlerts)
	if err != nil {
		return answer{}, err
	}
	e, err := s.store.Incident(r.Context(), id)
	if err != nil {
		return answer{}, err
	}
	out := ui.IncidentView{}
	out.Notice = r.URL.Query().Get("said")
	if out.Incident, err = s.incident(r.Context(), v, &e); err != nil {
		return answer{}, err
	}
	if e.Closed.IsZero() && e.Kind.Acknowledged() {
		out.Acknowledge = string(e.Kind)
	}
	messages, err := s.store.NotificationsOf(r.Context(), id)
	for _, m := range messages {
		out.Messages = append(out.Messages, notificationRow(&m, v.p.Now))
	}
	if err != nil {
		return answer{}, err
	}
	return render(ui.IncidentPage(v.p, out))
}
