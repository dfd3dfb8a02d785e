// Package servertest is a complete server with files of its own, for tests: pushed
// data is drained when the test asks for it, and pages are read as HTML.
package servertest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"garner/config"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/health/alert"
	"garner/jobs"
	"garner/jobs/notify"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/auth"
)

// Secret is the path secret of the server.
const Secret = "a-secret-for-tests-only"

// Site is a server with files of its own.
type Site struct {
	T      *testing.T
	Inbox  *db.Inbox
	Store  *db.Store
	Drain  *jobs.Drain
	Server *server.Server
	// Handler is the server's, made once.
	Handler http.Handler
	HTTP    *httptest.Server
	// Dir holds the files.
	Dir string

	cookies   []*http.Cookie
	signedOut bool
}

// Password is that of every account of the server.
const Password = "correct horse battery"

// hash is made once: it takes long on purpose.
var hash = sync.OnceValues(func() (string, error) { return auth.NewHasher().Hash(context.Background(), Password) })

// Account adds an account; person is 0 for none.
func (s *Site) Account(name string, role db.Role, person int64) *db.Account {
	s.T.Helper()
	password, err := hash()
	if err != nil {
		s.T.Fatal(err)
	}
	a, err := s.Store.AddAccount(s.T.Context(), time.Now(), db.Account{Name: name, Role: role, Person: person}, password)
	if err != nil {
		s.T.Fatal(err)
	}
	return a
}

// SignOut makes requests without a session from now on.
func (s *Site) SignOut() { s.cookies, s.signedOut = nil, true }

// As makes requests with a session of an account from now on.
func (s *Site) As(name string) {
	s.T.Helper()
	s.SignOut()
	w := s.Form("/signin", url.Values{"name": {name}, "password": {Password}})
	if w.Code != http.StatusSeeOther {
		s.T.Fatalf("%s cannot sign in: %d", name, w.Code)
	}
	s.cookies = w.Result().Cookies()
}

// Session is that of the requests; Use makes requests with it again.
func (s *Site) Session() []*http.Cookie { return s.cookies }

// Use makes requests with a session from now on.
func (s *Site) Use(session []*http.Cookie) { s.cookies, s.signedOut = session, true }

// admit adds the session to a request. Without SignOut and As it is that of an admin.
func (s *Site) admit(r *http.Request) {
	if s.cookies == nil && !s.signedOut {
		s.start(s.Account("admin", db.RoleAdmin, 0))
	}
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
}

// start makes a session of an account as a sign-in does, without checking a password:
// that takes long on purpose, and most tests are about something else.
func (s *Site) start(a *db.Account) {
	s.T.Helper()
	now, ctx := time.Now(), s.T.Context()
	ends := now.Add(time.Hour)
	data, err := scs.GobCodec{}.Encode(ends, map[string]any{"account": a.ID, "since": now.UnixMilli(),
		"seen": now.UnixMilli(), "https": false})
	if err != nil {
		s.T.Fatal(err)
	}
	password, err := s.Store.PasswordHash(ctx, a.ID)
	if err != nil {
		s.T.Fatal(err)
	}
	token := rand.Text()
	hash := auth.HashToken(token)
	if err := s.Store.AddSession(ctx, hash, data, db.Session{Account: a.ID, Created: now, Seen: now, Ends: ends},
		password); err != nil {
		s.T.Fatal(err)
	}
	s.cookies = []*http.Cookie{{Name: "garner", Value: token}}
}

// Client has the session of the site, for requests over the network.
func (s *Site) Client() *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		s.admit(r)
		return s.HTTP.Client().Transport.RoundTrip(r)
	}), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip sends a request.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Limits are those of an inbox that never refuses.
func Limits() db.InboxLimits {
	return db.InboxLimits{QueueRows: 100, QueueBytes: 64 << 20, BacklogRows: 1 << 30, BacklogBytes: 1 << 40}
}

// Open makes a server; change may alter its options.
func Open(t *testing.T, lim db.InboxLimits, change func(*server.Options)) *Site {
	t.Helper()
	dir := t.TempDir()
	in, err := db.OpenInbox(t.Context(), dir, lim, nil)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.OpenStore(t.Context(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s := &Site{T: t, Inbox: in, Store: store, Drain: &jobs.Drain{Inbox: in.InboxReader, Receiving: in, Store: store,
		Log: log, Workers: 1}}
	s.Dir = dir
	files := filestore.In(dir)
	s.Drain.Files = &files
	opts := server.Options{Access: server.Access{Secrets: []string{Secret}, ClientID: "ours",
		Hosts: []string{"garner.example.org"}},
		MaxBody:      4 << 20,
		AnswerWithin: 8 * time.Second, ReadWithin: 30 * time.Second}
	opts.Watch = &watch.Watch{Inbox: in, Store: store, Log: log, Every: time.Minute, DataDir: dir,
		Rules:      alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		Dispatcher: notify.NewDispatcher(&notify.Dispatcher{Store: store, Log: log, Zone: time.UTC, PerHour: 10})}
	opts.Config, opts.Files = config.Default(), files
	if change != nil {
		change(&opts)
	}
	s.Server = server.New(opts, in, store, s.Drain, log)
	s.Handler = s.Server.Handler()
	s.HTTP = httptest.NewServer(s.Handler)
	t.Cleanup(func() {
		s.HTTP.Close()
		if err := errors.Join(in.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Post sends a callback and returns the status.
func (s *Site) Post(path string, body io.Reader, headers ...string) int {
	s.T.Helper()
	req, err := http.NewRequest(http.MethodPost, s.HTTP.URL+path, body)
	if err != nil {
		s.T.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.Do(req)
}

// Do sends a request and returns the status of the answer, redirects included.
func (s *Site) Do(req *http.Request) int {
	s.T.Helper()
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		s.T.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		s.T.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		s.T.Fatal(err)
	}
	return resp.StatusCode
}

// Kept returns all bodies that were kept.
func (s *Site) Kept() (out []string) {
	s.T.Helper()
	list, err := s.Inbox.After(s.T.Context(), 0, 1000, 1<<30)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, d := range list {
		body, err := io.ReadAll(s.Inbox.Body(s.T.Context(), d))
		if err != nil {
			s.T.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

// Add adds a person, linked by a Garmin user id unless that is empty.
func (s *Site) Add(name, userID string) {
	s.T.Helper()
	if _, err := s.Store.AddPerson(s.T.Context(), time.Now(), name, userID, ""); err != nil {
		s.T.Fatal(err)
	}
}

// Run drains the inbox.
func (s *Site) Run() {
	s.T.Helper()
	if err := s.Drain.RunUntilEmpty(s.T.Context()); err != nil {
		s.T.Fatal(err)
	}
}

// Ask sends a request to the handler itself, from loopback and for localhost.
func (s *Site) Ask(method, path string, change func(*http.Request)) *httptest.ResponseRecorder {
	s.T.Helper()
	req := httptest.NewRequest(method, path, nil)
	req.Host, req.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
	if path != "/signin" {
		s.admit(req)
	}
	if change != nil {
		change(req)
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, req)
	return w
}

// Get asks for a page.
func (s *Site) Get(path string) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.Ask(http.MethodGet, path, nil)
}

// Form posts a form as a browser does.
func (s *Site) Form(path string, fields url.Values) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.Ask(http.MethodPost, path, func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	})
}

// Send posts a form as a browser on this site does, and returns the status,
// the redirect's URL, and the page.
func (s *Site) Send(path string, form url.Values) (status int, to, page string) {
	s.T.Helper()
	w := s.Form(path, form)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

// Push takes elements of a type as if Garmin had sent them one by one, in
// this order.
func (s *Site) Push(typ string, elements ...string) {
	s.T.Helper()
	for _, e := range elements {
		body := fmt.Sprintf(`{%q:[{"userId":"u1",%s}]}`, typ, e)
		if _, err := s.Inbox.Put(s.T.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
			s.T.Fatal(err)
		}
	}
	s.Run()
}

// Page returns a page's text.
func (s *Site) Page(path string) string {
	s.T.Helper()
	w := s.Get(path)
	if w.Code != http.StatusOK {
		s.T.Fatalf("%s: %d", path, w.Code)
	}
	return strings.ReplaceAll(w.Body.String(), "\u202f", " ")
}

// MetricOf is the value that the day's table shows of a metric.
func MetricOf(t *testing.T, page, name string) string {
	t.Helper()
	_, row, ok := strings.Cut(page, `data-testid="metric-`+name+`"`)
	if !ok {
		return ""
	}
	_, row, _ = strings.Cut(row, `<td class="n value">`)
	row, _, _ = strings.Cut(row, `</td>`)
	return strings.TrimSpace(Tags.ReplaceAllString(row, ""))
}

// LaneOf is a lane with its sentence and drawing.
func LaneOf(t *testing.T, page, key string) string {
	t.Helper()
	_, lane, ok := strings.Cut(page, `<div class="lane lane-`+key+`"`)
	if !ok {
		t.Fatalf("no lane %s", key)
	}
	lane, _, _ = strings.Cut(lane, `<div class="lane `)
	return lane
}

// TwinOf is the table of a lane.
func TwinOf(t *testing.T, page, key string) string {
	t.Helper()
	_, table, ok := strings.Cut(page, `data-testid="twin-`+key+`"`)
	if !ok {
		t.Fatalf("no table of lane %s", key)
	}
	table, _, _ = strings.Cut(table, `</table>`)
	_, table, _ = strings.Cut(table, ">")
	return strings.Join(strings.Fields(Tags.ReplaceAllString(table, " ")), " ")
}

// Ada opens a server with one person.
func Ada(t *testing.T) *Site {
	t.Helper()
	s := Open(t, Limits(), nil)
	s.Add("Ada", "u1")
	return s
}

// Tags finds HTML tags, to be left out of a page's text.
var Tags = regexp.MustCompile(`<[^>]*>`)

// ADay is a delivery of one daily summary of u1.
const ADay = `{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
	`"startTimeOffsetInSeconds":3600,
	"durationInSeconds":86400,"steps":1234,"restingHeartRateInBeatsPerMinute":50,` +
	`"timeOffsetHeartRateSamples":{"15":60,"30":61}}]}`
