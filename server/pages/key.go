package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
	"garner/ui"
)

// Personal is how Garmin's Personal API is called; its zero value is not at all.
type Personal struct {
	Keys KeyTester
	// PerSecond is how many calls are made per second at most.
	PerSecond int
}

// KeyTester tries keys at Garmin.
type KeyTester interface {
	// TestKey exchanges a key once. The errors are those of personal.Client.Exchange.
	TestKey(ctx context.Context, key string) error
}

const (
	// keyTestWithin is how long a test of a key may take.
	keyTestWithin = 20 * time.Second
	// longestLife is how long Garmin lets a key live, in days (Personal API), with a day
	// for clocks ahead.
	longestLife = 366
)

// errNoPersonal refuses keys where the Personal API is not called.
var errNoPersonal = &statusError{http.StatusConflict,
	"This Garner does not ask Garmin's Personal API. See [personal] in garner.toml."}

// connectionKey is POST /p/{slug}/connection/key: it tries the key and stores it.
func (s *Site) connectionKey(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if again, ok := s.fresh(r, connectionPath(person)); !ok {
		return again, nil
	}
	form, err := s.saveKey(r, person)
	if err != nil {
		return answer{}, err
	}
	if form.Wrong() {
		return s.connectionPage(r, ui.ConnectionView{KeyForm: form}, http.StatusUnprocessableEntity)
	}
	return flash(r, connectionPath(person), "The key works. Garner asks Garmin for the newest days first.")
}

// connectionKeyRemove is POST /p/{slug}/connection/key/remove: a box is ticked to confirm.
func (s *Site) connectionKeyRemove(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	back := connectionPath(person)
	if again, ok := s.fresh(r, back); !ok {
		return again, nil
	}
	if r.PostFormValue("confirm") != "yes" {
		return s.connectionPage(r, ui.ConnectionView{KeyForm: ui.KeyForm{RemoveError: "Tick the box to confirm."}},
			http.StatusUnprocessableEntity)
	}
	err = s.store.RemovePersonalKey(r.Context(), time.Now(), person.ID)
	if errors.Is(err, db.ErrNotFound) {
		return flash(r, back, "There is no key.")
	}
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionKeyRemoved, person.ID, "")
	return flash(r, back, "The key is removed. Garner asks no more; the data stays.")
}

// saveKey tries and stores the key of a form. If that cannot be, the form that it returns
// is Wrong. It never has the key.
func (s *Site) saveKey(r *http.Request, person *db.Person) (form ui.KeyForm, err error) {
	key, ends, form, err := s.tried(r)
	if err != nil || form.Wrong() {
		return form, err
	}
	return s.storeKey(r, person, key, ends, form)
}

// storeKey stores a key that was tried.
func (s *Site) storeKey(r *http.Request, person *db.Person, key string, ends health.Day,
	form ui.KeyForm) (ui.KeyForm, error) {
	_, err := s.store.SetPersonalKey(r.Context(), time.Now(), person.ID, key, ends)
	if errors.Is(err, db.ErrNoKeys) {
		form.KeyError = "Garner has no key to encrypt it with. The log has the reason."
		return form, nil
	}
	if err == nil {
		s.audit(r, db.ActionKeyStored, person.ID, "until "+ends.String())
	}
	return form, err
}

// tried reads the key and its last day, and tries the key at Garmin.
func (s *Site) tried(r *http.Request) (key string, ends health.Day, form ui.KeyForm, err error) {
	switch {
	case s.Demo:
		return "", 0, form, errDemo
	case s.Personal.Keys == nil:
		return "", 0, form, errNoPersonal
	}
	now := time.Now()
	form = ui.KeyForm{Life: r.PostFormValue("life"), Ends: strings.TrimSpace(r.PostFormValue("ends"))}
	if key, err = personal.CleanKey(r.PostFormValue("key")); err != nil {
		form.KeyError = personal.KeyFault(err, now)
	}
	ends, form.EndsError = lastDay(form.Life, form.Ends, health.DayOf(now.Unix(), 0))
	if form.Wrong() {
		return "", 0, form, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), keyTestWithin)
	defer cancel()
	if err := s.Personal.Keys.TestKey(ctx, key); err != nil {
		if r.Context().Err() != nil {
			return "", 0, form, r.Context().Err()
		}
		s.log.Info("a key for the Personal API was not accepted", "fault", personal.KeyFault(err, now))
		form.KeyError = personal.KeyFault(err, now)
	}
	return key, ends, form, nil
}

// lastDay is the last day of a key: the one that was given, or so many days from today.
func lastDay(life, text string, today health.Day) (health.Day, string) {
	day, err := health.ParseDay(text)
	if text == "" {
		var days int
		if days, err = strconv.Atoi(life); err != nil {
			return 0, "Choose how long the key lasts, or give its last day: Garmin does not tell it."
		}
		day = today + health.Day(days)
	}
	switch {
	case err != nil:
		return 0, "Give a day, such as " + (today + 90).String() + "."
	case day < today-1: // a day for clocks behind
		return 0, "That day is over: Garmin refuses the key."
	case day > today+longestLife:
		return 0, "No key lasts longer than a year."
	}
	return day, ""
}

// connectionAsk is POST /p/{slug}/connection/ask: the days of a form are asked for again.
func (s *Site) connectionAsk(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	now, back := time.Now(), connectionPath(person)
	k, err := s.store.PersonalKeyOf(r.Context(), person.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return answer{}, err
	}
	if err != nil || k.State != db.KeyInUse {
		return flash(r, back, person.Name+" has no key with which to ask.")
	}
	from, errFrom := health.ParseDay(r.PostFormValue("from"))
	to, errTo := health.ParseDay(r.PostFormValue("to"))
	if today := health.DayOf(now.Unix(), 0); errFrom != nil || errTo != nil || to < from || to > today+1 {
		return answer{}, badRequest("Give two days, the first one first.")
	}
	if err := s.store.AskPull(r.Context(), now, person.ID, from, to); err != nil {
		return answer{}, err
	}
	span := from.String() + " to " + to.String()
	s.audit(r, db.ActionPullAsked, person.ID, span)
	return flash(r, back, "Garner asks Garmin for "+span+".")
}
