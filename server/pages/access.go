package pages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/mux"

	"garner/query"
	"garner/server/auth"
)

// Access is who may use a route. What a route shows depends on the viewer in any
// case: the functions of query decide that again.
type Access int

const (
	// Anyone needs no account.
	Anyone Access = iota + 1
	// SignedIn needs an account of any role.
	SignedIn
	// Facts is about the delivery of the person in the address: for those who see
	// the person.
	Facts
	// Values is for those who may read the values of the person in the address.
	Values
	// Change changes how the delivery of the person in the address is watched: for
	// that person and the admins.
	Change
	// Write changes what is said of the person in the address: for that person, and for
	// the admins who read their values.
	Write
	// Admin is about the whole installation.
	Admin
)

// Route is an address with who may use it.
type Route struct {
	// Method is GET, which also answers HEAD, or POST.
	Method, Path string
	Access       Access
	Handler      http.Handler
	// Page means that it shows a page: without an account it leads to the sign-in.
	Page bool
}

// Register adds routes to a router. It is the only way to add one. A route without
// Access is a mistake of the program.
func (s *Site) Register(r *mux.Router, routes []Route) {
	for _, route := range routes {
		if route.Access < Anyone || route.Access > Admin {
			panic(fmt.Sprintf("%s %s does not say who may use it", route.Method, route.Path))
		}
		methods := []string{route.Method}
		if route.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		r.Handle(route.Path, s.guard(route)).Methods(methods...)
	}
}

// guard lets a request through if its viewer may use the route.
func (s *Site) guard(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := s.let(r, route.Access)
		if err == nil && route.Method == http.MethodPost {
			err = readForm(w, r)
		}
		switch {
		case errors.Is(err, errSignIn) && route.Page && route.Method == http.MethodGet:
			http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
		case err != nil:
			LeaveUnread(w, r)
			s.fail(w, r, err)
		default:
			route.Handler.ServeHTTP(w, r)
		}
	})
}

// let is admit, where anyone may be let in without being known.
func (s *Site) let(r *http.Request, access Access) (*http.Request, error) {
	if access == Anyone {
		if _, ok := auth.Of(r.Context()); ok || s.open(r) {
			if known, err := s.admit(r, SignedIn); err == nil { // else as for anyone
				return known, nil
			}
		}
		return r, nil
	}
	if err := s.refused(r); err != nil {
		return r, err
	}
	return s.admit(r, access)
}

// longestForm is how long the body of a form may be, in bytes. Those with most fields
// tick people or accounts.
const longestForm = 64 << 10

// readForm reads the fields of a form. It is the only place that does: left to
// themselves, handlers would read 10 MB, and forms of several parts onto the disk.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	err := r.ParseForm()
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return &statusError{http.StatusRequestEntityTooLarge, "This form is longer than any form here."}
	}
	if err != nil {
		return badRequest("This form cannot be read.")
	}
	return nil
}

// errSignIn means that no one is signed in.
var errSignIn = &statusError{http.StatusUnauthorized, "Sign in to use this address."}

// errAdmin means that the account is no admin.
var errAdmin = &statusError{http.StatusForbidden, "Only admins can use this page."}

// admit finds out who asks, and returns the request with that, or why it is
// refused.
func (s *Site) admit(r *http.Request, access Access) (*http.Request, error) {
	v, err := s.viewerOf(r)
	if err != nil {
		return r, err
	}
	r = r.WithContext(context.WithValue(r.Context(), asking{}, v))
	switch access {
	case Admin:
		if !v.Operates() {
			return r, errAdmin
		}
	case Facts, Values, Change, Write:
		return s.admitTo(r, v, access)
	}
	return r, nil
}

// admitTo checks access to the person in the address, and returns the request with
// them.
func (s *Site) admitTo(r *http.Request, v query.Viewer, access Access) (*http.Request, error) {
	q := s.reader(r, time.Now())
	person, err := q.Person(r.Context(), mux.Vars(r)["slug"])
	if err != nil {
		return r, err
	}
	switch access {
	case Values:
		err = q.Reads(person.ID)
	case Change:
		err = v.Changes(person.ID)
	case Write:
		err = v.Writes(person.ID)
	}
	return r.WithContext(context.WithValue(r.Context(), addressed{}, person)), err
}

// addressed is the key of the person in the address, in the context of a request.
type addressed struct{}

// asking is the key of the viewer in the context of a request.
type asking struct{}

// viewer is for whom a request reads: no one, unless a guard has let it through.
func viewer(r *http.Request) query.Viewer {
	v, _ := r.Context().Value(asking{}).(query.Viewer)
	return v
}

// signInURL is the sign-in that leads back to a page.
func signInURL(r *http.Request) string {
	if r.URL.Path == "/" && r.URL.RawQuery == "" {
		return "/signin"
	}
	return "/signin?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
}
