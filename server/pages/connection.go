package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

func connectionPath(person *db.Person) string { return "/p/" + person.Slug + "/connection" }

// connection is GET /p/{slug}/connection: how a person stands with Garmin.
func (s *Site) connection(r *http.Request) (answer, error) {
	return s.connectionPage(r, ui.ConnectionView{}, http.StatusOK)
}

// connectionPage shows the page with what was typed into its forms.
func (s *Site) connectionPage(r *http.Request, v ui.ConnectionView, status int) (answer, error) {
	p, err := s.base(r, "Connection to Garmin", ui.NavPeople)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	c, err := q.Connection(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	if !p.Operates {
		p.Active = ui.NavSettings
	}
	v.Person, v.Connection, v.Own = link(person), *c, viewer(r).Own() == person.ID
	v.Exports, v.Mail = q.Reads(person.ID) == nil, p.Operates && s.mails()
	v.Notice = said(r, "flash")
	if v.Pull, err = q.Pull(r.Context(), person.ID, s.Personal.PerSecond); err != nil {
		return answer{}, err
	}
	v.Keys = s.Personal.Keys != nil && !s.Demo
	if _, fresh := s.fresh(r, connectionPath(person)); !fresh {
		v.Again = "/reauthenticate?" + url.Values{"next": {connectionPath(person)}}.Encode()
	}
	return answer{view: ui.Connection(p, v), status: status}, nil
}

// mails reports whether mail is set up.
func (s *Site) mails() bool {
	for _, c := range s.live.Load().Channels {
		if c.Key == "mail" && c.To != "" {
			return true
		}
	}
	return false
}

// invited makes an invitation of the person in the address, once their password was
// given a short time ago, and answers with what do makes of its link.
func (s *Site) invited(r *http.Request, do func(person *db.Person, link string, expires time.Time) (answer,
	error)) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if again, ok := s.fresh(r, connectionPath(person)); !ok {
		return again, nil
	}
	token, expires, err := auth.NewInvitation(r.Context(), s.store, time.Now(), person.ID)
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionInvited, person.ID, "")
	return do(person, auth.ConnectURL(s.address(r), token), expires)
}

// connectionConnect is POST /p/{slug}/connection/connect: it makes an invitation and
// goes to it.
func (s *Site) connectionConnect(r *http.Request) (answer, error) {
	return s.invited(r, func(_ *db.Person, link string, _ time.Time) (answer, error) { return redirect(link) })
}

// connectionLink is POST /p/{slug}/connection/link: it makes an invitation, shows its
// link once, and mails it to an address if an admin has given one.
func (s *Site) connectionLink(r *http.Request) (answer, error) {
	to := strings.TrimSpace(r.PostFormValue("mail"))
	if !viewer(r).Operates() || !s.mails() {
		to = ""
	}
	if to != "" && db.CheckMail(to) != nil {
		v := ui.ConnectionView{To: to, MailError: "Give one address, such as ada@example.org."}
		if !plain(to) {
			v.To = ""
		}
		return s.connectionPage(r, v, http.StatusUnprocessableEntity)
	}
	p, err := s.base(r, "Link", ui.NavPeople)
	if err != nil {
		return answer{}, err
	}
	return s.invited(r, func(person *db.Person, address string, expires time.Time) (answer, error) {
		v := ui.ConnectLinkView{Person: link(person), Link: address, Expires: expires}
		if to != "" && s.Watch != nil {
			if err := s.Watch.Invite(r.Context(), to, person.Name, address, expires); err != nil {
				s.log.Warn("invitation not mailed", "person", person.ID, "err", err)
				v.MailError = "The mail server did not take it; the Alerts page has a test of mail."
			} else {
				v.SentTo = to
			}
		}
		return answer{view: ui.ConnectLink(p, v), secret: true}, nil
	})
}

// connectionStop is POST /p/{slug}/connection/stop: Garmin will be asked to end the
// connection, and the data stays.
func (s *Site) connectionStop(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	back := connectionPath(person)
	if again, ok := s.fresh(r, back); !ok {
		return again, nil
	}
	c, err := s.reader(r, time.Now()).Connection(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	if !c.Open() {
		return flash(r, back, person.Name+" is not connected.")
	}
	err = s.store.StopConnection(r.Context(), time.Now(), c.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) { // else another form was faster
		return answer{}, err
	}
	s.audit(r, db.ActionDisconnected, person.ID, "")
	return flash(r, back, "Garner asks Garmin to end the connection. The data stays.")
}

// connectionErase is POST /p/{slug}/connection/erase: the name is typed to confirm.
func (s *Site) connectionErase(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if again, ok := s.fresh(r, connectionPath(person)); !ok {
		return again, nil
	}
	if db.FoldName(r.PostFormValue("name")) != db.FoldName(person.Name) {
		return s.connectionPage(r, ui.ConnectionView{NameError: "This is not the name of the person."},
			http.StatusUnprocessableEntity)
	}
	c, err := s.reader(r, time.Now()).Connection(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	if err := s.store.Erase(r.Context(), time.Now(), person.ID); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionErased, 0, "person "+strconv.FormatInt(person.ID, 10)) // no name: it is being erased
	message := "The data of " + person.Name + " is being erased."
	if c.State == query.Connected || c.State == query.Stopping {
		message += " Garner asks Garmin to end the connection."
	}
	if viewer(r).Operates() {
		return flash(r, "/people", message)
	}
	return flash(r, settingsPath, message)
}
