package connect

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/client"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/jobs"
	"garner/jobs/jobstest"
)

var everything = []string{service.ActivityExport, service.HealthExport, service.HistoricalExport, service.MCTExport}

// fault is what happens to the answer to a request.
type fault int

const (
	none   fault = iota
	lost         // it is carried out, and the connection is cut before the answer
	broken       // it is not carried out: 500
)

// site is a box with two people, beside a simulated Garmin over HTTP.
type site struct {
	*jobstest.Box
	garmin *service.Service
	Keeper *Keeper
	// fault decides what happens to requests.
	fault atomic.Pointer[func(*http.Request) fault]

	pushed []simulator.Delivery
	users  []string
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{Box: jobstest.Open(t)}
	s.Store.UseKeys(seal.File(filepath.Join(s.Dir, "keys")))
	world := simulator.New(simulator.Config{Seed: 1, People: 2, Days: 3, Until: time.Now(), Faults: &simulator.Faults{}})
	s.garmin = service.New(world, service.Config{ClientID: "the-client", ClientSecret: "the-secret",
		Push: func(_ context.Context, d simulator.Delivery) error {
			s.pushed = append(s.pushed, d)
			return nil
		}})
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	for _, p := range world.People() {
		s.users = append(s.users, p.UserID)
		s.Add(p.Name, p.UserID, "")
	}
	c, err := client.New(client.Config{ClientID: "the-client", ClientSecret: "the-secret",
		AuthorizeURL: server.URL + service.AuthorizePath, TokenURL: server.URL + service.TokenPath, APIOrigin: server.URL},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.Keeper = &Keeper{Store: s.Store, Garmin: func() *client.Client { return c }, Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { s.Keeper.Close() })
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	what := none
	if f := s.fault.Load(); f != nil {
		what = (*f)(r)
	}
	switch what {
	case broken:
		w.WriteHeader(http.StatusInternalServerError)
	case lost:
		s.garmin.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		s.garmin.ServeHTTP(w, r)
	}
}

// fails sets what happens to requests of a path, or to none if it is empty.
func (s *site) fails(path string, what fault) {
	f := func(r *http.Request) fault {
		if path != "" && strings.HasSuffix(r.URL.Path, path) {
			return what
		}
		return none
	}
	s.fault.Store(&f)
}

// connect connects a person, with an access token that lasts so long.
func (s *site) connect(person int, lasts time.Duration, permissions ...string) int64 {
	s.T.Helper()
	g := s.garmin.Connect(person, permissions...)
	id, err := s.Store.AddConnection(s.T.Context(), time.Now(), int64(person+1), g.UserID, db.Tokens{Access: g.AccessToken,
		Refresh: g.RefreshToken, AccessEnds: time.Now().Add(lasts), RefreshEnds: g.RefreshExpires}, permissions)
	if err != nil {
		s.T.Fatal(err)
	}
	return id
}

func (s *site) connection(id int64) *db.Connection {
	s.T.Helper()
	c, err := s.Store.Connection(s.T.Context(), id)
	if err != nil {
		s.T.Fatal(err)
	}
	return c
}

// calls counts requests of a path that the simulated Garmin has carried out.
func (s *site) calls(path string) (n int) {
	for _, r := range s.garmin.Requests() {
		if strings.HasSuffix(r.Path, path) {
			n++
		}
	}
	return n
}

// receive puts deliveries into the inbox and processes them.
func (s *site) receive(list ...simulator.Delivery) {
	s.T.Helper()
	for _, d := range list {
		s.Arrive(db.Arrival{Received: time.Now()}, string(d.Body))
	}
	drain := &jobs.Drain{Inbox: s.Inbox.InboxReader, Store: s.Store, Log: slog.New(slog.DiscardHandler), Workers: 1}
	if err := drain.RunUntilEmpty(s.T.Context()); err != nil {
		s.T.Fatal(err)
	}
}

// notices processes what Garmin pushes by now about a person's connection.
func (s *site) notices() {
	s.T.Helper()
	s.pushed = nil
	if err := s.garmin.Deliver(s.T.Context(), time.Now()); err != nil {
		s.T.Fatal(err)
	}
	var list []simulator.Delivery
	for _, d := range s.pushed {
		if t, ok := garmin.Lookup(d.Type); ok && t.Notice {
			list = append(list, d)
		}
	}
	s.receive(list...)
}

func (s *site) confirm(now time.Time) {
	s.T.Helper()
	f := &Confirmer{Keeper: s.Keeper, Store: s.Store, Garmin: s.Keeper.Garmin, Log: s.Keeper.Log}
	if err := f.confirm(s.T.Context(), now); err != nil {
		s.T.Fatal(err)
	}
}

// verdicts are those of a person's notices, the newest first.
func (s *site) verdicts(person int64) (out []db.Verdict) {
	s.T.Helper()
	all, err := s.Store.Notices(s.T.Context())
	if err != nil {
		s.T.Fatal(err)
	}
	for _, n := range all[person] {
		out = append(out, n.Verdict)
	}
	return out
}
