package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// asked is a web server that keeps what it was asked.
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

func TestAWebhookIsSignedSoThatItsReceiverCanTell(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	answer, err := Webhook{URL: address, Secret: secret}.Send(t.Context(), notice())
	if err != nil || answer != "200 OK fine" {
		t.Fatalf("%q, %v", answer, err)
	}
	r := (*requests)[0]
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := wh.Verify(body, r.Header); err != nil {
		t.Errorf("its own library: %v", err)
	}
	if err := wh.Verify(append(body, ' '), r.Header); err == nil {
		t.Error("another body passes as well")
	}
	var got struct {
		Type      string         `json:"type"`
		Timestamp time.Time      `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal(body, &got); err != nil || got.Type != "episode.opened" || !got.Timestamp.Equal(written) || got.Data["id"] != 12.0 {
		t.Errorf("%s, %v", body, err)
	}
	if r.Header.Get("webhook-id") != "e12openedt1" {
		t.Errorf("id %q", r.Header.Get("webhook-id"))
	}
}

func TestNtfyGetsTitleTextAndLink(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	n := notice()
	n.Urgent = true
	if _, err := (Ntfy{URL: address + "/topic", Token: "tk"}).Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	r := (*requests)[0]
	title, err := new(mime.WordDecoder).DecodeHeader(r.Header.Get("Title"))
	if err != nil || title != "No data from Zoë 🚴‍♀️ Bcc: evil@example.org" {
		t.Errorf("title %q, %v", title, err)
	}
	body, err := io.ReadAll(r.Body)
	if string(body) != "Plain.\n" || err != nil || r.Header.Get("Priority") != "high" || r.Header.Get("Click") != n.Link || r.Header.Get("Authorization") != "Bearer tk" {
		t.Errorf("%s %v %v", body, r.Header, err)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	other, requests := asked(t, ok)
	address, _ := asked(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusTemporaryRedirect) })
	if _, err := (Webhook{URL: address, Secret: secret}).Send(t.Context(), notice()); err == nil || len(*requests) != 0 {
		t.Errorf("%v, %d requests elsewhere", err, len(*requests))
	}
}

func TestAnErrorHoldsTheOthersWordsAndNotTheAddress(t *testing.T) {
	t.Parallel()
	address, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "out of\norder "+strings.Repeat("x", 1000), http.StatusInternalServerError)
	})
	_, err := (Ntfy{URL: address + "/secret-topic"}).Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "500 Internal Server Error out of order x") || len(err.Error()) > 300 || Uncertain(err) {
		t.Errorf("%v", err)
	}
	_, err = (Ntfy{URL: "http://127.0.0.1:1/secret-topic"}).Send(t.Context(), notice())
	if err == nil || strings.Contains(err.Error(), "secret-topic") || Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
}

func TestAnAnswerThatNeverComesIsUncertain(t *testing.T) {
	t.Parallel()
	open := make(chan struct{})
	address, _ := asked(t, func(http.ResponseWriter, *http.Request) { <-open })
	defer close(open)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := (Webhook{URL: address, Secret: secret}).Send(ctx, notice()); err == nil || !Uncertain(err) {
		t.Errorf("%v", err)
	}
}

func TestAPingLearnsHowFarTheClockIsOff(t *testing.T) {
	t.Parallel()
	address, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
	})
	ahead, known, err := Ping(t.Context(), address)
	if err != nil || !known || ahead < 2*time.Hour-2*time.Second || ahead > 2*time.Hour+30*time.Second {
		t.Errorf("ahead %s, known %t, %v", ahead, known, err)
	}
}

func TestAProbeTellsUsFromSomebodyElse(t *testing.T) {
	t.Parallel()
	ours, requests := asked(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") }) //nolint:errcheck // a test
	if err := Probe(t.Context(), ours+"/"); err != nil || (*requests)[0].URL.Path != "/healthz" {
		t.Errorf("ours: %v", err)
	}
	parked, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Buy this domain") }) //nolint:errcheck // a test
	if err := Probe(t.Context(), parked); err == nil {
		t.Error("a parked domain passes for us")
	}
	if err := Probe(t.Context(), "http://garner.example.org"); err == nil {
		t.Error("plain http to another host passes")
	}
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	t.Parallel()
	for _, bad := range []interface{ Check() error }{
		Ntfy{URL: "http://ntfy.example.org/t"}, Ntfy{URL: "ftp://localhost"}, Ntfy{URL: "https://a:b@example.org"}, Ntfy{},
		Webhook{URL: "https://example.org", Secret: "short"}, Webhook{URL: "https://example.org", Secret: "whsec_AAAA"},
		Mail{Host: "h", Port: 0, From: "a@b.c", To: "a@b.c"}, Mail{Host: "h", Port: 25, From: "a", To: "a@b.c"}, Mail{Host: "h", Port: 25, From: "a@b.c", To: "x y"},
		Mail{Host: "h", Port: 25, From: "a@b.c", To: "a@b.c", TLS: "maybe"},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}

func FuzzNtfyHeaders(f *testing.F) {
	f.Add("a\r\nX: y", "http://127.0.0.1/\r\nEvil: 1")
	f.Fuzz(func(t *testing.T, subject, link string) {
		if s := line(subject) + line(link); strings.ContainsAny(s, "\r\n\x00") {
			t.Errorf("%q", s)
		}
	})
}
