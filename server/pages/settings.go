package pages

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"garner/db"
	"garner/health"
	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

// settingsPath is the page of what an account sets for itself.
const settingsPath = "/settings"

// mine is whose settings a request is about. The operator of a demo has none.
func mine(r *http.Request) (auth.Who, error) {
	who, ok := auth.Of(r.Context())
	if !ok {
		return who, &statusError{http.StatusNotFound, "This demo needs no account, so there are no settings."}
	}
	return who, nil
}

// settingsForms are the forms as typed, with their errors; nil where the settings
// stand as they are.
type settingsForms struct {
	password    ui.PasswordForm
	preferences *ui.PreferencesForm
	mail        *ui.MailForm
}

func (s *Site) settings(r *http.Request) (answer, error) {
	return s.settingsPage(r, settingsForms{}, http.StatusOK)
}

// settingsPage shows all settings of an account.
func (s *Site) settingsPage(r *http.Request, forms settingsForms, status int) (answer, error) {
	who, err := mine(r)
	if err != nil {
		return answer{}, err
	}
	p, err := s.base(r, "Settings", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	set := who.Account.Preferences
	v := ui.SettingsView{Current: who.SessionID, Password: forms.password, Preferences: ui.PreferencesForm{
		Units: ui.Units(set.Units), Clock: set.Clock, WeekStart: set.WeekStart, Zone: set.Zone}}
	v.Notice = said(r, "flash")
	if forms.preferences != nil {
		v.Preferences = *forms.preferences
	}
	if v.Preferences.Household, err = s.householdPreferences(r); err != nil {
		return answer{}, err
	}
	if v.Sessions, err = q.Sessions(r.Context()); err != nil {
		return answer{}, err
	}
	if viewer(r).Own() != 0 {
		if v.Mail = forms.mail; v.Mail == nil {
			v.Mail = &ui.MailForm{Address: set.Mail}
		}
		if err := ofOwn(r, q, &v); err != nil {
			return answer{}, err
		}
	}
	return answer{view: ui.Settings(p, v), status: status}, nil
}

// ofOwn adds what is about the account's own person.
func ofOwn(r *http.Request, q *query.Reader, v *ui.SettingsView) (err error) {
	if v.Sharing, err = q.Sharing(r.Context()); err != nil {
		return err
	}
	from := before(r.URL.Query())
	page, err := q.AuditOfOwn(r.Context(), from)
	if err != nil {
		return err
	}
	list := auditList(page, settingsPath, nil, from)
	v.Looked = &list
	return nil
}

// settingsPassword is POST /settings/password. The old password stands in for
// entering it again.
func (s *Site) settingsPassword(w http.ResponseWriter, r *http.Request) (answer, error) {
	if _, err := mine(r); err != nil {
		return answer{}, err
	}
	err := s.Auth.SetPassword(w, r, r.PostFormValue("old"), r.PostFormValue("new"))
	var weak auth.PasswordError
	switch {
	case err == nil:
		return flash(r, settingsPath, "The password is changed. All other sessions have ended.")
	case errors.As(err, &weak):
		return s.settingsPage(r, settingsForms{password: ui.PasswordForm{NewError: weak.Error()}},
			http.StatusUnprocessableEntity)
	case errors.Is(err, auth.ErrWrong):
		return s.settingsPage(r, settingsForms{password: ui.PasswordForm{OldError: "This is not the current password."}},
			http.StatusUnprocessableEntity)
	}
	refused := refusedSecret(err)
	if refused == nil {
		return answer{}, err
	}
	refused.retry(w)
	return s.settingsPage(r, settingsForms{password: ui.PasswordForm{Error: refused.what}}, refused.status)
}

// settingsEnd ends one session of the account.
func (s *Site) settingsEnd(r *http.Request) (answer, error) {
	who, err := mine(r)
	if err != nil {
		return answer{}, err
	}
	if err := s.store.EndSession(r.Context(), who.Account.ID, r.PostFormValue("id")); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionSessionEnded, 0, "")
	return flash(r, settingsPath, "The session has ended.")
}

// settingsEndOthers ends all sessions of the account but this one.
func (s *Site) settingsEndOthers(r *http.Request) (answer, error) {
	who, err := mine(r)
	if err != nil {
		return answer{}, err
	}
	if err := s.store.EndSessions(r.Context(), who.Account.ID, who.SessionID); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionSessionEnded, 0, "all others")
	return flash(r, settingsPath, "All other sessions have ended.")
}

func (s *Site) settingsPreferences(r *http.Request) (answer, error) {
	who, err := mine(r)
	if err != nil {
		return answer{}, err
	}
	form := ui.PreferencesForm{Units: ui.Units(chosenUnits(r)), Clock: r.PostFormValue("clock"),
		WeekStart: r.PostFormValue("week_start"), Zone: strings.TrimSpace(r.PostFormValue("zone"))}
	switch {
	case !chosenUnits(r).Known(), !oneOf(form.Clock, "", "12", "24"),
		!oneOf(form.WeekStart, "", string(ui.Monday), string(ui.Saturday), string(ui.Sunday)):
		return answer{}, badRequest("Choose one of the values of the form.")
	case !isZone(form.Zone):
		form.ZoneError = "There is no time zone of this name. Examples are Europe/Oslo and America/New_York."
		if !plain(form.Zone) {
			form.Zone = ""
		}
		return s.settingsPage(r, settingsForms{preferences: &form}, http.StatusUnprocessableEntity)
	}
	set := who.Account.Preferences
	set.Units, set.Clock, set.WeekStart, set.Zone = chosenUnits(r), form.Clock, form.WeekStart, form.Zone
	return s.savePreferences(r, who, set)
}

// chosenUnits are those of a form with the choices of ui.UnitChoices.
func chosenUnits(r *http.Request) health.Units {
	return health.Units{System: r.PostFormValue("units"), Weight: r.PostFormValue("weight"),
		Temperature: r.PostFormValue("temperature"), Energy: r.PostFormValue("energy")}
}

func (s *Site) savePreferences(r *http.Request, who auth.Who, set db.Preferences) (answer, error) {
	if err := s.store.SetPreferences(r.Context(), who.Account.ID, set); err != nil {
		return answer{}, err
	}
	return flash(r, settingsPath, "Saved.")
}

// isZone reports whether a text is an IANA time zone, or empty. That of the machine
// has a name of its own: Local would be another one elsewhere.
func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}

func (s *Site) settingsMail(r *http.Request) (answer, error) {
	who, err := mine(r)
	if err != nil {
		return answer{}, err
	}
	if viewer(r).Own() == 0 {
		return answer{}, badRequest("This account has no person that it could be mailed about.")
	}
	set := who.Account.Preferences
	set.Mail = strings.TrimSpace(r.PostFormValue("mail"))
	if !r.PostForm.Has("mail") { // an empty one removes the address
		return answer{}, badRequest("The form has no address.")
	}
	if set.Mail != "" {
		if err := db.CheckMail(set.Mail); err != nil {
			form := ui.MailForm{Address: set.Mail, Error: "Give one address, such as ada@example.org."}
			if !plain(form.Address) {
				form.Address = ""
			}
			return s.settingsPage(r, settingsForms{mail: &form}, http.StatusUnprocessableEntity)
		}
	}
	return s.savePreferences(r, who, set)
}
