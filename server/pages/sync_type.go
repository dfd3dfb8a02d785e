package pages

import (
	"fmt"
	"net/http"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/ui"
	"garner/ui/chart"
	"garner/ui/text"
)

// pairDays is how many days the strip of a pair shows.
const pairDays = 90

func (s *Site) typeSync(r *http.Request) (answer, error) {
	return s.pairSyncPage(r, ui.PauseForm{}, ui.LimitForm{}, http.StatusOK)
}

// pairOf finds the place of the address's type among a person's pairs.
func (v *statusPage) pairOf(r *http.Request, at int) (int, error) {
	for j, pair := range v.facts.People[at].Types {
		if v.facts.Types[pair.Type].Key == mux.Vars(r)["type"] {
			return j, nil
		}
	}
	return 0, db.ErrNotFound
}

// pairSyncPage shows one type of one person, with forms as they were typed.
func (s *Site) pairSyncPage(r *http.Request, pause ui.PauseForm, limit ui.LimitForm, status int) (answer, error) {
	v, at, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	j, err := v.pairOf(r, at)
	if err != nil {
		return answer{}, err
	}
	p, pair, f := v.facts.People[at], v.facts.People[at].Types[j], v.found.People[at].Types[j]
	typ := v.facts.Types[pair.Type]
	out := ui.TypeSyncView{Person: *v.link(p.ID), Type: v.types[typ.Key], State: ui.SyncState(f.State.String()),
		Pause: pause, Limit: limit, NotApplicable: pair.Off}
	out.Notice = r.URL.Query().Get("flash")
	out.Sentence, out.Diagnosis = v.ofPair(at, j)
	out.Usual, out.Next = v.usual(pair, f)
	out.LimitIs, out.LimitHow = limitWords(v.facts.Rules, &pair, f)
	if out.Clocks, err = s.clocks(r, p.ID, typ.Key); err != nil {
		return answer{}, err
	}
	if err := s.pairStrip(r, v, at, j, &out); err != nil {
		return answer{}, err
	}
	incidents, err := s.store.IncidentsOf(r.Context(), p.ID, typ.Key, 20)
	if err != nil {
		return answer{}, err
	}
	out.Incidents = v.rows(incidents)
	if out.Limit.Error == "" && pair.Limit > 0 {
		out.Limit.Hours = hours(pair.Limit)
	}
	out.Limit.Default = hours(pair.Usual.Limit(v.facts.Rules.SilentAfter)) + " h"
	if out.Paused, err = s.pausesOf(r, v, p.ID, typ.Key); err != nil {
		return answer{}, err
	}
	return answer{view: ui.TypeSync(v.p, out), status: status}, nil
}

// ofPair says how one type of a person is doing.
func (v *statusPage) ofPair(at, j int) (string, ui.Diagnosis) {
	p, pair := v.facts.People[at], v.facts.People[at].Types[j]
	typ := v.facts.Types[pair.Type]
	for i := range v.found.Conditions {
		c := &v.found.Conditions[i]
		if c.Type == typ.Key && (c.Person == p.ID || c.Person == 0) || c.Person == p.ID &&
			(c.Kind == alert.PersonSilent || c.Kind == alert.PersonLeft) {
			e := &alert.Incident{Subject: c.Subject, Since: c.Since, Opened: v.p.Now, Evidence: c.Evidence}
			w := v.words(e)
			return w.Headline + ".", ui.Diagnose(e, w)
		}
	}
	state := ui.SyncState(v.found.People[at].Types[j].State.String())
	d := ui.Diagnosis{Known: []string{state.Meaning()}}
	if !pair.News.IsZero() {
		d.Known = append([]string{"The newest came " + ui.Ago(pair.News, v.p.Now) + "."}, d.Known...)
	}
	return fmt.Sprintf("%s of %s: %s.", typ.Title, p.Name, state.Word()), d
}

// limitWords say the limit and how it came about.
func limitWords(rules alert.Rules, pair *alert.PersonType, f alert.TypeFinding) (is, how string) {
	is = hours(f.Limit) + " h"
	switch {
	case pair.Limit > 0:
		how = "Set here for this type of this person."
	case f.Limit > rules.SilentAfter:
		how = fmt.Sprintf("The box's %s h, lengthened because a day's longest silence is usually %s.",
			hours(rules.SilentAfter), text.Length(pair.Usual.Gap))
	default:
		how = "The limit of the whole box."
	}
	return is, how
}

// pairStrip shows what is known of the last days, counted as Coverage counts.
func (s *Site) pairStrip(r *http.Request, v *statusPage, at, j int, out *ui.TypeSyncView) error {
	c, err := v.home.Coverage(r.Context(), at)
	if err != nil {
		return err
	}
	first := c.Today - pairDays + 1
	states, err := c.Days(r.Context(), j, first, c.Today)
	if err != nil {
		return err
	}
	out.Strip = stripOf(out.Person.Slug, first, states)
	var share health.Share
	share.Add(states)
	switch {
	case share.Of == 0:
		out.Arrived = "Nothing of it was expected in these days"
	case !v.facts.Types[v.facts.People[at].Types[j].Type].Rhythmic:
		out.Arrived = "It came on " + ui.Plural(share.Got, "day", "days")
	default:
		out.Arrived = fmt.Sprintf("%d of %d expected days came", share.Got, share.Of)
	}
	return nil
}

// stripOf marks days from first on, each with what is known of it.
func stripOf(slug string, first health.Day, states []health.DayState) []chart.DayMark {
	var out []chart.DayMark
	for i, state := range states {
		day := first + health.Day(i)
		mark := chart.DayMark{Label: ui.ShortDate(day), Date: day.String(), State: state,
			Href: fmt.Sprintf("/p/%s/day/%s", slug, day)}
		if state.Absence == health.Present {
			mark.Share = 1
		}
		out = append(out, mark)
	}
	return out
}
