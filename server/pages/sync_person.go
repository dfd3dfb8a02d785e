package pages

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/ui"
	"garner/ui/text"
)

// lookAt begins a page about how one person's data arrive.
func (s *Site) lookAt(r *http.Request) (v *statusPage, at int, err error) {
	if v, err = s.look(r, "Sync", ui.NavSync); err != nil {
		return nil, 0, err
	}
	person, err := s.of(r, &v.p)
	if err != nil {
		return nil, 0, err
	}
	v.p.Title = "Sync of " + person.Name
	if at = v.at(person.ID); at < 0 {
		return nil, 0, db.ErrNotFound
	}
	return v, at, nil
}

func (s *Site) personSync(r *http.Request) (answer, error) {
	return s.personSyncPage(r, ui.PauseForm{}, ui.LimitForm{}, http.StatusOK)
}

// personSyncPage shows one person, with forms as they were typed.
func (s *Site) personSyncPage(r *http.Request, pause ui.PauseForm, limit ui.LimitForm, status int) (answer, error) {
	v, at, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	ctx := r.Context()
	p, f := v.facts.People[at], v.found.People[at]
	out := ui.PersonSyncView{Person: *v.link(p.ID), State: ui.SyncState(f.State.String()), Pause: pause, Limit: limit}
	out.Notice = r.URL.Query().Get("said")
	out.Sentence, out.Diagnosis = v.ofPerson(at)
	if out.Clocks, err = s.clocks(r, p.ID, ""); err != nil {
		return answer{}, err
	}
	if out.Facts, err = s.connection(r, v, at); err != nil {
		return answer{}, err
	}
	for j, pair := range p.Types {
		out.Pairs = append(out.Pairs, v.typeRow(pair, f.Types[j]))
	}
	incidents, err := s.store.IncidentsOf(ctx, p.ID, "", 20)
	if err != nil {
		return answer{}, err
	}
	out.Incidents = v.rows(incidents)
	if out.Limit.Error == "" && p.Limit > 0 {
		out.Limit.Hours = hours(p.Limit)
	}
	out.Limit.Default = hours(p.Usual.Limit(v.facts.Rules.SilentAfter)) + " h"
	if out.Paused, err = s.pausesOf(r, v, p.ID, ""); err != nil {
		return answer{}, err
	}
	return answer{view: ui.PersonSync(v.p, out), status: status}, nil
}

// hours writes a limit as people type it.
func hours(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", d.Hours()), "0"), ".")
}

// ofPerson says how one person is doing, and why.
func (v *statusPage) ofPerson(at int) (string, ui.Diagnosis) {
	p, f := v.facts.People[at], v.found.People[at]
	for i := range v.found.Conditions {
		if c := &v.found.Conditions[i]; c.Person == p.ID && (c.Kind == alert.PersonSilent || c.Kind == alert.PersonLeft) {
			e := &alert.Incident{Subject: c.Subject, Since: c.Since, Opened: v.p.Now, Evidence: c.Evidence}
			w := v.words(e)
			return w.Headline + ".", diagnosis(e, w)
		}
	}
	came := "The newest came " + ui.Ago(p.News, v.p.Now) + "."
	switch f.State {
	case alert.Waiting:
		return "Waiting for first data of " + p.Name + ".", ui.Diagnosis{Known: []string{"Nothing has come of " + p.Name +
			" yet."}, Next: "Let the watch sync with Garmin Connect; data arrive a minute or so later."}
	case alert.Paused:
		d := ui.Diagnosis{Known: []string{"Data that arrives is stored as usual; no alert is sent for silence."}}
		if !p.News.IsZero() {
			d.Known = append(d.Known, came)
		}
		if note := pauseNote(p.Pauses, v.p.Now); note != "" {
			return p.Name + " is " + note + ".", d
		}
		return p.Name + " is paused.", d
	case alert.NotShared:
		return p.Name + " shares no data at present.",
			ui.Diagnosis{Known: []string{"All permissions were withdrawn in Garmin Connect."},
				Next: "If that was wanted, nothing. If not, switch them on again in Garmin Connect under connected apps."}
	case alert.Late:
		return p.Name + "'s data is later than usual.", ui.Diagnosis{Known: []string{came},
			Follows: []string{"This is not an alert yet; one is sent after " + hours(f.Limit) + " h."}}
	}
	d := ui.Diagnosis{Known: []string{came}}
	for i := range v.found.Conditions {
		if c := &v.found.Conditions[i]; c.Person == p.ID {
			w := v.words(&alert.Incident{Subject: c.Subject, Since: c.Since, Opened: v.p.Now, Evidence: c.Evidence})
			d.Known = append(d.Known, w.Headline+".")
			d.Next = w.Next
		}
	}
	if len(d.Known) > 1 {
		return p.Name + "'s data arrive, but not all of them.", d
	}
	return p.Name + "'s data arrive.", d
}

// clocks gives the three instants of a person, of one type or of all.
func (s *Site) clocks(r *http.Request, person int64, typ string) (c ui.Clocks, err error) {
	fresh, err := s.store.FreshnessOf(r.Context(), person)
	if err != nil {
		return c, err
	}
	zone := s.zone(r.Context(), person)
	for key, f := range fresh {
		if (typ == "" || typ == key) && f.Received.After(c.Received) {
			c.Received, c.Processed = f.Received, f.Processed
		}
		if (typ == "" || typ == key) && f.Sample.Unix() > 0 && f.Sample.After(c.Sampled) {
			c.Sampled = f.Sample.In(zone)
		}
	}
	return c, nil
}

// connection is what is known of a person's link to Garmin.
func (s *Site) connection(r *http.Request, v *statusPage, at int) ([]ui.SyncFact, error) {
	p := v.facts.People[at]
	person := v.byID[p.ID]
	out := []ui.SyncFact{{Term: "Here since", Text: ui.Date(health.DayOf(person.Created.Unix(), 0)), Status: ui.OK}}
	if len(person.UserIDs) == 0 {
		out = append(out, ui.SyncFact{Term: "Garmin", Text: "not linked by a Garmin user id", Status: ui.NoData})
	}
	if p.Granted != nil {
		text := "nothing"
		if len(p.Granted) > 0 {
			text = strings.Join(permissionWords(p.Granted), ", ")
		}
		out = append(out, ui.SyncFact{Term: "Shares, as Garmin said", Text: text, At: p.Changed, Status: ui.OK})
	}
	notices, err := s.store.Notices(r.Context())
	if err != nil {
		return nil, err
	}
	for _, n := range notices[p.ID][:min(db.RecentNotices, len(notices[p.ID]))] {
		fact := ui.SyncFact{Term: "Garmin said", Text: "the permissions changed", At: n.At, Status: ui.NoData}
		if n.Type == garmin.Deregistrations.Key {
			fact.Text, fact.Status = "the connection was ended", ui.Late
		} else if _, said := garmin.NoticePermissions(n.Detail); !said {
			fact.Text = "the permissions changed, but not to what: not known"
		}
		out = append(out, fact)
	}
	return out, nil
}

func permissionWords(keys []string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, alert.PermissionWord(k))
	}
	slices.Sort(out)
	return out
}

func (v *statusPage) typeRow(pair alert.PersonType, f alert.TypeFinding) ui.SyncTypeRow {
	t := v.facts.Types[pair.Type]
	row := ui.SyncTypeRow{Type: v.types[t.Key], State: ui.SyncState(f.State.String()), Received: pair.News}
	if f.State == alert.AsItComes || f.State == alert.Unsupported {
		return row
	}
	row.Usual, row.Next = v.usual(pair, f)
	row.Limit = hours(f.Limit) + " h"
	return row
}

// usual says when a type usually comes, and by when the next is expected.
func (v *statusPage) usual(pair alert.PersonType, f alert.TypeFinding) (usual, next string) {
	if pair.Usual.Gap == 0 {
		return "not learnt yet", ""
	}
	if pair.Usual.Gap >= 18*time.Hour && pair.Usual.By >= 0 {
		by := v.p.Now.UTC().Truncate(24 * time.Hour).Add(time.Duration(pair.Usual.By) * time.Minute)
		usual = "usually by " + ui.TimeOfDay(by.In(v.p.Now.Location()), v.p.Now)
	} else {
		usual = "usually every " + text.Length(pair.Usual.Gap) + " or sooner"
	}
	if f.State != alert.OnTime && f.State != alert.Late || pair.News.IsZero() {
		return usual, ""
	}
	due := pair.News.Add(pair.Usual.Gap)
	if due.Before(v.p.Now) {
		return usual, "was expected by " + ui.When(due, v.p.Now)
	}
	return usual, "by " + ui.When(due, v.p.Now)
}
