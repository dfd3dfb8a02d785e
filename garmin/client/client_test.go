package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin"
	"garner/garmin/client"
)

// Secrets, by words that no other text has.
const (
	clientSecret = "CANARY-client-secret"
	access       = "CANARY-access-token"
	refresh      = "CANARY-refresh-token"
	code         = "CANARY-code"
	verifier     = "CANARY-verifier-0123456789012345678901234567"
	urlToken     = "CANARY-url/token"
	redirect     = "https://garner.example/connect/garmin/callback"
)

// connect makes a client of a stand-in for all of Garmin.
func connect(t *testing.T, garmin http.HandlerFunc) *client.Client {
	t.Helper()
	srv := httptest.NewServer(garmin)
	t.Cleanup(srv.Close)
	return clientOf(t, srv.URL, slog.New(slog.DiscardHandler))
}

func clientOf(t *testing.T, origin string, log *slog.Logger) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{ClientID: "id", ClientSecret: clientSecret, AuthorizeURL: origin + "/oauth2Confirm",
		TokenURL: origin + "/token", APIOrigin: origin}, log)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// saying answers every request the same.
func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

var target = client.Target{Path: "/wellness-api/rest/dailies", Query: "token=" + urlToken}

// statusOf is the status of a StatusError, else 0.
func statusOf(err error) int {
	var status *client.StatusError
	if errors.As(err, &status) {
		return status.Status
	}
	return 0
}

func TestSignInHasAStateAndAChallengeAndTheAddressToReturnTo(t *testing.T) {
	t.Parallel()
	c := connect(t, nil)
	u, err := url.Parse(c.SignInURL(redirect, "the-state", verifier))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(verifier))
	want := url.Values{"response_type": {"code"}, "client_id": {"id"}, "redirect_uri": {redirect}, "state": {"the-state"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
	if u.Path != "/oauth2Confirm" || u.RawQuery != want.Encode() {
		t.Errorf("%s\nwant %s", u, want.Encode())
	}
}

func TestTokensAreExchangedAndRotated(t *testing.T) {
	t.Parallel()
	var forms []url.Values
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		forms = append(forms, r.PostForm)
		if r.Method != http.MethodPost || r.URL.String() != "/token" || r.Header.Get("Authorization") != "" ||
			!strings.HasPrefix(r.UserAgent(), "Garner/") {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		saying(200, fmt.Sprintf(`{"access_token":"a%d","refresh_token":"r%[1]d","token_type":"bearer","expires_in":86400,
			"refresh_token_expires_in":7775998,"scope":"CONNECT_READ","jti":"x"}`, len(forms)))(w, r)
	})
	begin := time.Now()
	first, err := c.Exchange(t.Context(), redirect, code, verifier)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Refresh(t.Context(), first.Refresh)
	if err != nil {
		t.Fatal(err)
	}
	if first.Access != "a1" || first.Refresh != "r1" || second.Access != "a2" || second.Refresh != "r2" {
		t.Errorf("access %q %q, refresh %q %q", first.Access, second.Access, first.Refresh, second.Refresh)
	}
	for at, life := range map[time.Time]time.Duration{first.AccessEnds: 86400 * time.Second,
		first.RefreshEnds: 7775998 * time.Second} {
		if over := at.Sub(begin) - life; over < 0 || over > time.Minute {
			t.Errorf("expires %s after %s", over, life)
		}
	}
	want := []url.Values{
		{"grant_type": {"authorization_code"}, "client_id": {"id"}, "client_secret": {clientSecret}, "code": {code},
			"code_verifier": {verifier}, "redirect_uri": {redirect}},
		{"grant_type": {"refresh_token"}, "client_id": {"id"}, "client_secret": {clientSecret}, "refresh_token": {"r1"}},
	}
	for i, form := range forms {
		if form.Encode() != want[i].Encode() {
			t.Errorf("got %s\nwant %s", form.Encode(), want[i].Encode())
		}
	}
}

func TestOnlyInvalidGrantMeansToConnectAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   bool
	}{
		{400, `{"error":"invalid_grant","error_description":"Refresh token expired"}`, true},
		{401, `{"error":"invalid_grant"}`, true},
		{400, `{"error":"invalid_client"}`, false},
		{401, `{"error":"unauthorized"}`, false},
		{400, `{"error":{"code":"invalid_grant"}}`, false},
		{400, `invalid_grant`, false},
		{403, `{"error":"invalid_grant"}`, false},
		{503, `{"error":"invalid_grant"}`, false},
		{200, `{"error":"invalid_grant"}`, false},
		{200, `{}`, false},
		{200, `<html>`, false},
		{302, ``, false},
	} {
		g := connect(t, saying(c.status, c.body))
		token, err := g.Refresh(t.Context(), refresh)
		if err == nil || token != (client.Token{}) || errors.Is(err, client.ErrInvalidGrant) != c.want || !client.MaybeSent(err) {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
		if c.status != 200 && statusOf(err) != c.status {
			t.Errorf("%d %s: status %d", c.status, c.body, statusOf(err))
		}
	}
}

func TestUserEndpoints(t *testing.T) {
	t.Parallel()
	var asked []string
	answers := map[string]http.HandlerFunc{
		"GET /wellness-api/rest/user/id": saying(200, `{"userId":"d3315b1072421d0dd7c8f6b8e1de4df8"}`),
		"GET /wellness-api/rest/user/permissions": saying(200,
			`{"permissions":["HISTORICAL_DATA_EXPORT","ACTIVITY_EXPORT"]}`),
		"DELETE /wellness-api/rest/user/registration": saying(204, ""),
	}
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Authorization"))
		answers[r.Method+" "+r.URL.String()](w, r)
	})
	id, err := c.UserID(t.Context(), client.Bearer(access))
	if err != nil || id != "d3315b1072421d0dd7c8f6b8e1de4df8" {
		t.Error(id, err)
	}
	names, err := c.Permissions(t.Context(), client.Bearer(access))
	if err != nil || !slices.Equal(names, []string{"ACTIVITY_EXPORT", "HISTORICAL_DATA_EXPORT"}) {
		t.Error(names, err)
	}
	if err := c.Deregister(t.Context(), client.Bearer(access)); err != nil {
		t.Error(err)
	}
	if !slices.Equal(asked, slices.Repeat([]string{"Bearer " + access}, 3)) {
		t.Errorf("authorized by %q", asked)
	}
}

func TestAnUnreadableAnswerIsNoUserIDAndNoLackOfPermissions(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`["B","A","A"]`: "A B", `[]`: "", `{"permissions":[]}`: ""} {
		names, err := connect(t, saying(200, body)).Permissions(t.Context(), client.Bearer(access))
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s: %q %v", body, got, err)
		}
	}
	for _, body := range []string{``, `null`, `{}`, `"A"`, `[null]`, `{"permissions":null}`, `{"permissions":"A"}`,
		`{"errorMessage":"A"}`, `<html>`, `{"permissions":["A"`} {
		if names, err := connect(t, saying(200, body)).Permissions(t.Context(), client.Bearer(access)); err == nil {
			t.Errorf("%s: %q", body, names)
		}
	}
	for _, body := range []string{``, `null`, `{}`, `{"userId":null}`, `{"userId":""}`, `{"userId":["a"]}`, `["a"]`, `<html>`,
		`{"userId":"` + strings.Repeat("a", 200) + `"}`} {
		if id, err := connect(t, saying(200, body)).UserID(t.Context(), client.Bearer(access)); err == nil {
			t.Errorf("%s: %q", body, id)
		}
	}
	if id, err := connect(t, saying(200, `{"userId":17}`)).UserID(t.Context(), client.Bearer(access)); err != nil || id != "17" {
		t.Errorf("a number: %q %v", id, err)
	}
	for status, ok := range map[int]bool{200: true, 204: true, 202: false, 302: false, 401: false, 404: false, 500: false} {
		err := connect(t, saying(status, "")).Deregister(t.Context(), client.Bearer(access))
		if (err == nil) != ok || !ok && statusOf(err) != status {
			t.Errorf("deregistering, answered %d: %v", status, err)
		}
	}
}

func TestBackfillIsAcceptedBy202Only(t *testing.T) {
	t.Parallel()
	from, to := time.Unix(1710892800, 0), time.Unix(1713484800, 0)
	const want = "/wellness-api/rest/backfill/pulseOx?summaryStartTimeInSeconds=1710892800&summaryEndTimeInSeconds=1713484800"
	for _, status := range []int{202, 200, 400, 401, 403, 404, 409, 412, 429, 500} {
		c := connect(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.String() != want || r.Header.Get("Authorization") != "Bearer "+access {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			w.Header().Set("Retry-After", "90")
			body := `{"errorMessage":"start 2023-09-20T15:42:26Z before min start time of 2025-10-19T16:42:30.3Z"}`
			saying(status, body)(w, r)
		})
		err := c.RequestBackfill(t.Context(), client.Bearer(access), garmin.PulseOx, from, to)
		if status == 202 {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var got *client.StatusError
		if !errors.As(err, &got) || got.Status != status || !strings.HasPrefix(got.Message, "start 2023") {
			t.Errorf("%d: %v", status, err)
			continue
		}
		if (got.RetryAfter == 90*time.Second) != (status == 429) {
			t.Errorf("%d: retry after %s", status, got.RetryAfter)
		}
		if got.Earliest.Equal(time.Date(2025, 10, 19, 16, 42, 31, 0, time.UTC)) != (status == 400) {
			t.Errorf("%d: earliest %s", status, got.Earliest)
		}
	}
	err := connect(t, nil).RequestBackfill(t.Context(), client.Bearer(access), garmin.ActivityFiles, from, to)
	if err == nil || client.MaybeSent(err) {
		t.Errorf("a type without backfill: %v", err)
	}
}

func TestWhatAPingAnnouncedIsFetchedAsItIs(t *testing.T) {
	t.Parallel()
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.String() != "/wellness-api/rest/dailies?token="+urlToken || r.Header.Get("Authorization") != "Bearer "+access {
			t.Errorf("%s", r.URL)
		}
		w.Header().Set("Content-Type", "Application/JSON; charset=utf-8")
		fmt.Fprint(w, `[{"summaryId":"x"}]`)
	})
	got, err := c.Fetch(t.Context(), client.Bearer(access), target, 19)
	if err != nil || string(got.Body) != `[{"summaryId":"x"}]` || got.ContentType != "application/json" {
		t.Errorf("%s %q %v", got.Body, got.ContentType, err)
	}
	if _, err := c.Fetch(t.Context(), client.Bearer(access), target, 18); !errors.Is(err, client.ErrTooLarge) {
		t.Errorf("one byte less: %v", err)
	}
}

// allocated is how many bytes f allocates, at most.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Not parallel: it measures what the process allocates.
func TestGzipBombsAndEndlessBodiesEndInBoundedMemory(t *testing.T) {
	const most = 1 << 20
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Repeat(packed.Bytes(), 64) // gzip files in a row are one
	for name, handler := range map[string]http.HandlerFunc{
		"bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			if _, err := w.Write(bomb); err != nil {
				return
			}
		},
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			piece := make([]byte, 64<<10)
			for {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		},
		"endless, not a success": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			piece := make([]byte, 64<<10)
			for {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		},
	} {
		c := connect(t, handler)
		var err error
		n := allocated(func() { _, err = c.Fetch(t.Context(), client.Bearer(access), target, most) })
		if !errors.Is(err, client.ErrTooLarge) && statusOf(err) != 400 {
			t.Errorf("%s: %v", name, err)
		}
		if n > 16*most {
			t.Errorf("%s: %d bytes allocated", name, n)
		}
		_, err = c.Refresh(t.Context(), refresh)
		if !errors.Is(err, client.ErrTooLarge) && statusOf(err) != 400 {
			t.Errorf("%s of a token: %v", name, err)
		}
	}
}

func TestAnAnswerThatIsCutIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"plain": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "[]")
		},
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			fmt.Fprint(zip, "[]")
			if err := zip.Flush(); err != nil { // the end is missing on purpose
				t.Error(err)
			}
		},
	} {
		got, err := connect(t, handler).Fetch(t.Context(), client.Bearer(access), target, 1<<20)
		if err == nil || !client.MaybeSent(err) || got.Body != nil {
			t.Errorf("%s: %q %v", name, got.Body, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var called atomic.Int32
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	t.Cleanup(evil.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{evil.URL, "http://169.254.169.254/", "/wellness-api/rest/sleeps"} {
			var asked atomic.Int32
			c := connect(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				http.Redirect(w, r, to, status)
			})
			_, err := c.Fetch(t.Context(), client.Bearer(access), target, 1<<20)
			if statusOf(err) != status || asked.Load() != 1 {
				t.Errorf("%d to %s: asked %d times, %v", status, to, asked.Load(), err)
			}
			if _, err = c.Exchange(t.Context(), redirect, code, verifier); statusOf(err) != status || asked.Load() != 2 {
				t.Errorf("%d of a token to %s: asked %d times, %v", status, to, asked.Load(), err)
			}
		}
	}
	if called.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestMaybeSentIsFalseOnlyWithoutAConnection(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	if _, err := clientOf(t, closed.URL, slog.New(slog.DiscardHandler)).UserID(t.Context(), client.Bearer(access)); err == nil ||
		client.MaybeSent(err) {
		t.Errorf("a closed port: %v", err)
	}
	var asked atomic.Int32
	cut := connect(t, func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		panic(http.ErrAbortHandler)
	})
	err := cut.RequestBackfill(t.Context(), client.Bearer(access), garmin.Dailies, time.Unix(0, 0), time.Unix(1, 0))
	if err == nil || !client.MaybeSent(err) || asked.Load() != 1 {
		t.Errorf("a connection that is cut: asked %d times, %v", asked.Load(), err)
	}
	if _, err := cut.Refresh(t.Context(), refresh); err == nil || !client.MaybeSent(err) || errors.Is(err, client.ErrInvalidGrant) {
		t.Errorf("a token's connection that is cut: %v", err)
	}
	if _, err := cut.Refresh(t.Context(), ""); err == nil || client.MaybeSent(err) {
		t.Errorf("no refresh token: %v", err)
	}
	if _, err := cut.UserID(t.Context(), client.Bearer("")); err == nil || client.MaybeSent(err) {
		t.Errorf("no access token: %v", err)
	}
	if _, err := cut.UserID(t.Context(), client.Bearer("a\nb")); err == nil || client.MaybeSent(err) {
		t.Errorf("a token that is no header: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	hang := connect(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := hang.UserID(ctx, client.Bearer(access)); !errors.Is(err, context.Canceled) || !client.MaybeSent(err) {
		t.Errorf("a call that was given up: %v", err)
	}
	if client.MaybeSent(&client.RefusedError{}) || !client.MaybeSent(&client.StatusError{}) {
		t.Error("refused and answered are confused")
	}
}

// A transport repeats a GET by itself if it fails on a connection that it used before.
// Garmin would answer the second one with 409.
func TestARequestOfHistoryIsNotRepeatedByItself(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	c := connect(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(202)
	})
	request := func() error {
		return c.RequestBackfill(t.Context(), client.Bearer(access), garmin.Dailies, time.Unix(0, 0), time.Unix(1, 0))
	}
	if err := request(); err != nil {
		t.Fatal(err)
	}
	if err := request(); err == nil || !client.MaybeSent(err) || asked.Load() != 2 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}

func TestCallsPauseAfterFiveFailures(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	c := connect(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(500)
	})
	for range 5 {
		if _, err := c.UserID(t.Context(), client.Bearer(access)); statusOf(err) != 500 {
			t.Fatal(err)
		}
	}
	_, err := c.Refresh(t.Context(), refresh)
	var open *client.OpenError
	if !errors.As(err, &open) || !errors.Is(err, client.ErrOpen) || !open.Until.After(time.Now()) ||
		client.MaybeSent(err) || asked.Load() != 5 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}

// The stand-in repeats every secret that it was given, in each way it can.
func TestNoSecretLeaves(t *testing.T) {
	t.Parallel()
	echo := func(r *http.Request) string {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		return fmt.Sprint(r.Header.Get("Authorization"), " ", r.URL.Query()["token"], " ", r.URL, " ", form, " ",
			r.URL.Query().Encode())
	}
	answers := []http.HandlerFunc{
		func(w http.ResponseWriter, r *http.Request) {
			saying(400, fmt.Sprintf(`{"errorMessage":%q}`, "bad \x1b[31m"+echo(r)))(w, r)
		},
		func(w http.ResponseWriter, r *http.Request) {
			saying(400, fmt.Sprintf(`{"error":"invalid_grant","error_description":%q}`, echo(r)))(w, r)
		},
		func(w http.ResponseWriter, r *http.Request) { saying(200, echo(r))(w, r) },
		func(w http.ResponseWriter, r *http.Request) {
			saying(200, fmt.Sprintf(`{"expires_in":%q}`, echo(r)))(w, r)
		},
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/?"+r.URL.RawQuery, http.StatusFound)
		},
		func(w http.ResponseWriter, r *http.Request) {
			raw(t, w, "HTTP/1.1 "+strings.ReplaceAll(echo(r), "\n", " ")+"\r\n\r\n")
		},
		func(w http.ResponseWriter, r *http.Request) {
			raw(t, w, "HTTP/1.1 200 OK\r\nContent-Length: "+strings.ReplaceAll(echo(r), "\n", " ")+"\r\n\r\n")
		},
		func(w http.ResponseWriter, r *http.Request) {
			raw(t, w, "HTTP/1.1 500 "+strings.ReplaceAll(echo(r), "\n", " ")+"\r\n\r\n")
		},
	}
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	show := func(values ...any) {
		for _, v := range values {
			fmt.Fprintf(&out, "%v %+v %#v %s %q\n", v, v, v, v, v)
			log.Info("shown", "value", v)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("shown", "value", v)
			if err, ok := v.(error); ok {
				fmt.Fprintln(&out, errors.Unwrap(err))
			}
		}
	}
	for _, answer := range answers {
		srv := httptest.NewServer(answer)
		t.Cleanup(srv.Close)
		c := clientOf(t, srv.URL, log)
		for range 3 { // until the circuit opens, where it does
			_, err1 := c.Exchange(t.Context(), redirect, code, verifier)
			_, err2 := c.Refresh(t.Context(), refresh)
			_, err3 := c.UserID(t.Context(), client.Bearer(access))
			_, err4 := c.Permissions(t.Context(), client.Bearer(access))
			_, err5 := c.Fetch(t.Context(), client.Bearer(access), target, 1)
			err6 := c.RequestBackfill(t.Context(), client.Bearer(access), garmin.Dailies, time.Unix(0, 0), time.Unix(1, 0))
			for _, err := range []error{err1, err2, err3, err4, err5, err6} {
				if err == nil {
					t.Error("a useless answer is no error")
				}
				show(err)
			}
		}
		show(c)
	}
	token := client.Token{Access: access, Refresh: refresh}
	show(token, &token, target, client.Bearer(access), client.Config{ClientID: "id", ClientSecret: clientSecret},
		struct{ Token client.Token }{token}, []client.Token{token})
	_, err := connect(t, nil).Target(garmin.Dailies, "https://evil.example/?token="+urlToken)
	show(err)
	for _, text := range []string{"CANARY", "%2Ftoken", "\x1b"} {
		if at := strings.Index(out.String(), text); at >= 0 {
			t.Errorf("%q is in …%s", text, out.String()[max(0, at-200):min(at+100, out.Len())])
		}
	}
	if !strings.Contains(out.String(), "***") || !strings.Contains(out.String(), "circuit=open") {
		t.Error("the stand-in repeated nothing, or no circuit opened")
	}
}

// raw answers with bytes that are no proper response.
func raw(t *testing.T, w http.ResponseWriter, text string) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		t.Error("not a connection")
		return
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
