package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asked is a web server that keeps what it was asked. Its answers come after
// the whole request.
func asked(t *testing.T, answer http.HandlerFunc) (address string, requests *[]*http.Request) {
	t.Helper()
	requests = &[]*http.Request{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		*requests = append(*requests, r)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, requests
}

func ok(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "fine\n") } //nolint:errcheck // a test

func sent(t *testing.T, r *http.Request) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	other, requests := asked(t, ok)
	for _, code := range []int{301, 302, 303, 307, 308} {
		address, _ := asked(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, code) })
		if _, err := (Webhook{URL: address, Secret: secret}).Send(t.Context(), notice()); err == nil ||
			!strings.Contains(err.Error(), fmt.Sprint(code)) || len(*requests) != 0 {
			t.Errorf("%d: %v, %d requests elsewhere", code, err, len(*requests))
		}
	}
}

func TestAnErrorHoldsTheOthersWordsAndNeitherAddressNorToken(t *testing.T) {
	t.Parallel()
	address, _ := asked(t, func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "out of\norder "+r.Header.Get("Authorization")+strings.Repeat("x", 100_000),
			http.StatusInternalServerError)
	})
	_, err := (Ntfy{URL: address + "/secret-topic", Token: "tk_secret"}).Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "500 Internal Server Error out of order Bearer ***xxx") ||
		len(err.Error()) > 300 || Uncertain(err) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"http://127.0.0.1:1/secret-topic", "http://127.0.0.1:port/secret-topic",
		"http://example.org/secret-topic", "https://127.0.0.1/%zzsecret-topic"} {
		_, err := (Ntfy{URL: bad}).Send(t.Context(), notice())
		if err == nil || strings.Contains(err.Error(), "secret-topic") || Uncertain(err) {
			t.Errorf("uncertain %t: %v", Uncertain(err), err)
		}
	}
}

func TestARequestWithoutAnAnswerIsUncertain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	hangs, _ := asked(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done() // until the other side has enough
	})
	if _, err := (Webhook{URL: hangs, Secret: secret}).Send(ctx, notice()); !errors.Is(err, context.Canceled) ||
		!Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
	lost, _ := asked(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := (Webhook{URL: lost, Secret: secret}).Send(t.Context(), notice()); err == nil || !Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
}

func TestNothingIsSentToAHostWithoutACertificate(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter,
		*http.Request) {
		t.Error("something was sent")
	}))
	config, _ := certificate(t)
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := Ntfy{URL: s.URL}.Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "certificate") || Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
}

func TestAnAnswerThatBreaksOffIsAnAnswer(t *testing.T) {
	t.Parallel()
	address, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "taken") //nolint:errcheck // a test
	})
	if answer, err := (Webhook{URL: address, Secret: secret}).Send(t.Context(), notice()); err != nil ||
		answer != "202 Accepted taken" {
		t.Errorf("%q, %v", answer, err)
	}
}
