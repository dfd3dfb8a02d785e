package pages

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

// answer is what a page's handler returns: a view to render, or a URL to redirect
// to after a form.
type answer struct {
	view   templ.Component
	body   []byte // of the view, once it was rendered
	status int    // 0 for 200
	to     string
	cookie *http.Cookie
	// kind is the content type; empty for that of a page.
	kind string
	// secret means that the page shows a secret, or takes one: it is sent uncompressed,
	// since the length of a compressed page reveals its content.
	secret bool
}

// render answers with a view.
func render(view templ.Component) (answer, error) { return answer{view: view}, nil }

// redirect answers a form: the browser requests that URL next.
func redirect(to string) (answer, error) { return answer{to: to}, nil }

// statusError is an error with the status and the text that people see.
type statusError struct {
	status int
	what   string
}

func (e *statusError) Error() string { return e.what }

// leading is an error whose page leads to another page than home.
type leading struct {
	error
	next ui.Link
}

func (e *leading) Unwrap() error { return e.error }

func badRequest(what string) error { return &statusError{http.StatusBadRequest, what} }

// page makes a handler of a function that returns an answer. It is the one place
// where errors become statuses: it renders into a buffer, so that no one sees half
// a page, logs internal errors, and shows only their id.
func (s *Site) page(h func(*http.Request) (answer, error)) http.HandlerFunc {
	return s.pageSetting(plainly(h))
}

// plainly is a function that sets no headers as one that may.
func plainly(h func(*http.Request) (answer, error)) func(http.ResponseWriter, *http.Request) (answer, error) {
	return func(_ http.ResponseWriter, r *http.Request) (answer, error) { return h(r) }
}

// pageSetting is page for a function that sets headers, such as those of cookies.
func (s *Site) pageSetting(h func(http.ResponseWriter, *http.Request) (answer, error)) http.HandlerFunc {
	return compressed(func(w http.ResponseWriter, r *http.Request) {
		a, body, err := s.guarded(func(r *http.Request) (answer, error) { return h(w, r) }, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if a.cookie != nil {
			http.SetCookie(w, a.cookie)
		}
		if a.to != "" {
			http.Redirect(w, r, a.to, http.StatusSeeOther)
			return
		}
		if a.status == 0 {
			a.status = http.StatusOK
		}
		w.Header().Set("Content-Type", cmp.Or(a.kind, "text/html; charset=utf-8"))
		if a.secret {
			w.Header().Set(gzhttp.HeaderNoCompression, "secret")
		}
		w.WriteHeader(a.status)
		if _, err := w.Write(body); err != nil {
			s.log.Debug("page not sent whole", "path", loggedPath(r), "err", err)
		}
	})
}

// compressed sends a page with gzip to clients that accept it. A page is one
// write, so nothing is held back.
var compressed = func() func(http.HandlerFunc) http.HandlerFunc {
	// Some random bytes, by the content, hide the exact length: who can make a reader's
	// browser load pages and watch the line could learn from it (BREACH).
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{"text/html", "application/json"}),
		gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		panic(err) // the options are constant
	}
	return func(h http.HandlerFunc) http.HandlerFunc { return wrap(h) }
}()

// guarded returns an answer and its rendered page. It turns a panic in either
// into an error, and refuses pages while garner.db is broken.
func (s *Site) guarded(h func(*http.Request) (answer, error), r *http.Request) (a answer, body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := s.refused(r); err != nil {
		return answer{}, nil, err
	}
	if a, err = h(r); err != nil || a.to != "" {
		return a, nil, err
	}
	body, err = rendered(r.Context(), a)
	return a, body, err
}

// refused returns why a request cannot be answered as things are, or nil: where garner.db
// is damaged, pages can be read as far as they do not touch the damage.
func (s *Site) refused(r *http.Request) error {
	if err := s.Broken(); err != nil {
		return err
	}
	if s.store.ReadOnly() && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return errReadOnly
	}
	return nil
}

// errReadOnly refuses changes while garner.db is damaged.
var errReadOnly = &statusError{http.StatusServiceUnavailable,
	"garner.db is damaged, so nothing can be changed until it is restored: " + toRestore}

// toRestore is what to do about a damaged garner.db.
const toRestore = "stop Garner, run “garner restore” with a backup, and start it again. “garner check --deep” lists " +
	"what is damaged."

// Broken returns why there can be no pages, or nil.
func (s *Site) Broken() error {
	if s.Upgrading != nil {
		text := "Garner is being upgraded. Its pages come back once that is done; if that takes long, the log says why."
		if why := s.Upgrading(); why != "" {
			text = "Garner is not upgraded yet, so there are no pages: " + why + " Deliveries are received and kept meanwhile."
		}
		return &statusError{http.StatusServiceUnavailable, text}
	}
	if s.store == nil {
		return db.ErrBroken
	}
	if err := s.store.Broken(); err != nil && !s.store.ReadOnly() {
		return errors.Join(db.ErrBroken, err)
	}
	return nil
}

// loggedPath is the path of a request for the log: without the secret of a link to
// connect.
func loggedPath(r *http.Request) string {
	if path, ok := strings.CutPrefix(r.URL.Path, auth.ConnectPath); ok && !strings.HasPrefix(path, "garmin/") {
		return auth.ConnectPath + "***"
	}
	return r.URL.Path
}

// keptMeanwhile is what an error of a page does not touch.
const keptMeanwhile = "Nothing that was received is lost: deliveries go on being kept."

// gone is the status, never sent, of a request whose client went away.
const gone = 499

func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	v := ui.ErrorView{Status: http.StatusInternalServerError, What: "Something went wrong on this page.",
		Kept: keptMeanwhile, Next: &ui.Link{Text: "Home", URL: "/"}}
	var own *statusError
	switch {
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		w.WriteHeader(gone)
		return
	case errors.As(err, &own):
		v.Status, v.What, v.Kept = own.status, own.what, ""
		if r.Method == http.MethodPost {
			v.Kept = "Nothing was changed."
		}
	case errors.Is(err, db.ErrLastAdmin):
		v.Status, v.What, v.Kept = http.StatusConflict,
			"This is the last admin who can sign in. Make another account an admin first.", "Nothing was changed."
	case errors.Is(err, query.ErrNotShared):
		v.Status, v.What, v.Kept = http.StatusForbidden, "This person does not share health data with you.",
			"People choose in their settings who sees their data, such as heart rate and sleep."
	case errors.Is(err, db.ErrNotFound):
		v.Status, v.What, v.Kept = http.StatusNotFound, "There is no such page.", ""
	case errors.Is(err, db.ErrFull):
		v.Status, v.What = http.StatusServiceUnavailable, "The disk is full, so nothing can be changed until there is room."
	case errors.Is(err, db.ErrBroken):
		v.Status, v.What = http.StatusServiceUnavailable,
			"garner.db, the database of records, cannot be used."
		v.Kept = keptMeanwhile + " Restart Garner. If this comes again, the file is damaged: " + toRestore
	case errors.Is(err, db.ErrDamaged):
		v.What = "What this page shows is damaged on the disk."
		v.Kept = keptMeanwhile + " Other pages are not affected. To get this back, " + toRestore
	case errors.Is(err, db.ErrBusy):
		v.Status, v.What = http.StatusServiceUnavailable, "The database is busy. Try again in a moment."
	}
	if to, ok := errors.AsType[*leading](err); ok {
		v.Next = &to.next
	}
	if v.Status >= 500 {
		v.ID = rand.Text()[:8]
		s.log.Error("page", "path", loggedPath(r), "id", v.ID, "err", err)
	}
	p := s.signedOut(r, http.StatusText(v.Status))
	p.Account, p.Path = accountOf(r), "/"
	p.SignedOut = p.Account == nil && !s.open(r)
	if v.Status == http.StatusUnauthorized {
		v.Next = &ui.Link{Text: "Sign in", URL: "/signin"}
	}
	templ.Handler(ui.Error(p, v), templ.WithStatus(v.Status)).ServeHTTP(w, r)
}

// NotFound answers a URL that does not exist.
func (s *Site) NotFound(w http.ResponseWriter, r *http.Request) { s.fail(w, r, db.ErrNotFound) }

// MethodNotAllowed answers a method that a URL does not support.
func (s *Site) MethodNotAllowed(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, &statusError{http.StatusMethodNotAllowed, "This address does not take that kind of request."})
}

// CrossOrigin refuses a form that was sent by a page of another site.
func (s *Site) CrossOrigin(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r,
		&statusError{http.StatusForbidden, "Another site asked for this. Open the page here and send its form again."})
}

// LeaveUnread closes the connection with the response. Otherwise the server would
// keep reading an unwanted body, as slowly as its sender likes.
func LeaveUnread(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return // the deadline would end the request itself
	}
	w.Header().Set("Connection", "close")
	// A writer without deadlines has no connection to keep open.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now())
}
