package ui

import (
	"cmp"
	"net/url"
	"time"

	"garner/health/alert"
	"garner/query"
	"garner/ui/text"
)

// NewIncident puts an incident into words for a page.
func NewIncident(e *query.Incident, p Page) Incident {
	w := incidentWords(e, p)
	out := Incident{ID: e.ID, Headline: w.Headline, Status: IncidentStatus(&e.Incident), Person: personLink(e.Person),
		Type: syncType(e.Type), Since: e.Since, Opened: e.Opened, Closed: e.Closed, Diagnosis: Diagnose(&e.Incident, w),
		Pausable: e.Pausable()}
	switch e.Kind {
	case alert.ReconnectNeeded:
		out.Diagnosis.Fix = p.connectLink(slugOf(out.Person))
	case alert.KeyExpiring, alert.KeyRefused:
		if link := p.connectLink(slugOf(out.Person)); link != nil {
			out.Diagnosis.Fix = &Link{Text: "Enter a new key", URL: link.URL}
		}
	}
	out.Pause = PauseForm{Person: slugOf(out.Person), Type: keyOf(out.Type)}
	for _, s := range e.Timeline {
		step := Step{At: s.At, Title: eventWords[s.Event]}
		if s.Sent != nil {
			step.Title, step.Detail = sentWords(s.Sent), s.Sent.Answer
		}
		out.Timeline = append(out.Timeline, step)
	}
	return out
}

func sentWords(n *query.Notification) string {
	if n.Destination == "" {
		return "sent by " + n.Channel
	}
	return "sent to " + n.Destination + " by " + n.Channel
}

// channelWords are the channel of a notification and its destination, if the viewer
// may know it.
func channelWords(n *query.Notification) string {
	if n.Destination == "" {
		return n.Channel
	}
	return n.Channel + ", " + n.Destination
}

// NewIncidentView is the page of an incident.
func NewIncidentView(e *query.Incident, p Page) IncidentView {
	out := IncidentView{Incident: NewIncident(e, p), Notifications: e.Notifications}
	if e.Acknowledgeable() {
		out.Acknowledge = string(e.Kind)
	}
	return out
}

func incidentRow(e *alert.Incident, w text.Words) IncidentRow {
	return IncidentRow{ID: e.ID, Headline: w.Headline, Status: IncidentStatus(e), Since: e.Since, Closed: e.Closed}
}

func incidentWords(e *query.Incident, p Page) text.Words {
	var names text.Names
	if e.Person != nil {
		names.Person = e.Person.Name
	}
	if e.Type != nil {
		names.Type = e.Type.Title
	}
	return text.Explain(&e.Incident, names, p.Now, p.Now.Location(), p.Clock)
}

var eventWords = map[alert.Event]string{
	alert.Opened: "opened", alert.Reminded: "reminder created", alert.Relapsed: "opened again after a recovery",
	alert.Closed: "closed", alert.Recovered: "recovery notification created", alert.Reopened: "reopened",
	alert.Noticed: "detected after it had ended",
}

// IncidentStatus is the colour of an incident.
func IncidentStatus(e *alert.Incident) Status {
	switch {
	case !e.Closed.IsZero():
		return OK
	case e.Kind == alert.PersonLeft || e.Kind == alert.ReconnectNeeded || e.Kind == alert.KeyExpiring ||
		e.Kind == alert.NeverCame || e.Kind == alert.Withdrawn || e.Kind == alert.ParkedSome ||
		e.Kind == alert.PersonTypeStopped:
		return Late
	}
	return Down
}

// Diagnose is an incident's words with the page where something can be done.
func Diagnose(e *alert.Incident, w text.Words) Diagnosis {
	d := Diagnosis{Known: w.Known, Next: w.Next, Fix: incidentFix(e.Kind)}
	if w.Follows != "" {
		d.Follows = []string{w.Follows}
	}
	if w.Ended != "" {
		d.Known = append(d.Known, w.Ended)
	}
	return d
}

func incidentFix(kind alert.Kind) *Link {
	switch kind {
	case alert.ParkedSome:
		return &Link{Text: "Show parked deliveries", URL: "/inbox?state=parked"}
	case alert.WrongSender:
		return &Link{Text: "Show quarantined deliveries", URL: "/inbox?state=quarantined"}
	case alert.Backlogged:
		return &Link{Text: "Open the inbox", URL: "/inbox?state=waiting"}
	case alert.WasOff:
		return &Link{Text: "See what is missing", URL: "/coverage?only=gaps"}
	case alert.TypeStopped, alert.Collapsed:
		return &Link{Text: "Show who is affected", URL: "/sync?only=problems"}
	case alert.BackupMissing, alert.BackupFailed:
		return &Link{Text: "Open the backups", URL: "/settings/backup"}
	case alert.Damaged:
		return &Link{Text: "How to restore a backup", URL: "/settings/backup#restore"}
	}
	return nil
}

// NewAlerts is the Alerts page. channels are those that exist, configured or
// not; before is the id below which its past incidents begin, 0 for the newest.
func NewAlerts(a *query.Alerts, channels []ChannelRow, before int64, p Page) AlertsView {
	out := AlertsView{Total: a.OpenTotal, Rules: newRules(a), Pauses: NewPauses(a.Pauses, p.Now.Location()),
		Notifications: a.Notifications}
	for i := range a.Open {
		out.Open = append(out.Open, NewIncident(&a.Open[i], p))
	}
	for i := range a.Past {
		out.Past = append(out.Past, incidentRow(&a.Past[i].Incident, incidentWords(&a.Past[i], p)))
	}
	if before > 0 {
		out.Newer = "/alerts"
	}
	if a.Older > 0 {
		out.Older = "/alerts?" + url.Values{"before": {itoa(a.Older)}}.Encode()
	}
	for _, c := range channels {
		out.Channels = append(out.Channels, c.with(a.Channels[c.Key]))
	}
	for _, p := range a.People {
		out.AllPeople = append(out.AllPeople, PersonLink(p))
	}
	for i := range a.Types {
		out.Types = append(out.Types, *syncType(&a.Types[i]))
	}
	out.summarise(p.Operates)
	return out
}

// summarise says in a sentence how things are.
func (v *AlertsView) summarise(operates bool) {
	switch {
	case v.Total > 0:
		v.Sentence, v.Status = Plural(v.Total, "alert is open.", "alerts are open."), Late
		for _, e := range v.Open {
			if e.Status == Down {
				v.Status = Down
			}
		}
	case len(v.AllPeople) == 0 && !operates:
		none := noPeople(operates)
		v.Sentence, v.Status, v.Detail = none.Sentence, none.Status, none.Detail
		return
	case len(v.AllPeople) == 0:
		v.Sentence, v.Status = "No people have been added yet, so there is nothing to check.", NoData
	default:
		v.Sentence, v.Status = "No alerts are open.", OK
	}
	if !operates {
		return // channels are for those who run the installation
	}
	for _, c := range v.Channels {
		if c.Configured() && c.Key != query.HeartbeatChannel {
			return
		}
	}
	v.Detail = "No notification channel is set up, so alerts only show here."
}

// with adds how the channel works.
func (c ChannelRow) with(state query.Channel) ChannelRow {
	c.Channel, c.Status = state, NoData
	switch {
	case !state.Failed.IsZero():
		c.Status = Down
	case c.Configured():
		c.Status = OK
	}
	return c
}

// newRules are the limits of garner.toml and after them the rules that were set.
func newRules(a *query.Alerts) []RuleRow {
	out := []RuleRow{
		{Setting: "person_silent_after", Text: "Alert when no data, or no data of one type, has arrived from a person for " +
			"longer than " + text.Length(a.Limits.SilentAfter) + ". For a watch that syncs rarely the limit grows, up to 72 h."},
		{Setting: "grace", Text: "After a time in which Garner was off or unreachable, the limit is extended by " +
			"the length of that time, up to " + text.Length(a.Limits.Grace) + "."},
	}
	for _, r := range a.Rules {
		row := RuleRow{ID: r.ID, Person: personLink(r.Person), Type: syncType(r.Type), Hours: Hours(r.Limit)}
		if r.Off && row.Type != nil {
			who := cmp.Or(nameOf(row.Person), "anyone")
			row.Text, row.Hours = "No "+row.Type.Title+" is expected from "+who+".", ""
		}
		out = append(out, row)
	}
	return out
}

// NewPauses are pauses on the clock of a page.
func NewPauses(list []query.Pause, zone *time.Location) []PauseRow {
	var out []PauseRow
	for _, p := range list {
		out = append(out, PauseRow{ID: p.ID, Person: personLink(p.Person), Type: syncType(p.Type), From: p.From.In(zone),
			Until: p.To.In(zone), Reason: p.Reason})
	}
	return out
}

func personLink(p *query.PersonRef) *PersonLink {
	if p == nil {
		return nil
	}
	l := PersonLink(*p)
	return &l
}

func syncType(t *query.TypeRef) *SyncType {
	if t == nil {
		return nil
	}
	return &SyncType{Key: t.Key, Title: t.Title}
}

func nameOf(p *PersonLink) string {
	if p == nil {
		return ""
	}
	return p.Name
}
