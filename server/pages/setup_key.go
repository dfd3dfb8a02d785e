package pages

import (
	"net/http"
	"net/url"
	"time"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// keyStep adds what the step of the key needs.
func (s *Site) keyStep(r *http.Request, v *ui.SetUpView) {
	v.Keys, v.Chosen = s.Personal.Keys != nil && !s.Demo, v.Own
	if v.Chosen == "" && len(v.People) > 0 {
		v.Chosen = v.People[0].Slug
	}
	if _, fresh := s.fresh(r, stepURL(query.StepKey)); !fresh {
		v.Again = "/reauthenticate?" + url.Values{"next": {stepURL(query.StepKey)}}.Encode()
	}
}

// setUpKey is POST /setup/key: it tries a key, adds its person if they are new, stores it,
// and leads to where the data can be seen to come in.
func (s *Site) setUpKey(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, stepURL(query.StepKey)); !ok {
		return again, nil
	}
	wrong := func(form ui.KeyForm, person ui.PersonForm, status int) (answer, error) {
		return s.setUpView(r, query.StepKey, func(v *ui.SetUpView) {
			v.Key, v.Person, v.Chosen = form, person, r.PostFormValue("person")
		}, status)
	}
	key, ends, form, err := s.tried(r)
	if err != nil {
		return answer{}, err
	}
	if form.Wrong() {
		return wrong(form, ui.PersonForm{Name: r.PostFormValue("name")}, http.StatusUnprocessableEntity)
	}
	person, typed, status, err := s.keyPerson(r)
	if err != nil {
		return answer{}, err
	}
	if person == nil {
		return wrong(form, typed, status)
	}
	if form, err = s.storeKey(r, person, key, ends, form); err != nil {
		return answer{}, err
	}
	if form.Wrong() {
		return wrong(form, typed, http.StatusUnprocessableEntity)
	}
	if err := s.chooseKeys(r); err != nil {
		return answer{}, err
	}
	return redirect(connectionPath(person) + "?flash=" + url.QueryEscape("The key works. Garner asks Garmin for the "+
		"newest days first. The other steps of the set-up can wait: Home leads back to them."))
}

// keyPerson is whose key it is: one who was chosen, or a new one.
func (s *Site) keyPerson(r *http.Request) (*db.Person, ui.PersonForm, int, error) {
	if slug := r.PostFormValue("person"); slug != "" {
		person, err := s.reader(r, time.Now()).Person(r.Context(), slug)
		return person, ui.PersonForm{}, http.StatusOK, err
	}
	return s.newPerson(r)
}

// chooseKeys makes keys the source of the set-up, if none was chosen.
func (s *Site) chooseKeys(r *http.Request) error {
	b, err := s.box(r)
	if err != nil || b.settings[query.SettingSource] != "" {
		return err
	}
	return s.store.ChangeSettings(r.Context(), db.SettingChange{Name: query.SettingSource, Value: query.SourceKey})
}
