package pages_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"garner/garmin/simulator/service"
	"garner/server"
)

func TestEachFaultOfGarminHasItsOwnSentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status int
		title  string
	}{
		"a wrong secret": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error":"invalid_client"}`) //nolint:errcheck // the client went away
		}, http.StatusBadGateway, "does not accept this Garner"},
		"an error of its own": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, http.StatusBadGateway,
			"a fault of its own"},
		"too many": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, http.StatusServiceUnavailable,
			"to wait"},
		"no answer": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, http.StatusBadGateway,
			"cannot be reached"},
		"no permissions": {onlyTokens, http.StatusBadGateway, "a fault of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newConnectBox(t)
			v := b.visitor()
			back := v.returned(b.invite(1), "0")
			b.answer(c.answer)
			for range 2 {
				v.do(http.MethodGet, back, nil).says(t, c.status, c.title, "Nothing was linked", "Try again")
			}
			v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusConflict)
			b.none(1)
		})
	}
}

// onlyTokens issues tokens and fails then.
func onlyTokens(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != service.TokenPath {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"access_token":"a","refresh_token":"r","token_type":"bearer",`+ //nolint:errcheck // as above
		`"expires_in":86400}`)
}

func TestANewTokenMayBeRefusedForAMoment(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v := b.visitor()
	back := v.returned(b.invite(1), "0")
	var refused atomic.Bool
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != service.TokenPath && refused.CompareAndSwap(false, true) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		b.garmin.ServeHTTP(w, r)
	})
	v.do(http.MethodGet, back, nil).says(t, http.StatusOK, "Link this Garmin account to Ada?")
	if !refused.Load() {
		t.Error("nothing was refused")
	}
}

func TestWithoutAClientSecretTheLinkSaysWhoCanHelp(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	s.Add("Ada", "")
	b := &connectBox{Site: s}
	link := b.invite(1)
	s.SignOut()
	page := s.Page(link)
	if !strings.Contains(page, "The admin has not finished the set-up") || strings.Contains(page, "Continue to Garmin") {
		t.Error(page)
	}
	if status, to, _ := s.Send(link, nil); status != http.StatusSeeOther || to != link {
		t.Errorf("%d to %q", status, to)
	}
}

func TestALinkLeadsToThePublicAddressFirst(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) { o.Address = "https://garner.example.org" })
	s.Add("Ada", "")
	link := (&connectBox{Site: s}).invite(1)
	for host, want := range map[string]string{"localhost:8080": "https://garner.example.org" + link, "garner.example.org": ""} {
		w := s.Ask(http.MethodGet, link, func(r *http.Request) {
			r.Host = host
			if want == "" {
				r.TLS = &tls.ConnectionState{}
			}
		})
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%s: %d to %q", host, w.Code, got)
		}
	}
}
