package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"garner/db"
	"garner/garmin"
	"garner/ui"
)

func (s *Site) people(r *http.Request) (answer, error) {
	return s.peoplePage(r, ui.PersonForm{}, http.StatusOK)
}

// peoplePage shows the list, and the form with what was typed.
func (s *Site) peoplePage(r *http.Request, form ui.PersonForm, status int) (answer, error) {
	p, err := s.base(r, "People and accounts", ui.NavPeople)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	people, err := q.Standings(r.Context())
	if err != nil {
		return answer{}, err
	}
	accounts, err := q.Accounts(r.Context())
	if err != nil {
		return answer{}, err
	}
	connections, err := q.Connections(r.Context())
	if err != nil {
		return answer{}, err
	}
	v := ui.NewPeople(people, accounts, connections, p.Now)
	v.Form, v.Notice = form, said(r, "flash")
	if name := said(r, "added"); name != "" {
		v.Notice = name + " was added."
	}
	return answer{view: ui.People(p, v), status: status}, nil
}

func (s *Site) peopleAdd(r *http.Request) (answer, error) {
	person, form, status, err := s.newPerson(r)
	if err != nil {
		return answer{}, err
	}
	if person == nil {
		return s.peoplePage(r, form, status)
	}
	return redirect("/people?added=" + url.QueryEscape(person.Name))
}

// newPerson adds the person of a form. If that cannot be, person is nil, and the form
// has what was typed, with the errors.
func (s *Site) newPerson(r *http.Request) (person *db.Person, form ui.PersonForm, status int, err error) {
	form = ui.PersonForm{Name: strings.TrimSpace(r.PostFormValue("name")),
		GarminUserID: strings.TrimSpace(r.PostFormValue("garmin_user_id"))}
	form.NameError = nameProblem(form.Name)
	if !plain(form.Name) {
		form.Name = ""
	}
	switch id := form.GarminUserID; {
	case len(id) > 200 || len(strings.Fields(id)) > 1 || !plain(id):
		form.IDError = "A Garmin user id is one word of letters and digits."
	case db.IsPersonalID(id):
		form.IDError = "This is not an id of Garmin’s. A person with a key of their own needs none."
	case strings.HasPrefix(id, "token:"):
		// Elements from before user ids were used; a token cannot be linked
		// by its hash.
		form.IDError = "Only the old access token is known. Link it with: garner person add --garmin-access-token-stdin"
	}
	if form.NameError+form.IDError != "" {
		return nil, form, http.StatusUnprocessableEntity, nil
	}
	person, err = s.store.AddPerson(r.Context(), time.Now(), form.Name, form.GarminUserID, "")
	switch {
	case errors.Is(err, db.ErrLinked):
		form.IDError = "This Garmin account is already linked to a person."
	case errors.Is(err, db.ErrTaken):
		form.NameError = "This name is already taken."
	case err != nil:
		return nil, form, 0, err
	default:
		s.audit(r, db.ActionPersonAdded, person.ID, "")
		return person, form, http.StatusOK, nil
	}
	return nil, form, http.StatusConflict, nil
}

// nameProblem is why a name of a person or an account cannot be; empty if it can.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "Give a name."
	case len(name) > 200:
		return "That is longer than a name can be."
	case !plain(name):
		return "That name holds characters that cannot be shown."
	}
	return ""
}

// plain reports whether a text is valid and printable; line breaks and tabs in
// it become spaces.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) &&
			!unicode.IsSpace(r)
	})
}

func (s *Site) peopleUnits(r *http.Request) (answer, error) {
	units := chosenUnits(r)
	if units.System == "" || !units.Known() {
		return answer{}, badRequest("Choose one of the values of the form.")
	}
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if err := s.store.SetUnits(r.Context(), person.ID, units); err != nil {
		return answer{}, err
	}
	return redirect("/people")
}

// derivedRules are the metrics that Garner derives, with their rules.
func derivedRules() []ui.HelpMetric {
	var out []ui.HelpMetric
	for _, m := range garmin.Metrics() {
		if m.Rule != "" {
			out = append(out, ui.HelpMetric{Name: m.Name, Label: m.Label, Rule: m.Rule})
		}
	}
	return out
}
