package pages

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

// household adds the people, and which of them is the reader.
func (s *Site) household(r *http.Request, v *ui.SetUpView) error {
	people, err := s.reader(r, time.Now()).People(r.Context())
	for _, p := range people {
		v.People = append(v.People, link(p))
		if p.ID == viewer(r).Own() {
			v.Own = p.Slug
		}
	}
	_, v.Account = auth.Of(r.Context())
	return err
}

// setUpPerson adds a person.
func (s *Site) setUpPerson(r *http.Request) (answer, error) {
	person, form, status, err := s.newPerson(r)
	if err != nil {
		return answer{}, err
	}
	if person == nil {
		return s.setUpView(r, query.StepHousehold, func(v *ui.SetUpView) { v.Person = form }, status)
	}
	return redirect(stepURL(query.StepHousehold) + "?flash=" + url.QueryEscape(person.Name+" was added."))
}

// setUpMe links the reader's account to a person.
func (s *Site) setUpMe(r *http.Request) (answer, error) {
	who, ok := auth.Of(r.Context())
	if !ok {
		return answer{}, badRequest("No one is signed in.")
	}
	q := s.reader(r, time.Now())
	person, err := q.Person(r.Context(), r.PostFormValue("person"))
	if err != nil {
		return answer{}, err
	}
	if viewer(r).Own() != 0 {
		return answer{}, badRequest("Your account is linked to a person already.")
	}
	if err := q.Reads(person.ID); err != nil {
		return answer{}, err // they have decided that admins may not
	}
	err = s.store.SetAccountPerson(r.Context(), who.Account.ID, person.ID)
	if errors.Is(err, db.ErrLinked) {
		return answer{}, badRequest(person.Name + " has an account already.")
	}
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionAccountChanged, person.ID, who.Account.Name+" is "+person.Name)
	return redirect(stepURL(query.StepHousehold) + "?flash=" + url.QueryEscape("You are "+person.Name+"."))
}
