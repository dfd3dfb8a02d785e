package personal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin/client"
	"garner/garmin/personal"
	"garner/health"
)

// Secrets, by words that no other text has.
const (
	key    = "GCDC_CNRY-key+/=,CNRY"
	secret = "CNRY-bearer.eyJ.x"
)

var bearer = personal.Bearer{Token: secret, Ends: time.Unix(1<<40, 0)}

// connect makes a client of a stand-in for Garmin.
func connect(t *testing.T, garmin http.HandlerFunc) *personal.Client {
	t.Helper()
	srv := httptest.NewServer(garmin)
	t.Cleanup(srv.Close)
	return clientOf(t, srv.URL, slog.New(slog.DiscardHandler))
}

func clientOf(t *testing.T, origin string, log *slog.Logger) *personal.Client {
	t.Helper()
	c, err := personal.New(origin, personal.Limits{PerSecond: 1_000_000, Parallel: 2}, log)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// saying answers every request the same.
func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func day(t *testing.T, text string) health.Day {
	t.Helper()
	d, err := health.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// request asks for what the endpoint's shape is about.
func request(t *testing.T, key string) personal.Request {
	t.Helper()
	r := personal.Request{Endpoint: personal.Lookup(key)}
	switch r.Endpoint.Shape {
	case personal.Day:
		r.From, r.To = day(t, "2026-11-25"), day(t, "2026-11-25")
	case personal.Range, personal.Listed:
		r.From, r.To = day(t, "2026-11-20"), day(t, "2026-11-25")
	case personal.Activity:
		r.Activity = 21_000_000_001
	}
	return r
}

func TestEachEndpointIsCalledAsTheTableSays(t *testing.T) {
	t.Parallel()
	asked := ""
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.String()
		if r.Header.Get("Authorization") != "Bearer "+secret || !strings.HasPrefix(r.UserAgent(), "Garner/") {
			t.Errorf("header %v", r.Header)
		}
		w.Header().Set("Content-Type", "Application/JSON; charset=utf-8")
		fmt.Fprint(w, "[]")
	})
	for _, e := range personal.Endpoints {
		reply, err := c.Get(t.Context(), bearer, request(t, e.Key))
		if err != nil || reply.Status != 200 || string(reply.Body) != "[]" || reply.ContentType != "application/json" {
			t.Errorf("%s: %+v, %v", e.Key, reply, err)
		}
		if "GET "+reply.Path != asked || strings.ContainsAny(asked, "{}") {
			t.Errorf("%s asks %s and reports %s", e.Key, asked, reply.Path)
		}
	}
	for key, want := range map[string]string{
		"settings":     "GET /userprofile-service/userprofile/settings",
		"daySummary":   "GET /usersummary-service/usersummary/daily?calendarDate=2026-11-25",
		"steps":        "GET /usersummary-service/stats/steps/daily/2026-11-20/2026-11-25",
		"weights":      "GET /weight-service/weight/range/2026-11-20/2026-11-25?includeAll=true",
		"activity":     "GET /activity-service/activity/21000000001",
		"activityFile": "GET /download-service/files/activity/21000000001",
	} {
		if _, err := c.Get(t.Context(), bearer, request(t, key)); err != nil || asked != want {
			t.Errorf("%s: %s, want %s (%v)", key, asked, want, err)
		}
	}
	r := request(t, "activities")
	r.Start = 100
	want := "GET /activitylist-service/activities/search/activities?startDate=2026-11-20&endDate=2026-11-25&start=100&limit=50"
	if _, err := c.Get(t.Context(), bearer, r); err != nil || asked != want {
		t.Errorf("%s\nwant %s (%v)", asked, want, err)
	}
}

func TestRequestsThatAreNotOfTheEndpointsShapeAreNotSent(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := connect(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	for name, change := range map[string]struct {
		key string
		of  func(*personal.Request)
	}{
		"no endpoint":        {"sleep", func(r *personal.Request) { r.Endpoint = nil }},
		"a day of two":       {"sleep", func(r *personal.Request) { r.To++ }},
		"a day without date": {"sleep", func(r *personal.Request) { r.From, r.To = 0, 0 }},
		"a day of one":       {"sleep", func(r *personal.Request) { r.Activity = 1 }},
		"backwards":          {"steps", func(r *personal.Request) { r.To = r.From - 1 }},
		"too many days":      {"steps", func(r *personal.Request) { r.To = r.From + 28 }},
		"before 1970":        {"steps", func(r *personal.Request) { r.From, r.To = -1, 1 }},
		"after 9999":         {"steps", func(r *personal.Request) { r.From, r.To = 2_932_890, 2_932_897 }},
		"the end of days":    {"steps", func(r *personal.Request) { r.From, r.To = -1<<31, 1<<31-1 }},
		"a page of days":     {"steps", func(r *personal.Request) { r.Start = 50 }},
		"before the list":    {"activities", func(r *personal.Request) { r.Start = -50 }},
		"no activity":        {"activity", func(r *personal.Request) { r.Activity = 0 }},
		"a negative one":     {"activity", func(r *personal.Request) { r.Activity = -1 }},
		"a dated activity":   {"activity", func(r *personal.Request) { r.From, r.To = 1, 1 }},
		"dated settings":     {"settings", func(r *personal.Request) { r.From, r.To = 1, 1 }},
		"settings of one":    {"settings", func(r *personal.Request) { r.Activity = -1 }},
	} {
		r := request(t, change.key)
		change.of(&r)
		if _, err := c.Get(t.Context(), bearer, r); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("%d calls were made", calls.Load())
	}
}

func TestWhatGarminDoesNotHaveIsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 404} {
		body := map[int]string{404: `{"message":"not found"}`}[status]
		c := connect(t, saying(status, body))
		reply, err := c.Get(t.Context(), bearer, request(t, "hrv"))
		if err != nil || reply.Status != status || len(reply.Body) != 0 || reply.Path != "/hrv-service/hrv/2026-11-25" {
			t.Errorf("%d: %+v, %v", status, reply, err)
		}
	}
}

func TestRefusedBearersAreToldFromOtherErrors(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 400, 401, 403, 410, 429, 500, 503} {
		c := connect(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "14")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		_, err := c.Get(t.Context(), bearer, request(t, "sleep"))
		var answered *client.StatusError
		if !errors.As(err, &answered) || answered.Status != status {
			t.Errorf("%d: %v", status, err)
			continue
		}
		if got, want := errors.Is(err, personal.ErrBearerRefused), status == 401 || status == 403; got != want {
			t.Errorf("%d: the bearer is refused: %t", status, got)
		}
		if got, want := answered.RetryAfter == 14*time.Second, status == 429 || status == 503; got != want {
			t.Errorf("%d: to call again after %s", status, answered.RetryAfter)
		}
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	t.Cleanup(other.Close)
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	_, errGet := c.Get(t.Context(), bearer, request(t, "sleep"))
	_, errKey := c.Exchange(t.Context(), key)
	if errGet == nil || errKey == nil || stolen.Load() != 0 {
		t.Errorf("%v, %v, and %d calls elsewhere", errGet, errKey, stolen.Load())
	}
}

// endless sends until the client hangs up.
func endless(w http.ResponseWriter, _ *http.Request) {
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = ' '
	}
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func TestBodiesWithoutAnEndAreCutOff(t *testing.T) {
	t.Parallel()
	c := connect(t, endless)
	if _, err := c.Get(t.Context(), bearer, request(t, "sleep")); !errors.Is(err, client.ErrTooLarge) ||
		!strings.Contains(err.Error(), "8388608") {
		t.Errorf("an answer: %v", err)
	}
	if _, err := c.Get(t.Context(), bearer, request(t, "activityFile")); !errors.Is(err, client.ErrTooLarge) ||
		!strings.Contains(err.Error(), "16777216") {
		t.Errorf("a file: %v", err)
	}
	if _, err := c.Exchange(t.Context(), key); !errors.Is(err, client.ErrTooLarge) {
		t.Errorf("a token: %v", err)
	}
}

func TestAFileComesAsItIs(t *testing.T) {
	t.Parallel()
	c := connect(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-zip-compressed")
		fmt.Fprint(w, "PK\x03\x04\x00\xff")
	})
	reply, err := c.Get(t.Context(), bearer, request(t, "activityFile"))
	if err != nil || string(reply.Body) != "PK\x03\x04\x00\xff" || reply.ContentType != "application/x-zip-compressed" {
		t.Errorf("%+v, %v", reply, err)
	}
}

// Garmin refused twelve calls at once.
func TestNoMoreThanTheAllowedCallsAreUnderWay(t *testing.T) {
	t.Parallel()
	arrived, answer := make(chan struct{}, 3), make(chan struct{})
	c := connect(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-answer
	})
	r, errs := request(t, "sleep"), make(chan error)
	for range 2 {
		go func() {
			_, err := c.Get(t.Context(), bearer, r)
			errs <- err
		}()
	}
	<-arrived
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, bearer, r); !errors.Is(err, context.DeadlineExceeded) || client.MaybeSent(err) {
		t.Errorf("a third call beside two: %v", err)
	}
	close(answer)
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestCallsComeNoFasterThanAllowed(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(saying(200, "{}"))
	t.Cleanup(srv.Close)
	c, err := personal.New(srv.URL, personal.Limits{PerSecond: 10, Parallel: 2}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for range 4 {
		if _, err := c.Get(t.Context(), bearer, request(t, "sleep")); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took < 290*time.Millisecond {
		t.Errorf("four calls at ten a second took %s", took)
	}
}

func TestAddressesOfThePersonalAPIAreOrigins(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	for _, bad := range []string{"", "garmin", "http://personal.example.org", "https://u:p@a.example", "https://a.example/x",
		"https://a.example?a", "http://10.0.0.1"} {
		if _, err := personal.New(bad, personal.Limits{PerSecond: 2, Parallel: 2}, log); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	for _, bad := range []personal.Limits{{PerSecond: 0, Parallel: 2}, {PerSecond: 2, Parallel: 0}} {
		if _, err := personal.New("https://a.example", bad, log); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
	if _, err := personal.New("https://a.example/", personal.Limits{PerSecond: 2, Parallel: 2}, log); err != nil {
		t.Error(err)
	}
}

// echo repeats what it was sent, as some servers do in errors.
func echo(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		authorization := r.Header.Get("Authorization")
		_, value, _ := strings.Cut(authorization, " ")
		w.WriteHeader(status)
		text, err := json.Marshal(map[string]string{"message": "refused " + value + " of " + authorization})
		if err != nil {
			panic(err)
		}
		if _, err := w.Write(text); err != nil {
			return
		}
	}
}

func TestNoTextHasAKeyOrABearer(t *testing.T) {
	t.Parallel()
	var texts strings.Builder
	log := slog.New(slog.NewTextHandler(&texts, nil))
	note := func(values ...any) {
		for _, v := range values {
			fmt.Fprintf(&texts, "%v %+v %#v %s\n", v, v, v, v)
		}
	}
	hangUp := func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(conn, "HTTP/1.1 %s\r\n", r.Header.Get("Authorization"))
		conn.Close()
	}
	handlers := []http.HandlerFunc{hangUp, saying(200, "<html>"+key+secret)}
	for _, status := range []int{302, 400, 401, 403, 404, 429, 500} {
		handlers = append(handlers, echo(status))
	}
	for _, handler := range handlers {
		srv := httptest.NewServer(handler)
		c := clientOf(t, srv.URL, log)
		for i := range 7 { // until the circuit opens
			_, err := c.Get(t.Context(), bearer, request(t, "sleep"))
			note(err)
			_, err = c.Exchange(t.Context(), key)
			if err == nil && i == 0 {
				t.Error("an exchange that cannot be is accepted")
			}
			note(err)
		}
		srv.Close()
		_, err := clientOf(t, srv.URL, log).Exchange(t.Context(), key)
		note(err, c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := connect(t, echo(200)).Exchange(ctx, key)
	note(err)
	log.Info("a bearer", "bearer", bearer, "pointer", &bearer)
	note(bearer, &bearer, struct{ B personal.Bearer }{bearer})
	text, err := json.Marshal(bearer)
	note(string(text), err)
	for _, bad := range []string{"CNRY key in two", strings.Repeat("CNRY", 1000), "CNRY-kéy-of-letters"} {
		_, err = personal.CleanKey(bad)
		note(err)
	}
	if strings.Contains(texts.String(), "CNRY") {
		t.Errorf("a text has a secret:\n%s", texts.String())
	}
	if !strings.Contains(texts.String(), "***") || !strings.Contains(texts.String(), "circuit") {
		t.Error("the test sees no text of a server or of the log")
	}
}

func TestAnUnreachableServerIsNeitherARefusalNorAStatus(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	c := clientOf(t, srv.URL, slog.New(slog.DiscardHandler))
	_, errKey := c.Exchange(t.Context(), key)
	_, errGet := c.Get(t.Context(), bearer, request(t, "sleep"))
	for _, err := range []error{errKey, errGet} {
		var status *client.StatusError
		if err == nil || errors.As(err, &status) || errors.Is(err, personal.ErrKeyRefused) ||
			errors.Is(err, personal.ErrBearerRefused) || client.MaybeSent(err) {
			t.Errorf("%v", err)
		}
	}
}
