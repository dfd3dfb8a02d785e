package pages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/query"
	"garner/ui"
	"garner/ui/text"
)

// Watcher is what the server shows and asks of the watch over silence.
type Watcher interface {
	query.Watch
	// Stalled says why the watch cannot be trusted; nil while it can.
	Stalled(now time.Time) error
	// Test sends a notification by a channel (mail, ntfy or webhook) at once, and
	// gives the server's own answer.
	Test(ctx context.Context, channel string) (string, error)
}

// errUnwatched is said on pages that need the watch where there is none.
var errUnwatched = &statusError{http.StatusServiceUnavailable,
	"Alerts are not available: the database of records cannot be used."}

// view is what a page of the watch is made of.
type statusPage struct {
	p     ui.Page
	facts *alert.Facts
	found *alert.Findings
	home  *query.Household
	types map[string]ui.SyncType
	// byID finds people; slugs finds them by address.
	byID map[int64]*db.Person
	// boxWhy are the incidents about everyone that may explain gaps, once they
	// were read.
	boxWhy []alert.Incident
	// cols are the columns of the matrix, once they are known.
	cols []int
}

// look begins a page that shows how data arrive.
func (s *Site) look(r *http.Request, title string, nav ui.Nav) (*statusPage, error) {
	p, err := s.base(r, title, nav)
	if err != nil {
		return nil, err
	}
	if s.Watch == nil {
		return nil, errUnwatched
	}
	v := &statusPage{p: p, types: map[string]ui.SyncType{}, byID: map[int64]*db.Person{}}
	q := s.reader(p.Now)
	if v.home, err = q.Household(r.Context()); err != nil {
		return nil, err
	}
	v.facts, v.found = v.home.Facts, v.home.Found
	for i := range v.facts.Types {
		t := &v.facts.Types[i]
		v.types[t.Key] = ui.SyncType{Key: t.Key, Title: t.Title, Short: shortTitle(t)}
	}
	people, err := q.People(r.Context())
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		v.byID[person.ID] = person
	}
	return v, nil
}

// coverageOf tells what came of a person, as the watch sees them.
func (s *Site) coverageOf(ctx context.Context, person int64, now time.Time) (*query.Coverage, error) {
	if s.Watch == nil {
		return nil, errUnwatched
	}
	return s.reader(now).Coverage(ctx, person)
}

// shortTitles fit the head of a narrow column, by callback key; others are cut
// to their first word.
var shortTitles = map[string]string{
	"dailies": "Day", "stressDetails": "Stress", "hrv": "HRV", "epochs": "¼ hours", "pulseox": "SpO₂",
	"allDayRespiration": "Breath", "userMetrics": "Fitness",
	"bodyComps": "Body", "bloodPressures": "Pressure", "skinTemp": "Skin", "healthSnapshot": "Snapshot", "mct": "Cycle",
	"activityDetails":  "Samples",
	"moveIQActivities": "Moves", "thirdPartyDailies": "Other",
}

func shortTitle(t *alert.Type) string {
	if short, ok := shortTitles[t.Key]; ok {
		return short
	}
	first, _, _ := strings.Cut(t.Title, " ")
	return first
}

// at finds someone's place in the facts, -1 where the person is not there.
func (v *statusPage) at(person int64) int {
	for i := range v.facts.People {
		if v.facts.People[i].ID == person {
			return i
		}
	}
	return -1
}

func (v *statusPage) link(person int64) *ui.PersonLink {
	p, ok := v.byID[person]
	if !ok {
		return nil
	}
	l := link(p)
	return &l
}

// words puts an incident into words.
func (v *statusPage) words(e *alert.Incident) text.Words {
	n := text.Names{Type: v.types[e.Type].Title}
	if p, ok := v.byID[e.Person]; ok {
		n.Person = p.Name
	}
	return text.Explain(e, n, v.p.Now, v.p.Now.Location())
}

func (v *statusPage) row(e *alert.Incident) ui.IncidentRow {
	return ui.IncidentRow{ID: e.ID, Headline: v.words(e).Headline, Status: ui.IncidentStatus(e), Since: e.Since,
		Closed: e.Closed}
}

func (v *statusPage) rows(list []alert.Incident) []ui.IncidentRow {
	var out []ui.IncidentRow
	for i := range list {
		out = append(out, v.row(&list[i]))
	}
	return out
}
