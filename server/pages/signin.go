package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"garner/db"
	"garner/server/auth"
	"garner/ui"
)

// signInPage is GET /signin.
func (s *Site) signInPage(r *http.Request) (answer, error) {
	next := r.URL.Query().Get("next")
	if _, ok := auth.Of(r.Context()); ok || s.open(r) {
		return redirect(pageOr(next, "/"))
	}
	return s.signInForm(r, ui.SignInView{Next: next}, http.StatusOK)
}

func (s *Site) signInForm(r *http.Request, v ui.SignInView, status int) (answer, error) {
	has, err := s.store.HasAdmin(r.Context())
	v.NoAccounts = !has && status == http.StatusOK
	return answer{view: ui.SignIn(s.signedOut(r, "Sign in"), v), status: status, secret: true}, err
}

// signIn is POST /signin.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) (answer, error) {
	v := ui.SignInView{Name: r.PostFormValue("name"), Next: r.PostFormValue("next")}
	err := s.Auth.SignIn(w, r, v.Name, r.PostFormValue("password"))
	if err == nil {
		return redirect(pageOr(v.Next, "/"))
	}
	refused := refusedSecret(err)
	if refused == nil {
		return answer{}, err
	}
	refused.retry(w)
	v.Error = refused.what
	return s.signInForm(r, v, refused.status)
}

// signOut is POST /signout.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) (answer, error) {
	if err := s.Auth.SignOut(w, r); err != nil {
		return answer{}, err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return redirect("/signin")
}

// refusal is why a secret was not accepted.
type refusal struct {
	status int
	what   string
	after  time.Duration // until the next attempt; 0 for no wait
}

// refusedSecret words an error of auth; nil for one that is not about the secret.
func refusedSecret(err error) *refusal {
	var many *auth.TooMany
	switch {
	case errors.Is(err, auth.ErrWrong):
		return &refusal{http.StatusUnauthorized, "The name or the password is wrong.", 0}
	case errors.As(err, &many):
		return &refusal{http.StatusTooManyRequests, "There were too many attempts. Try again a little later.", many.After}
	case errors.Is(err, auth.ErrBusy):
		return &refusal{http.StatusServiceUnavailable, "Too many people are signing in at this moment. Try again.",
			5 * time.Second}
	}
	return nil
}

// retry says when to try again.
func (f *refusal) retry(w http.ResponseWriter) {
	if f.after > 0 {
		w.Header().Set("Retry-After", auth.RetryAfter(f.after))
	}
}

// reauthenticatePage is GET /reauthenticate: it asks for the password again.
func (s *Site) reauthenticatePage(r *http.Request) (answer, error) {
	p, err := s.base(r, "Enter your password again", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Reauthenticate(p, ui.ReauthenticateView{Next: r.URL.Query().Get("next")}))
}

// reauthenticate is POST /reauthenticate.
func (s *Site) reauthenticate(w http.ResponseWriter, r *http.Request) (answer, error) {
	next := pageOr(r.PostFormValue("next"), "/settings")
	err := s.Auth.Reauthenticate(w, r, r.PostFormValue("password"))
	if err == nil {
		return redirect(next)
	}
	refused := refusedSecret(err)
	if refused == nil {
		return answer{}, err
	}
	refused.retry(w)
	if refused.status == http.StatusUnauthorized {
		refused.what = "The password is wrong."
	}
	p, err := s.base(r, "Enter your password again", ui.NavSettings)
	return answer{view: ui.Reauthenticate(p, ui.ReauthenticateView{Next: next, Error: refused.what}),
		status: refused.status}, err
}

// fresh reports whether the password was given a short time ago. Otherwise again is
// the answer, which asks for it and leads back to a page. The operator has none.
func (s *Site) fresh(r *http.Request, back string) (again answer, ok bool) {
	who, signedIn := auth.Of(r.Context())
	if !signedIn || auth.Fresh(who, time.Now()) {
		return answer{}, true
	}
	return answer{to: "/reauthenticate?" + url.Values{"next": {back}}.Encode()}, false
}

// newPasswordPage is GET of a one-time link. Looking at it does not use it up:
// programs that check mails look at links, too.
func (s *Site) newPasswordPage(w http.ResponseWriter, r *http.Request) (answer, error) {
	return s.newPasswordForm(w, r, ui.NewPasswordView{Token: r.URL.Query().Get("token")}, http.StatusOK)
}

func (s *Site) newPasswordForm(w http.ResponseWriter, r *http.Request, v ui.NewPasswordView,
	status int) (answer, error) {
	link, err := s.Auth.Link(r, v.Token)
	if err != nil {
		return s.linkRefused(w, r, err)
	}
	v.Kind, v.AsksAdminsRead = string(link.Kind), link.AsksAdminsRead
	if link.Kind != db.LinkSetup {
		v.Name = link.Name
	}
	return answer{view: ui.NewPassword(s.signedOut(r, "Welcome"), v), status: status, secret: true}, nil
}

// linkRefused answers a link that does not work.
func (s *Site) linkRefused(w http.ResponseWriter, r *http.Request, err error) (answer, error) {
	if errors.Is(err, auth.ErrLink) || errors.Is(err, db.ErrHasAdmin) {
		has, err := s.store.HasAdmin(r.Context())
		return answer{view: ui.LinkSpent(s.signedOut(r, "Link"), !has), status: http.StatusNotFound}, err
	}
	if refused := refusedSecret(err); refused != nil {
		refused.retry(w)
		return answer{}, &statusError{refused.status, refused.what}
	}
	return answer{}, err
}

// newPassword is POST of a one-time link: it sets the password and signs in.
func (s *Site) newPassword(w http.ResponseWriter, r *http.Request) (answer, error) {
	v := ui.NewPasswordView{Token: r.PostFormValue("token"), Name: strings.TrimSpace(r.PostFormValue("name")),
		AdminsRead: r.PostFormValue("admins_read") == "yes"}
	first := r.PostForm.Has("name") // the form of the first admin
	if problem := nameProblem(v.Name); first && problem != "" {
		v.NameError = problem
		return s.newPasswordForm(w, r, v, http.StatusUnprocessableEntity)
	}
	var err error
	if first {
		err = s.Auth.SetUp(w, r, v.Token, v.Name, r.PostFormValue("password"))
	} else {
		err = s.Auth.Accept(w, r, v.Token, r.PostFormValue("password"), &v.AdminsRead)
	}
	var weak auth.PasswordError
	switch {
	case err == nil && first && !s.Demo:
		return redirect("/setup/source")
	case err == nil:
		return redirect("/")
	case errors.As(err, &weak):
		v.PasswordError = weak.Error()
	case errors.Is(err, db.ErrTaken):
		v.NameError = "Another account has this name."
	default:
		return s.linkRefused(w, r, err)
	}
	return s.newPasswordForm(w, r, v, http.StatusUnprocessableEntity)
}
