package pages

import (
	"net/http"

	"garner/query"
	"garner/ui"
)

// Channel is a notification channel, as the page shows it.
type Channel struct {
	// Key is mail, ntfy, webhook or heartbeat.
	Key, Title string
	// To is the destination without secrets; empty if it is not set up.
	To string
	// Write is what to put into garner.toml.
	Write string
}

// Configured reports whether the channel has a destination.
func (c Channel) Configured() bool { return c.To != "" }

func (s *Site) alerts(r *http.Request) (answer, error) {
	return s.alertsPage(r, alertForms{}, http.StatusOK)
}

// alertForms are the forms as typed, with their errors.
type alertForms struct {
	rule  ui.RuleForm
	pause ui.PauseForm
}

func (s *Site) alertsPage(r *http.Request, forms alertForms, status int) (answer, error) {
	p, err := s.base(r, "Alerts", ui.NavAlerts)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	list, err := s.reader(r, p.Now).Alerts(r.Context(), before(q))
	if err != nil {
		return answer{}, err
	}
	var channels []ui.ChannelRow
	for _, c := range s.live.Load().Channels {
		row := ui.ChannelRow{Key: c.Key, Title: c.Title, To: c.To, Write: c.Write}
		if c.Key == string(query.StepMail) && !s.Demo { // a demo takes no settings
			row.SetUp = stepURL(query.StepMail)
		}
		channels = append(channels, row)
	}
	v := ui.NewAlerts(list, channels, before(q), p)
	v.Rule, v.Pause = forms.rule, forms.pause
	v.Notice, v.Error = said(r, "flash"), said(r, "failed")
	return answer{view: ui.Alerts(p, v), status: status}, nil
}

// pausesOf lists the pauses of a person and type that are not over.
func (s *Site) pausesOf(r *http.Request, q *query.Reader, person int64, typ string) ([]ui.PauseRow, error) {
	list, err := q.PausesOf(r.Context(), person, typ)
	return ui.NewPauses(list, q.Now.Location()), err
}

// incidentPage is one incident with its timeline and notifications.
func (s *Site) incidentPage(r *http.Request) (answer, error) {
	p, err := s.base(r, "Alert", ui.NavAlerts)
	if err != nil {
		return answer{}, err
	}
	e, err := s.reader(r, p.Now).Incident(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	v := ui.NewIncidentView(&e, p)
	v.Notice = said(r, "flash")
	return render(ui.IncidentPage(p, v))
}
