package server_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"garner/server"
	"garner/server/servertest"
)

func TestAWrongSecretCannotBeToldFromAnyUnknownPath(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodHead, http.MethodOptions} {
		for _, site := range []string{"", "same-origin", "cross-site"} {
			header := func(r *http.Request) {
				if site != "" {
					r.Header.Set("Sec-Fetch-Site", site)
				}
			}
			want := s.Ask(method, "/nothing/here", header)
			for _, path := range []string{"/garmin/wrong/dailies", "/garmin/wrong", "/garmin/" + servertest.Secret + "x/dailies"} {
				got := s.Ask(method, path, header)
				if got.Code != want.Code || got.Body.String() != want.Body.String() ||
					fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
					t.Errorf("%s %s %q: %d %v, but any other path: %d %v", method, path, site, got.Code, got.Header(), want.Code,
						want.Header())
				}
			}
		}
	}
}

func TestACallbackIsNeverAnsweredWithARedirect(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, path := range []string{"/garmin/%s/dailies", "/garmin/%s", "/garmin/%s/dailies/", "/garmin/%s/",
		"/garmin//%s/dailies", "//garmin/%s/dailies",
		"/garmin/%s//dailies", "/garmin/./%s/dailies", "/x/../garmin/%s/dailies", "/garmin/%s/dailies/../sleeps",
		"/GARMIN/%s/dailies", "/garmin/%s/%%64ailies"} {
		status := s.Post(fmt.Sprintf(path, servertest.Secret), strings.NewReader("{}"))
		if status != http.StatusOK && status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestWhoIsRefusedIsAnsweredWithoutTheBodyBeingAwaited(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for name, change := range map[string]func(*http.Request){
		"another host":              func(r *http.Request) { r.Host = "evil.example" },
		"a page by our public name": func(r *http.Request) { r.Host, r.URL.Path = "garner.example.org", "/people" },
		"a form from another site": func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site",
				"cross-site")
			r.URL.Path = "/people"
		},
	} {
		r, w := io.Pipe()
		req, err := http.NewRequest(http.MethodPost, s.HTTP.URL+"/garmin/"+servertest.Secret+"/dailies", r)
		if err != nil {
			t.Fatal(err)
		}
		change(req)
		if status := s.Do(req); status < 400 {
			t.Errorf("%s: %d", name, status)
		}
		if err := w.CloseWithError(errors.New("not read")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryAnswerToABrowserIsGuarded(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, path := range []string{"/", "/people", "/inbox", "/help", "/p/ada/day/2026-11-20", "/p/ada/data",
		"/p/ada/data/dailies", "/p/ada/export/dailies",
		"/p/unknown", "/nothing", "/garmin/wrong", "/inbox/99", "/healthz", "/readyz", "/metrics", "/static/none.css"} {
		h := s.Get(path).Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") ||
			strings.Contains(csp, "http") {
			t.Errorf("%s: Content-Security-Policy is %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control is %q", path, h.Get("Cache-Control"))
		}
	}
}

func TestFormsOfOtherSitesAreRefusedAndCallbacksAreNot(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, c := range []struct {
		site, origin string
		want         int
	}{
		{"same-origin", "", 303}, {"none", "", 303}, {"", "http://localhost:8080", 303}, {"", "", 303},
		{"cross-site", "", 403}, {"same-site", "", 403}, {"", "http://evil.example", 403}, {"", "null", 403},
	} {
		for _, path := range []string{"/theme", "/garmin/" + servertest.Secret + "/dailies"} {
			w := s.Ask(http.MethodPost, path, func(r *http.Request) {
				r.Body = io.NopCloser(strings.NewReader("theme=dark"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
					if value != "" {
						r.Header.Set(name, value)
					}
				}
			})
			want := c.want
			if path != "/theme" {
				want = http.StatusOK
			}
			if w.Code != want {
				t.Errorf("%s from %q %q: %d, want %d", path, c.site, c.origin, w.Code, want)
			}
		}
	}
}

func TestMetricsAreForLoopbackOnlyAndWellFormed(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader("not JSON"))
	s.Run()
	for addr, want := range map[string]int{"203.0.113.5:4000": 403, "192.168.1.5:4000": 404, "": 403} {
		w := s.Ask(http.MethodGet, "/metrics", func(r *http.Request) { r.RemoteAddr = addr })
		if w.Code != want || strings.Contains(w.Body.String(), "garner_") {
			t.Errorf("from %q: %d", addr, w.Code)
		}
	}
	w := s.Get("/metrics")
	text := w.Body.String()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if w.Code != http.StatusOK || err != nil {
		t.Fatalf("%d, %v", w.Code, err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "garner_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	lines := strings.Split(text, "\n")
	for _, want := range []string{`garner_callbacks_total{status="200"} 1`, `garner_inbox_deliveries{state="parked"} 1`,
		`garner_callback_bytes_total 8`,
		`garner_deliveries_applied_total 1`, `garner_elements_parked_total 1`, `garner_people{state="waiting"} 0`} {
		if !slices.Contains(lines, want) {
			t.Errorf("there is no line %q", want)
		}
	}
	if strings.Contains(text, servertest.Secret) {
		t.Error("the servertest.Secret is in the metrics")
	}
}

func TestADeliveryWithAWrongClientIDIsAppliedOnceItIsAccepted(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.ClientID = "ours" })
	s.Add("Ada", "u1")
	if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(servertest.ADay), "garmin-client-id",
		"theirs"); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	s.Run()
	if w := s.Get("/p/ada/export/dailies"); strings.Contains(w.Body.String(), "1234") {
		t.Error("it was applied before it was accepted")
	}
	if w := s.Get("/inbox/1"); !strings.Contains(w.Body.String(), "/inbox/1/accept") {
		t.Error("its page offers no way to accept it")
	}
	if w := s.Form("/inbox/1/accept", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/inbox/1" {
		t.Errorf("accept: %d to %q", w.Code, w.Header().Get("Location"))
	}
	s.Run()
	if w := s.Get("/p/ada/export/dailies"); !strings.Contains(w.Body.String(), "1234") {
		t.Error("it was not applied after it was accepted")
	}
}
