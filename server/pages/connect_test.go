package pages_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/server"
	"garner/server/auth"
	"garner/server/servertest"
)

// connectBox is an installation beside a simulated Garmin of two people.
type connectBox struct {
	*servertest.Site
	garmin *service.Service
	client *client.Client
	origin string
	// instead, if set, answers in place of Garmin's token URL and API.
	instead atomic.Pointer[http.HandlerFunc]
}

func newConnectBox(t *testing.T, changes ...func(*server.Options)) *connectBox {
	t.Helper()
	b := &connectBox{}
	world := simulator.New(simulator.Config{Seed: 1, People: 2, Until: time.Now()})
	b.garmin = service.New(world, service.Config{ClientID: "ours", ClientSecret: "hush"})
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := b.instead.Load(); h != nil && r.URL.Path != service.AuthorizePath {
			(*h)(w, r)
			return
		}
		b.garmin.ServeHTTP(w, r)
	}))
	t.Cleanup(host.Close)
	b.origin = host.URL
	garmin, err := client.New(client.Config{ClientID: "ours", ClientSecret: "hush",
		AuthorizeURL: host.URL + service.AuthorizePath, TokenURL: host.URL + service.TokenPath, APIOrigin: host.URL},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.client = garmin
	b.Site = freshBox(t, func(o *server.Options) {
		o.Garmin = garmin
		for _, change := range changes {
			change(o)
		}
	})
	b.Add("Ada", "")
	b.Add("Ben", "")
	return b
}

// answer answers in place of Garmin from now on.
func (b *connectBox) answer(h http.HandlerFunc) { b.instead.Store(&h) }

// invite returns the path of a new link of a person.
func (b *connectBox) invite(person int64) string {
	b.T.Helper()
	token, _, err := auth.NewInvitation(b.T.Context(), b.Store, time.Now(), person)
	if err != nil {
		b.T.Fatal(err)
	}
	return auth.ConnectURL("", token)
}

// visitor is a browser without a session.
type visitor struct {
	box  *connectBox
	http *http.Client
}

func (b *connectBox) visitor() *visitor {
	b.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.T.Fatal(err)
	}
	return &visitor{b, &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// page is an answer that was read.
type page struct {
	status   int
	to, text string
	header   http.Header
}

func (v *visitor) do(method, address string, form url.Values) page {
	t := v.box.T
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.box.HTTP.URL + address
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := v.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
}

// begin sends the form of a link and returns Garmin's sign-in page.
func (v *visitor) begin(link string) *url.URL {
	t := v.box.T
	t.Helper()
	p := v.do(http.MethodPost, link, nil)
	to, err := url.Parse(p.to)
	if err != nil || p.status != http.StatusSeeOther || !strings.HasPrefix(p.to, v.box.origin) {
		t.Fatalf("%d to %q, %v\n%s", p.status, p.to, err, p.text)
	}
	return to
}

// agree signs in at Garmin as a person of the world, and returns where Garmin leads to.
func (v *visitor) agree(signIn *url.URL, person, decision string, permissions ...string) string {
	t := v.box.T
	t.Helper()
	form := signIn.Query()
	form.Set("person", person)
	form.Set("decision", decision)
	form["permission"] = permissions
	p := v.do(http.MethodPost, v.box.origin+service.AuthorizePath, form)
	if p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.text)
	}
	return p.to
}

// returned begins, agrees and returns the address at which Garmin sends the visitor back.
func (v *visitor) returned(link, person string) string {
	v.box.T.Helper()
	return v.agree(v.begin(link), person, "agree", service.HealthExport, service.ActivityExport)
}

func stateOf(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"state": {u.Query().Get("state")}}
}

// says fails the test unless a page has a status and some texts.
func (p page) says(t *testing.T, status int, texts ...string) {
	t.Helper()
	if p.status != status {
		t.Errorf("%d, want %d\n%s", p.status, status, p.text)
	}
	for _, text := range texts {
		if !strings.Contains(p.text, text) {
			t.Errorf("the page does not say %q:\n%s", text, p.text)
		}
	}
}

// none fails the test if a person is connected.
func (b *connectBox) none(person int64) {
	b.T.Helper()
	if c, err := b.Store.ConnectionOf(b.T.Context(), person); !errors.Is(err, db.ErrNotFound) {
		b.T.Errorf("%+v, %v", c, err)
	}
}

func TestAPersonConnectsWithoutAnAccount(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v, link := b.visitor(), b.invite(1)
	first := v.do(http.MethodGet, link, nil)
	first.says(t, http.StatusOK, "Connect Ada to Garmin", "Historical data")
	if csp := first.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' "+b.origin+";") {
		t.Errorf("the form cannot lead to Garmin: %s", csp)
	}
	signIn := v.begin(link)
	if got := signIn.Query().Get("redirect_uri"); got != b.HTTP.URL+"/connect/garmin/callback" {
		t.Errorf("redirect_uri is %q", got)
	}
	back := v.agree(signIn, "0", "agree", service.HealthExport)
	confirm := v.do(http.MethodGet, back, nil)
	confirm.says(t, http.StatusOK, "Link this Garmin account to Ada?", "Sleep, ")
	b.none(1)
	v.do(http.MethodGet, back, nil).says(t, http.StatusOK, "Link this Garmin account to Ada?") // a reload
	linked := v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back))
	if linked.status != http.StatusSeeOther || linked.to != "/connect/garmin/done" {
		t.Fatalf("%d to %q\n%s", linked.status, linked.to, linked.text)
	}
	v.do(http.MethodGet, linked.to, nil).says(t, http.StatusOK, "Ada is connected", "Waiting for the first data",
		"Historical data is off", "/connect/garmin/events", "You can close this page")
	c, tokens, err := b.Store.TokensOf(t.Context(), 1)
	if err != nil || c.Person != 1 || c.State != db.Connected || tokens.Refresh == "" ||
		strings.Join(c.Granted, " ") != service.HealthExport {
		t.Fatalf("%+v, %v", c, err)
	}
	for range 2 { // the form again, and the page again
		again := v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back))
		if again.to != "/connect/garmin/done" || v.do(http.MethodGet, back, nil).to != "/connect/garmin/done" {
			t.Error("once more is not the same")
		}
	}
	v.do(http.MethodGet, link, nil).says(t, http.StatusNotFound, "This link no longer works")
	v.do(http.MethodPost, link, nil).says(t, http.StatusNotFound, "This link no longer works")
	log, err := b.Store.Audit(t.Context(), db.AuditFilter{Person: 1}, 10)
	if err != nil || len(log) != 1 || log[0].Action != db.ActionConnected {
		t.Errorf("%+v, %v", log, err)
	}

	day := strings.ReplaceAll(servertest.ADay, `"u1"`, `"`+c.UserID+`"`)
	if status := b.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(day)); status != http.StatusOK {
		t.Fatal(status)
	}
	b.Run()
	v.do(http.MethodGet, "/connect/garmin/done", nil).says(t, http.StatusOK, "Data has arrived")
}

func TestAStateWorksOnlyInTheBrowserInWhichItBegan(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	ada, mallory := b.visitor(), b.visitor()
	back := ada.returned(b.invite(1), "0")
	mallory.returned(b.invite(2), "1") // with a cookie of her own
	for name, stranger := range map[string]*visitor{"without a cookie": b.visitor(), "with another cookie": mallory} {
		t.Log(name)
		stranger.do(http.MethodGet, back, nil).says(t, http.StatusBadRequest, "did not begin in this browser")
		stranger.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusBadRequest,
			"did not begin in this browser")
		stranger.do(http.MethodPost, "/connect/garmin/again", stateOf(t, back)).says(t, http.StatusBadRequest,
			"did not begin in this browser")
		stranger.do(http.MethodGet, "/connect/garmin/done", nil).says(t, http.StatusNotFound, "Nothing was connected")
		stranger.do(http.MethodGet, "/connect/garmin/events", nil).says(t, http.StatusNotFound, "There is no such page")
	}
	for _, state := range []string{"", "&state=", "&state=forged"} {
		ada.do(http.MethodGet, "/connect/garmin/callback?code=x"+state, nil).says(t, http.StatusBadRequest)
	}
	b.none(1)
	ada.do(http.MethodGet, back, nil).says(t, http.StatusOK, "Link this Garmin account to Ada?") // it was not used up
	mallory.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back)).says(t, http.StatusBadRequest)
	b.none(1)
}

func TestAStateIsUsedUpByTheFirstAnswer(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v := b.visitor()
	signIn := v.begin(b.invite(1))
	state := "state=" + url.QueryEscape(signIn.Query().Get("state"))
	v.do(http.MethodGet, "/connect/garmin/callback?code=stolen&"+state, nil).says(t, http.StatusBadGateway,
		"no longer valid", "Try again")
	good := v.agree(signIn, "0", "agree", service.HealthExport)
	v.do(http.MethodGet, good, nil).says(t, http.StatusBadGateway, "no longer valid")
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, good)).says(t, http.StatusConflict, "nothing to link")
	b.none(1)
	again := v.do(http.MethodPost, "/connect/garmin/again", stateOf(t, good))
	if again.status != http.StatusSeeOther || !strings.HasPrefix(again.to, b.origin) {
		t.Errorf("%d to %q", again.status, again.to)
	}
}

func TestARunEndsAfterTenMinutes(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v, link := b.visitor(), b.invite(1)
	v.begin(link)
	cookie := v.http.Jar.Cookies(&url.URL{Scheme: "http", Host: strings.TrimPrefix(b.HTTP.URL, "http://"), Path: "/"})[0]
	if cookie.Name != "garner-connect" {
		t.Fatal(cookie.Name)
	}
	begun := time.Now().Add(-10*time.Minute - time.Second)
	invitation := auth.HashToken(strings.TrimPrefix(link, "/connect/"))
	for _, state := range []string{"late", "later"} {
		if err := b.Store.BeginAuthorization(t.Context(), begun, auth.HashToken(state), auth.HashToken(cookie.Value), invitation,
			"redirect", "verifier", begun.Add(10*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	v.do(http.MethodGet, "/connect/garmin/callback?code=x&state=late", nil).says(t, http.StatusBadRequest, "10 minutes")
	if _, err := b.Store.UseState(t.Context(), begun, auth.HashToken("later"), auth.HashToken(cookie.Value)); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.AuthorizationFacts(t.Context(), auth.HashToken("later"), "someone", nil, ""); err != nil {
		t.Fatal(err)
	}
	v.do(http.MethodPost, "/connect/garmin/callback", url.Values{"state": {"later"}}).says(t, http.StatusBadRequest,
		"10 minutes")
	b.none(1)
}

func TestWhatGarminSaysInAnErrorIsNotRepeated(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v, link := b.visitor(), b.invite(1)
	p := v.do(http.MethodGet, v.agree(v.begin(link), "0", "cancel"), nil)
	p.says(t, http.StatusOK, "You are not connected", "Try again")
	state := v.begin(link).Query().Get("state")
	p = v.do(http.MethodGet, "/connect/garmin/callback?error=%3Cscript%3Eevil&error_description=evil&state="+
		url.QueryEscape(state), nil)
	p.says(t, http.StatusOK, "You are not connected")
	if strings.Contains(p.text, "evil") {
		t.Error(p.text)
	}
}

func TestAGarminAccountOfAnotherPersonIsRefusedWithoutAName(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	ada := b.visitor()
	back := ada.returned(b.invite(1), "0")
	ada.do(http.MethodGet, back, nil)
	ben := b.visitor()
	early := ben.returned(b.invite(2), "0")
	ben.do(http.MethodGet, early, nil).says(t, http.StatusOK, "Link this Garmin account to Ben?")
	ada.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, back))
	for _, p := range []page{ben.do(http.MethodGet, early, nil),
		ben.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, early))} {
		p.says(t, http.StatusConflict, "belongs to another person")
		if strings.Contains(p.text, "Ada") {
			t.Error("the page names the other person")
		}
	}
	b.none(2)
}

func TestASecondTabWithTheSameLinkLinksNothingMore(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	v, link := b.visitor(), b.invite(1)
	one, two := v.returned(link, "0"), v.returned(link, "0")
	v.do(http.MethodGet, two, nil).says(t, http.StatusOK, "Link this")
	v.do(http.MethodGet, one, nil).says(t, http.StatusOK, "Link this")
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, one)).says(t, http.StatusSeeOther)
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(t, two)).says(t, http.StatusConflict, "used in the meantime")
	if all, err := b.Store.ConnectionsOf(t.Context(), []int64{1}); err != nil || len(all[1]) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}
