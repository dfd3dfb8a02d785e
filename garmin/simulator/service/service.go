// Package service is the simulated Garmin as an HTTP service: the sign-in page,
// OAuth 2 tokens, the user endpoints, backfill, the addresses that pings
// announce, and the Personal API with its keys, all under one origin. Its people and their data come from a
// simulator.World.
//
// Like the simulator it shares nothing with the code that it tests.
package service

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"garner/garmin/simulator"
)

// Paths of Garmin's sign-in page and token URL, and of a page on which the
// people of a demo change what they share.
const (
	AuthorizePath = "/oauth2Confirm"
	TokenPath     = "/di-oauth2-service/oauth/token"
	AccountPath   = "/account"
)

// apiPath is where the API begins.
const apiPath = "/wellness-api/rest/"

// Config says which Garmin to play.
type Config struct {
	// ClientID and ClientSecret are those of the one registered application.
	ClientID, ClientSecret string
	// Push delivers what Garmin pushes. Deliver and Run call it, one delivery at
	// a time, in order of time.
	Push func(ctx context.Context, d simulator.Delivery) error
	// Since is from when on live syncs are pushed; zero means from New.
	Since time.Time
	// Mode says how each callback key is configured in Garmin's portal; without
	// an entry it is ModePush. The files of activities are always announced by
	// pings.
	Mode map[string]string
	// Origin is where the service is reached, such as http://127.0.0.1:4711. The
	// addresses in pings begin with it.
	Origin string
	// Files makes the file of an activity, in a format such as FIT. Without it no
	// files are announced.
	Files func(person int, activity int64, format string) ([]byte, error)
	// Evaluation gives the limits of an evaluation key: 100 days of data a
	// minute, from 31 days before the connection on. A production key has
	// 10,000 days a minute, and two years.
	Evaluation bool
	// Faults are what goes wrong.
	Faults Faults
	// Seed decides what chance decides.
	Seed uint64
	// Now is the time; nil means time.Now.
	Now func() time.Time
	// AccessLife is how long an access token works; zero means a day, as Garmin's.
	AccessLife time.Duration
	// RefreshGrace is for how long an older refresh token works beside the one
	// that replaced it. Garmin promises nothing, so it is zero.
	RefreshGrace time.Duration
	// AllowBursts lets the Personal API answer any number of calls at once.
	AllowBursts bool
}

// Modes of a callback key.
const (
	ModePush = "push"
	ModePing = "ping"
	// ModeOff sends nothing, and backfill answers 400.
	ModeOff = "off"
)

// Service is one simulated Garmin. It is safe for concurrent use.
type Service struct {
	world  *simulator.World
	people []simulator.Person
	cfg    Config
	mux    *http.ServeMux

	mu      sync.Mutex
	grants  map[int]*grant          // by person
	codes   map[string]consent      // by authorization code
	access  map[string]accessToken  // by access token
	refresh map[string]refreshToken // by refresh token
	uploads map[string]upload       // by the token of their ping
	files   map[string]file         // by the token of their ping
	log     []Request
	waiting []*pending // earliest first
	quota   quota

	keys    map[int]*personalKey // by person
	bearers map[string]bearer    // by token
	calls   []PersonalCall
	burst   burst
	failing int // status of all calls of the Personal API; 0 for none

	arrived atomic.Uint64 // requests, for Faults.Share

	delivering sync.Mutex // held while pushing
	live       time.Time  // until when live syncs wait or have been pushed
}

// New makes the Garmin of a world. It has no connections yet.
func New(world *simulator.World, cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AccessLife == 0 {
		cfg.AccessLife = accessLife
	}
	if cfg.Since.IsZero() {
		cfg.Since = cfg.Now()
	}
	s := &Service{
		world:   world,
		people:  world.People(),
		cfg:     cfg,
		mux:     http.NewServeMux(),
		grants:  map[int]*grant{},
		codes:   map[string]consent{},
		access:  map[string]accessToken{},
		refresh: map[string]refreshToken{},
		uploads: map[string]upload{},
		files:   map[string]file{},
		keys:    map[int]*personalKey{},
		bearers: map[string]bearer{},
		live:    cfg.Since,
	}
	s.handle("GET "+AuthorizePath, s.showConsent)
	s.handle("POST "+AuthorizePath, s.decideConsent)
	s.handle("POST "+TokenPath, s.token)
	s.handle("GET "+AccountPath, s.showAccounts)
	s.handle("POST "+AccountPath, s.changeAccount)
	s.handle("GET "+KeysPath, s.showKeys)
	s.handle("POST "+KeysPath, s.changeKey)
	s.routePersonal()
	s.handle("GET "+apiPath+"user/id", s.signedIn(s.userID))
	s.handle("GET "+apiPath+"user/permissions", s.signedIn(s.userPermissions))
	s.handle("GET "+apiPath+"backfill/{path}", s.signedIn(s.backfill))
	s.handle("GET "+apiPath+"activityFile", s.signedIn(s.activityFile))
	s.handle("GET "+apiPath+"{path}", s.signedIn(s.pull))
	s.handle("DELETE "+apiPath+"user/registration", s.signedIn(s.deleteRegistration))
	return s
}

func (s *Service) handle(pattern string, h func(*answer, *http.Request)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h(w.(*answer), r) })
}

// ServeHTTP plays all of Garmin's hosts.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, f := newAnswer(), s.fault(r)
	s.answer(a, r, f)
	s.record(r, a, f)
	s.send(w, r, a, f)
}

// Request is one request that reached the service. It holds no secrets.
type Request struct {
	Method, Path string
	// Query are the names of the query parameters, sorted.
	Query []string
	// Person is the index of the person with whose token it came, -1 without.
	Person int
	// Status is the answer, sent or lost; 0 where there was none.
	Status int
	Fault  Fault
}

// keptRequests is how many requests the log holds at least.
const keptRequests = 10_000

// record appends a request to the log.
func (s *Service) record(r *http.Request, a *answer, f Fault) {
	var names []string
	for name := range r.URL.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log) >= 2*keptRequests {
		s.log = slices.Delete(s.log, 0, keptRequests)
	}
	s.log = append(s.log, Request{r.Method, r.URL.Path, names, a.person, a.status, f})
}

// Requests lists the requests so far, oldest first; of very many the latest.
func (s *Service) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}
