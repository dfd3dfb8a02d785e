package pages

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/server/peer"
	"garner/ui"
)

// How long a link works that chooses the first password, or another one.
const (
	invitationLasts = 7 * 24 * time.Hour
	resetLasts      = 24 * time.Hour
)

// errHasAccount is shown where a person would get a second account.
var errHasAccount = &statusError{http.StatusConflict,
	"This person has an account already. Its page makes a new link."}

// invite is GET /people/{slug}/invite.
func (s *Site) invite(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if again, ok := s.fresh(r, r.URL.Path); !ok {
		return again, nil
	}
	return s.invitePage(r, ui.InviteView{Person: link(person), Name: person.Name}, http.StatusOK)
}

func (s *Site) invitePage(r *http.Request, v ui.InviteView, status int) (answer, error) {
	p, err := s.base(r, "Invite "+v.Person.Name, ui.NavPeople)
	return answer{view: ui.Invite(p, v), status: status}, err
}

// inviteAdd is POST /people/{slug}/invite: it adds the account of a member, and shows
// the link to choose its password.
func (s *Site) inviteAdd(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if again, ok := s.fresh(r, r.URL.Path); !ok {
		return again, nil
	}
	v := ui.InviteView{Person: link(person), Name: strings.TrimSpace(r.PostFormValue("name"))}
	if v.NameError = nameProblem(v.Name); v.NameError != "" {
		if !plain(v.Name) {
			v.Name = ""
		}
		return s.invitePage(r, v, http.StatusUnprocessableEntity)
	}
	a, err := s.store.AddAccount(r.Context(), time.Now(), db.Account{Name: v.Name, Role: db.RoleMember, Person: person.ID},
		"")
	switch {
	case errors.Is(err, db.ErrTaken):
		v.NameError = "Another account has this name."
		return s.invitePage(r, v, http.StatusConflict)
	case errors.Is(err, db.ErrLinked):
		return answer{}, errHasAccount
	case err != nil:
		return answer{}, err
	}
	s.audit(r, db.ActionAccountAdded, person.ID, a.Name+", member")
	return s.newLink(r, a.ID)
}

// accountPath is the page of the account in the address of a request.
func accountPath(r *http.Request) string { return "/accounts/" + strconv.FormatInt(pathID(r), 10) }

// account is GET /accounts/{id}.
func (s *Site) account(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, r.URL.Path); !ok {
		return again, nil
	}
	return s.accountPage(r, "", http.StatusOK)
}

func (s *Site) accountPage(r *http.Request, nameError string, status int) (answer, error) {
	p, err := s.base(r, "Account", ui.NavPeople)
	if err != nil {
		return answer{}, err
	}
	a, err := s.reader(r, p.Now).Account(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	who, _ := auth.Of(r.Context())
	v := ui.AccountView{Account: *a, Self: who.Account.ID == a.ID, NameError: nameError}
	v.Notice = said(r, "flash")
	return answer{view: ui.AccountPage(p, v), status: status}, nil
}

// accountChange changes an account by a form, and returns what it did, as the rest of
// a sentence that begins with the name: "is disabled".
type accountChange func(r *http.Request, a *query.AccountInfo) (did string, err error)

// change makes a handler of what changes the account of an address. It asks for the
// password if that was long ago, and records what change says that it did.
func (s *Site) change(change accountChange) func(*http.Request) (answer, error) {
	return func(r *http.Request) (answer, error) {
		back := accountPath(r)
		if again, ok := s.fresh(r, back); !ok {
			return again, nil
		}
		a, err := s.reader(r, time.Now()).Account(r.Context(), pathID(r))
		if err != nil {
			return answer{}, err
		}
		did, err := change(r, a)
		if err != nil {
			return answer{}, err
		}
		s.audit(r, db.ActionAccountChanged, a.PersonID, a.Name+" "+did)
		if who, _ := auth.Of(r.Context()); who.Account.ID == a.ID {
			back = settingsPath // it may not see the other page any more
		}
		return flash(r, back, a.Name+" "+did+".")
	}
}

func (s *Site) accountDisabled(r *http.Request, a *query.AccountInfo) (did string, err error) {
	switch r.PostFormValue("disabled") {
	case "yes":
		return "is disabled", s.store.SetDisabled(r.Context(), a.ID, true)
	case "no":
		return "is enabled", s.store.SetDisabled(r.Context(), a.ID, false)
	}
	return "", badRequest("An account is disabled or not.")
}

func (s *Site) accountRole(r *http.Request, a *query.AccountInfo) (did string, err error) {
	role := db.Role(r.PostFormValue("role"))
	if role != db.RoleAdmin && role != db.RoleMember {
		return "", badRequest("The role is admin or member.")
	}
	return "has the role " + string(role), s.store.SetRole(r.Context(), a.ID, role)
}

// accountLink is POST /accounts/{id}/link.
func (s *Site) accountLink(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, accountPath(r)); !ok {
		return again, nil
	}
	return s.newLink(r, pathID(r))
}

// newLink makes a link by which an account chooses its password, and shows it.
func (s *Site) newLink(r *http.Request, account int64) (answer, error) {
	p, err := s.base(r, "Link", ui.NavPeople)
	if err != nil {
		return answer{}, err
	}
	a, err := s.reader(r, p.Now).Account(r.Context(), account)
	if err != nil {
		return answer{}, err
	}
	expires := p.Now.Add(resetLasts)
	if a.Invited {
		expires = p.Now.Add(invitationLasts)
	}
	token, kind, err := auth.NewPasswordLink(r.Context(), s.store, p.Now, a.ID, !a.Invited, expires)
	if errors.Is(err, db.ErrNotFound) {
		return answer{}, &statusError{http.StatusConflict, "A disabled account cannot get a link. Enable it first."}
	}
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionLinkCreated, a.PersonID, string(kind)+" for "+a.Name)
	v := ui.OneTimeLinkView{Account: *a, Invitation: a.Invited, Expires: expires,
		Link: auth.LinkURL(s.address(r), token)}
	return answer{view: ui.OneTimeLink(p, v), secret: true}, nil
}

// address is where others reach these pages: the public address if there is one, and
// else the one that was asked for.
func (s *Site) address(r *http.Request) string {
	switch {
	case s.live.Load().Address != "":
		return s.live.Load().Address
	case peer.Of(r.Context()).HTTPS:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// accountRemove is POST /accounts/{id}/remove: the name is typed to confirm.
func (s *Site) accountRemove(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, accountPath(r)); !ok {
		return again, nil
	}
	a, err := s.reader(r, time.Now()).Account(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	if db.FoldName(r.PostFormValue("name")) != db.FoldName(a.Name) {
		return s.accountPage(r, "This is not the name of the account.", http.StatusUnprocessableEntity)
	}
	if err := s.store.RemoveAccount(r.Context(), a.ID); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionAccountRemoved, a.PersonID, a.Name)
	return flash(r, "/people", "The account "+a.Name+" was removed.")
}
