package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/health/history"
	"garner/query"
	"garner/server/auth"
)

// Prefix begins the paths of the API.
const Prefix = "/api/v1/"

// Options are what the API is made with.
type Options struct {
	// Store is nil if garner.db is broken.
	Store *db.Store
	// Auth knows the tokens; nil if garner.db is broken.
	Auth *auth.Auth
	// Admits reports whether a request is from a reader of the pages, who may read the
	// document about the API.
	Admits func(*http.Request) bool
	Inbox  *db.InboxReader
	// Watch is the watch over silence; nil if there is none.
	Watch query.Watch
	// History limits what can be asked of Garmin again.
	History history.Limits
	Log     *slog.Logger
}

// API answers the requests of programs.
type API struct {
	Options
	roster query.Roster
	gate   *gate
}

// New makes the API.
func New(opts Options) *API { return &API{Options: opts, gate: newGate()} }

// Handler answers what is below Prefix.
func (a *API) Handler() http.Handler {
	r := mux.NewRouter().SkipClean(true)
	for _, route := range Routes() {
		r.Handle(Prefix+route.Path, a.handle(route)).Methods(http.MethodGet, http.MethodHead)
	}
	r.NotFoundHandler = a.refuse(errNoAddress)
	r.MethodNotAllowedHandler = a.refuse(errMethod)
	return compressed(r)
}

func (a *API) refuse(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if errors.Is(err, errMethod) {
			w.Header().Set("Allow", "GET, HEAD")
		}
		a.fail(w, r, err)
	})
}

// request is a request that its token allows.
type request struct {
	*http.Request
	api   *API
	query *query.Reader
	token db.APIToken
	// params are the parameters of the query: each once, all known.
	params url.Values
}

func (a *API) handle(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, sent, err := a.ask(route, r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		defer sent()
		a.send(w, r, body)
	})
}

// ask checks the token of a request and returns its answer as JSON, and what to call when
// it is sent. A request without a token that works neither waits nor makes others wait.
func (a *API) ask(route Route, r *http.Request) (body []byte, sent func(), err error) {
	token, viewer, err := a.admit(route, r)
	if err != nil {
		return nil, nil, err
	}
	params, err := parse(r, route.params)
	if err != nil {
		return nil, nil, err
	}
	return a.gate.answer(r.Context(), token.ID, func() ([]byte, error) {
		reader := &query.Reader{Viewer: viewer, Store: a.Store, Inbox: a.Inbox, Watch: a.Watch, Roster: &a.roster,
			History: a.History, Now: time.Now()}
		return answer(route, &request{r, a, reader, token, params})
	})
}

// answer is the answer of a route as JSON. A panic becomes an error.
func answer(route Route, r *request) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	value, err := route.answer(r)
	if err != nil {
		return nil, err
	}
	return encode(value)
}
