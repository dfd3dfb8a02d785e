package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server"
	"garner/server/servertest"
)

func TestWhateverArrivesWholeUnderTheRightSecretIsKeptByteForByte(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
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
		if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(body), "Content-Type",
			"text/plain"); status != http.StatusOK {
			t.Errorf("%.20q: %d", body, status)
		}
	}
	if status := s.Post("/garmin/"+servertest.Secret,
		struct{ io.Reader }{strings.NewReader("chunked, no type in the path")}); status != http.StatusOK {
		t.Errorf("chunked: %d", status)
	}
	got := s.Kept()
	for i, want := range append(bodies, "chunked, no type in the path") {
		if i >= len(got) || got[i] != want {
			t.Errorf("body %d came back changed", i)
		}
	}
}

func TestAWrongSecretIsAsAnyUnknownPathAndItsBodyStaysUnread(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, path := range []string{"/garmin/wrong/dailies", "/garmin/" + servertest.Secret + "x/dailies", "/garmin/" + servertest.Secret[1:],
		"/nothing/here"} {
		r, w := io.Pipe() // a body that never comes would block any reader
		status := s.Post(path, r)
		if err := w.CloseWithError(errors.New("not read")); err != nil {
			t.Fatal(err)
		}
		if status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if got := s.Kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestTheAnswerToAWrongSecretGivesNothingAway(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	var answers []string
	for _, path := range []string{"/garmin/wrong/dailies", "/nothing/here"} {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader("{}"))
		req.Host, req.RemoteAddr = "localhost", "127.0.0.1:5000"
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, req)
		answers = append(answers, fmt.Sprint(w.Code, w.Header(), len(w.Body.String())))
	}
	if answers[0] != answers[1] {
		t.Errorf("a wrong servertest.Secret and an unknown path are told apart:\n%s\n%s", answers[0], answers[1])
	}
}

func TestOtherMethodsAreRefusedUnderTheRightSecretOnly(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete,
		http.MethodOptions} {
		for path, want := range map[string]int{"/garmin/" + servertest.Secret + "/dailies": http.StatusMethodNotAllowed,
			"/garmin/wrong/dailies": http.StatusNotFound} {
			req, err := http.NewRequest(method, s.HTTP.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if status := s.Do(req); status != want {
				t.Errorf("%s %s: %d, want %d", method, path, status, want)
			}
		}
	}
}

func TestABodyOverTheLimitIsRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for name, body := range map[string]io.Reader{
		"with its length": bytes.NewReader(make([]byte, 4<<20+1)),
		"in chunks":       struct{ io.Reader }{bytes.NewReader(make([]byte, 4<<20+1))}} {
		req, err := http.NewRequest(http.MethodPost, s.HTTP.URL+"/garmin/"+servertest.Secret+"/dailies", body)
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
	if got := s.Kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestABodyThatDoesNotArriveWholeIsNotKept(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.ReadWithin = 200 * time.Millisecond })
	for name, sent := range map[string]string{
		"short":    "Content-Length: 100\r\n\r\n{\"dailies\":[",
		"chunks":   "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"no end":   "Transfer-Encoding: chunked\r\n\r\nffffff\r\nx",
		"too long": "Content-Length: 99999999999\r\n\r\nx",
	} {
		conn, err := net.Dial("tcp", s.HTTP.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\n%s", servertest.Secret,
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
	if got := s.Kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept: %q", len(got), got)
	}
}

func TestWhatCannotBeMadeDurableIsAnswered503(t *testing.T) {
	t.Parallel()
	full := servertest.Limits()
	full.MinFree = 1 << 60
	behind := servertest.Limits()
	behind.BacklogRows = 0
	for name, lim := range map[string]db.InboxLimits{"no room on the disk": full, "a backlog at its limit": behind} {
		s := servertest.Open(t, lim, nil)
		for _, size := range []int{10, 2 << 20} {
			if status := s.Post("/garmin/"+servertest.Secret+"/dailies", bytes.NewReader(make([]byte,
				size))); status != http.StatusServiceUnavailable {
				t.Errorf("%s, %d bytes: %d", name, size, status)
			}
		}
	}
	late := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.AnswerWithin = time.Nanosecond })
	if status := late.Post("/garmin/"+servertest.Secret+"/dailies",
		strings.NewReader("{}")); status != http.StatusServiceUnavailable {
		t.Errorf("past its deadline: %d", status)
	}
}

func TestTheClientIDIsComparedByValue(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	want := []db.Client{db.ClientRight, db.ClientRight, db.ClientMissing, db.ClientWrong}
	for _, headers := range [][]string{{"garmin-client-id", "ours"}, {"x-garmin-client-id", "ours"}, nil,
		{"garmin-client-id", "anything"}} {
		if status := s.Post(
			"/garmin/"+servertest.Secret+"/dailies",
			strings.NewReader("{}"),
			headers...); status != http.StatusOK {
			t.Errorf("%v: %d", headers, status)
		}
	}
	list, err := s.Inbox.After(t.Context(), 0, 10, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range list {
		if d.Client != want[i] {
			t.Errorf("delivery %d: %d, want %d", i, d.Client, want[i])
		}
	}
}

func TestOnlyNamesOfPrivateNetworksAndOurOwnAreAnswered(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for host, want := range map[string][2]int{ // pages, callbacks
		"localhost": {303, 200}, "127.0.0.1:8080": {303, 200}, "[::1]:8080": {303, 200},
		"garner.example.org": {403, 200}, "GARNER.example.org:443": {403, 200},
		"192.168.1.5": {303, 200}, "evil.example": {421, 421}, "8.8.8.8": {421, 421}, "": {421, 421},
	} {
		for i, method := range []string{http.MethodGet, http.MethodPost} {
			path := []string{"/", "/garmin/" + servertest.Secret + "/dailies"}[i]
			req := httptest.NewRequest(method, path, strings.NewReader("{}"))
			req.Host, req.RemoteAddr = host, "127.0.0.1:5000"
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, req)
			if w.Code != want[i] {
				t.Errorf("host %q, %s: %d, want %d", host, path, w.Code, want[i])
			}
		}
	}
}

func TestACallbackInFlightIsAnsweredWhileTheServerStops(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Serve(ctx, server.Listeners{Plain: l}) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn,
		"POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
		servertest.Secret); err != nil {
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
	if got := s.Kept(); len(got) != 1 {
		t.Errorf("%d bodies were kept", len(got))
	}
}
