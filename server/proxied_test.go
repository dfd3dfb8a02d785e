package server_test

import (
	"net/http"
	"strings"
	"testing"

	"garner/server/servertest"
)

// passedOn are headers by which proxies and tunnels tell of themselves.
var passedOn = map[string]string{
	"Forwarded":          "for=127.0.0.1",
	"X-Forwarded-For":    "127.0.0.1",
	"X-Forwarded-Host":   "localhost",
	"X-Forwarded-Proto":  "https",
	"X-Forwarded-Port":   "443",
	"X-Forwarded-Server": "proxy",
	"X-Forwarded-Prefix": "/garner",
	"X-Forwarded-Ssl":    "on",
	"X-Real-Ip":          "127.0.0.1",
	"Via":                "1.1 proxy",
	"Cf-Connecting-Ip":   "127.0.0.1",
}

func TestPagesAreNotShownThroughAProxyWhateverNameItPassesOn(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	pages := []string{
		"/",
		"/people",
		"/p/ada/export/dailies",
		"/metrics",
		"/events",
		"/nothing",
		"//garmin/" + servertest.Secret,
	}
	for name, value := range passedOn {
		for _, value := range []string{value, ""} {
			for _, path := range pages {
				for _, host := range []string{"127.0.0.1", "localhost:8080", "[::1]:8080"} {
					w := s.Ask(http.MethodGet, path, func(r *http.Request) {
						r.Host = host
						r.Header.Set(name, value)
					})
					if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "came through a proxy") {
						t.Errorf("%s of %s with %s: %q: %d %.80q", path, host, name, value, w.Code, w.Body)
					}
				}
			}
		}
	}
}

func TestAFormThroughAProxyChangesNothing(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for name, value := range passedOn {
		w := s.Ask(http.MethodPost, "/theme", func(r *http.Request) { r.Header.Set(name, value) })
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, w.Code)
		}
	}
}

func TestCallbacksAndHealthChecksAreReachableThroughAProxy(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for name, value := range passedOn {
		for path, method := range map[string]string{
			"/healthz": http.MethodGet, "/readyz": http.MethodGet, "/garmin/" + servertest.Secret + "/dailies": http.MethodPost,
		} {
			for _, host := range []string{"127.0.0.1", "garner.example.org"} {
				w := s.Ask(method, path, func(r *http.Request) {
					r.Host = host
					r.Header.Set(name, value)
				})
				if w.Code != http.StatusOK {
					t.Errorf("%s of %s with %s: %d", path, host, name, w.Code)
				}
			}
		}
	}
}
