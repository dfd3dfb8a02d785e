package pages_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"garner/server/auth"
	"garner/server/pages"
	"garner/server/peer"
)

func TestFormsThatConnectAreNotTakenFromAnotherSite(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	link := b.invite(1)
	back := b.visitor().returned(link, "0")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		for _, path := range []string{link, "/connect/garmin/callback", "/connect/garmin/again"} {
			w := b.Ask(http.MethodPost, path+"?"+stateOf(t, back).Encode(), func(r *http.Request) { r.Header.Set(name, value) })
			if w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Location") != "" {
				t.Errorf("%s %s: %d %v", name, path, w.Code, w.Header())
			}
		}
	}
}

func TestTheLastPageShowsThePersonWhoWasConfirmedLast(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v := b.visitor()
	ada, ben := v.returned(b.invite(1), "0"), v.returned(b.invite(2), "1")
	for _, back := range []string{ben, ada} {
		v.do(http.MethodGet, back, nil).says(t, http.StatusOK, "Link this")
		v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusSeeOther)
	}
	v.do(http.MethodGet, "/connect/garmin/done", nil).says(t, http.StatusOK, "Ada is connected")
}

func TestALinkLeadsToGarminSoOftenAndNoMore(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v, link := b.visitor(), b.invite(1)
	begun := 0
	var last page
	for range 30 {
		if last = v.do(http.MethodPost, link, nil); last.status == http.StatusSeeOther {
			begun++
		}
	}
	last.says(t, http.StatusTooManyRequests)
	if begun != 20 || last.header.Get("Retry-After") == "" {
		t.Errorf("%d runs, %v", begun, last.header)
	}
	v.begin(b.invite(2)) // another person's works
}

func TestAnAnswerOfGarminThatIsNoUserIDLinksNothing(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`<script>alert(1)</script>`, `a\u0000b`, `a b`, strings.Repeat("a", 200), `a\"b`, "é"} {
		b := newConnectBox(t)
		v := b.visitor()
		back := v.returned(b.invite(1), "0")
		b.answer(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/user/id") {
				w.Write([]byte(`{"userId":"` + id + `"}`)) //nolint:errcheck // the client went away
				return
			}
			b.garmin.ServeHTTP(w, r)
		})
		p := v.do(http.MethodGet, back, nil)
		if p.status < 400 || strings.Contains(p.text, "alert(1)") {
			t.Errorf("%q: %d\n%s", id, p.status, p.text)
		}
		v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back))
		b.none(1)
	}
}

func TestAHostileListOfPermissionsGrantsNothingMore(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v := b.visitor()
	back := v.returned(b.invite(1), "0")
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/user/permissions") {
			w.Write([]byte(`{"permissions":["A HISTORICAL_DATA_EXPORT","<b>",` + //nolint:errcheck // as above
				strings.Repeat(`"`+strings.Repeat("x", 500)+`",`, 500) + `"HEALTH_EXPORT"]}`))
			return
		}
		b.garmin.ServeHTTP(w, r)
	})
	v.do(http.MethodGet, back, nil).says(t, http.StatusOK, "Link this")
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusSeeOther)
	c, err := b.Store.ConnectionOf(t.Context(), 1)
	if err != nil || strings.Join(c.Granted, " ") != "HEALTH_EXPORT" {
		t.Errorf("%.200v, %v", c.Granted, err)
	}
}

func TestTheCookieOfAConnectionDoesNotReplaceASessionThatHasEnded(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v := b.visitor()
	back := v.returned(b.invite(1), "0")
	v.do(http.MethodGet, back, nil)
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusSeeOther)
	b.Page("/settings") // signs in
	site := pages.New(b.Server.Options.Options, b.Inbox.InboxReader, b.Store, slog.New(slog.DiscardHandler))
	r := httptest.NewRequest(http.MethodGet, b.HTTP.URL+"/events", nil)
	for _, cookie := range append(b.Session(), v.http.Jar.Cookies(r.URL)...) {
		r.AddCookie(cookie)
	}
	asked := false
	peer.With(nil, site.SignedIn(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = true
		who, ok := auth.Of(r.Context())
		if !ok {
			t.Fatal("not signed in")
		}
		if !site.StillAdmitted(r) || !site.Connecting(r) {
			t.Error("not admitted while the session lasts")
		}
		if err := b.Store.EndSession(t.Context(), who.Account.ID, who.SessionID); err != nil {
			t.Fatal(err)
		}
		if site.StillAdmitted(r) {
			t.Error("admitted after the end of the session")
		}
	}))).ServeHTTP(httptest.NewRecorder(), r)
	if !asked {
		t.Error("not signed in")
	}
}
