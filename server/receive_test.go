package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health/alert"
	"garner/jobs"
	"garner/server"
)

const secret = "a-secret-for-tests-only"

// site is a server over files of its own.
type site struct {
	t     *testing.T
	inbox *db.Inbox
	store *db.Store
	drain *jobs.Drain
	srv   *server.Server
	http  *httptest.Server
}

func limits() db.InboxLimits {
	return db.InboxLimits{QueueRows: 100, QueueBytes: 64 << 20, BacklogRows: 1 << 30, BacklogBytes: 1 << 40}
}

func open(t *testing.T, lim db.InboxLimits, change func(*server.Options)) *site {
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
	s := &site{t: t, inbox: in, store: store, drain: &jobs.Drain{Inbox: in.InboxReader, Receiving: in, Store: store,
		Log: log, Workers: 1}}
	opts := server.Options{Secrets: []string{secret}, ClientID: "ours", Hosts: []string{"garner.example.org"},
		MaxBody:      4 << 20,
		AnswerWithin: 8 * time.Second, ReadWithin: 30 * time.Second}
	opts.Watch = &jobs.Watch{Inbox: in, Store: store, Log: log, Every: time.Minute, DataDir: dir,
		Rules:      alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		Dispatcher: jobs.NewDispatcher(jobs.Dispatcher{Store: store, Log: log, Zone: time.UTC, PerHour: 10})}
	if change != nil {
		change(&opts)
	}
	s.srv = server.New(opts, in, store, s.drain, log)
	s.http = httptest.NewServer(s.srv.Handler())
	t.Cleanup(func() {
		s.http.Close()
		if err := errors.Join(in.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// post sends a callback and gives the status.
func (s *site) post(path string, body io.Reader, headers ...string) int {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.http.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.do(req)
}

func (s *site) do(req *http.Request) int {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		s.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode
}

// kept gives all bodies that were kept.
func (s *site) kept() (out []string) {
	s.t.Helper()
	list, err := s.inbox.After(s.t.Context(), 0, 1000, 1<<30)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range list {
		body, err := io.ReadAll(s.inbox.Body(s.t.Context(), d))
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

func TestWhateverArrivesWholeUnderTheRightSecretIsKeptByteForByte(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(`{"dailies":[]}`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bodies := []string{"", "{}", "null", "not JSON", "\ufeff{}", zipped.String(), strings.Repeat("x", db.ChunkSize),
		strings.Repeat("y", db.ChunkSize+1), strings.Repeat("z", 3<<20)}
	for _, body := range bodies {
		if status := s.post("/garmin/"+secret+"/dailies", strings.NewReader(body), "Content-Type",
			"text/plain"); status != http.StatusOK {
			t.Errorf("%.20q: %d", body, status)
		}
	}
	if status := s.post("/garmin/"+secret,
		struct{ io.Reader }{strings.NewReader("chunked, no type in the path")}); status != http.StatusOK {
		t.Errorf("chunked: %d", status)
	}
	got := s.kept()
	for i, want := range append(bodies, "chunked, no type in the path") {
		if i >= len(got) || got[i] != want {
			t.Errorf("body %d came back changed", i)
		}
	}
}

func TestAWrongSecretIsAsAnyUnknownPathAndItsBodyStaysUnread(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	for _, path := range []string{"/garmin/wrong/dailies", "/garmin/" + secret + "x/dailies", "/garmin/" + secret[1:],
		"/nothing/here"} {
		r, w := io.Pipe() // a body that never comes would hang whoever reads it
		status := s.post(path, r)
		if err := w.CloseWithError(errors.New("not read")); err != nil {
			t.Fatal(err)
		}
		if status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if got := s.kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestTheAnswerToAWrongSecretGivesNothingAway(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	var answers []string
	for _, path := range []string{"/garmin/wrong/dailies", "/nothing/here"} {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader("{}"))
		req.Host = "localhost"
		w := httptest.NewRecorder()
		s.srv.Handler().ServeHTTP(w, req)
		answers = append(answers, fmt.Sprint(w.Code, w.Header(), len(w.Body.String())))
	}
	if answers[0] != answers[1] {
		t.Errorf("a wrong secret and an unknown path are told apart:\n%s\n%s", answers[0], answers[1])
	}
}

func TestOtherMethodsAreRefusedUnderTheRightSecretOnly(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete,
		http.MethodOptions} {
		for path, want := range map[string]int{"/garmin/" + secret + "/dailies": http.StatusMethodNotAllowed,
			"/garmin/wrong/dailies": http.StatusNotFound} {
			req, err := http.NewRequest(method, s.http.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if status := s.do(req); status != want {
				t.Errorf("%s %s: %d, want %d", method, path, status, want)
			}
		}
	}
}

func TestABodyOverTheLimitIsRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	for name, body := range map[string]io.Reader{
		"with its length": bytes.NewReader(make([]byte, 4<<20+1)),
		"in chunks":       struct{ io.Reader }{bytes.NewReader(make([]byte, 4<<20+1))}} {
		req, err := http.NewRequest(http.MethodPost, s.http.URL+"/garmin/"+secret+"/dailies", body)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			continue // the server may close before all was sent
		}
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %s", name, resp.Status)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := s.kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestABodyThatDoesNotArriveWholeIsNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), func(o *server.Options) { o.ReadWithin = 200 * time.Millisecond })
	for name, sent := range map[string]string{
		"short":    "Content-Length: 100\r\n\r\n{\"dailies\":[",
		"chunks":   "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"no end":   "Transfer-Encoding: chunked\r\n\r\nffffff\r\nx",
		"too long": "Content-Length: 99999999999\r\n\r\nx",
	} {
		conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\n%s", secret,
			sent); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn) // ends once the slow sender is cut
		if err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(string(answer), " 200 ") {
			t.Errorf("%s was answered 200", name)
		}
		conn.Close()
	}
	if got := s.kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept: %q", len(got), got)
	}
}

func TestWhatCannotBeMadeDurableIsAnswered503(t *testing.T) {
	t.Parallel()
	full := limits()
	full.MinFree = 1 << 60
	behind := limits()
	behind.BacklogRows = 0
	for name, lim := range map[string]db.InboxLimits{"no room on the disk": full, "a backlog at its limit": behind} {
		s := open(t, lim, nil)
		for _, size := range []int{10, 2 << 20} {
			if status := s.post("/garmin/"+secret+"/dailies", bytes.NewReader(make([]byte,
				size))); status != http.StatusServiceUnavailable {
				t.Errorf("%s, %d bytes: %d", name, size, status)
			}
		}
	}
	late := open(t, limits(), func(o *server.Options) { o.AnswerWithin = time.Nanosecond })
	if status := late.post("/garmin/"+secret+"/dailies",
		strings.NewReader("{}")); status != http.StatusServiceUnavailable {
		t.Errorf("past its deadline: %d", status)
	}
}

func TestTheClientIDIsComparedByValue(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	want := []db.Client{db.ClientRight, db.ClientRight, db.ClientMissing, db.ClientWrong}
	for _, headers := range [][]string{{"garmin-client-id", "ours"}, {"x-garmin-client-id", "ours"}, nil,
		{"garmin-client-id", "anything"}} {
		if status := s.post("/garmin/"+secret+"/dailies", strings.NewReader("{}"), headers...); status != http.StatusOK {
			t.Errorf("%v: %d", headers, status)
		}
	}
	list, err := s.inbox.After(t.Context(), 0, 10, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range list {
		if d.Client != want[i] {
			t.Errorf("delivery %d: %d, want %d", i, d.Client, want[i])
		}
	}
}

func TestOnlyLoopbackAndOurOwnNameAreAnswered(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	for host, want := range map[string][2]int{ // pages, callbacks
		"localhost": {200, 200}, "127.0.0.1:8080": {200, 200}, "[::1]:8080": {200, 200},
		"garner.example.org": {403, 200}, "GARNER.example.org:443": {403, 200},
		"evil.example": {421, 421}, "192.168.1.5": {421, 421}, "": {421, 421},
	} {
		for i, method := range []string{http.MethodGet, http.MethodPost} {
			path := []string{"/", "/garmin/" + secret + "/dailies"}[i]
			req := httptest.NewRequest(method, path, strings.NewReader("{}"))
			req.Host = host
			w := httptest.NewRecorder()
			s.srv.Handler().ServeHTTP(w, req)
			if w.Code != want[i] {
				t.Errorf("host %q, %s: %d, want %d", host, path, w.Code, want[i])
			}
		}
	}
}

func TestACallbackInFlightIsAnsweredWhileTheServerStops(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.srv.Serve(ctx, l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn,
		"POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
		secret); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64)
	if n, err := conn.Read(buf); err != nil || !strings.Contains(string(buf[:n]), "100") { // the handler is reading
		t.Fatalf("%q, %v", buf[:n], err)
	}
	stop()
	if _, err := conn.Write([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.Contains(string(answer), "200 OK") {
		t.Errorf("%q, %v", answer, err)
	}
	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Serve: %v", err)
	}
	if got := s.kept(); len(got) != 1 {
		t.Errorf("%d bodies were kept", len(got))
	}
}
