package pages_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/jobs/notify"
	"garner/jobs/watch"
)

// connected connects a person with the account of a simulated one.
func (b *connectBox) connected(person int64, simulated string) {
	b.T.Helper()
	v := b.visitor()
	back := v.returned(b.invite(person), simulated)
	v.do(http.MethodGet, back, nil)
	v.do(http.MethodPost, "/connect/garmin/callback", stateOf(b.T, back)).says(b.T, http.StatusSeeOther)
}

func TestAnAdminMakesALinkThatConnects(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	if page := b.Page("/people"); !strings.Contains(page, "never connected to Garmin") {
		t.Error(page)
	}
	status, _, page := b.Send("/p/ada/connection/link", nil)
	doc := parsed(t, page)
	link, err := url.Parse(doc.Find("#one-time-link").AttrOr("value", ""))
	if status != http.StatusOK || err != nil || link.Host != "localhost:8080" || doc.Find("svg.qr path").Length() != 1 {
		t.Fatalf("%d, %v, %v", status, link, err)
	}
	if page := b.Page("/people"); !strings.Contains(page, "invited until") || strings.Contains(page, link.Path) {
		t.Error("the list does not say that Ada is invited, or shows the link again")
	}
	b.visitor().do(http.MethodGet, link.Path, nil).says(t, http.StatusOK, "Connect Ada to Garmin")
	b.connected(1, "0")
	if page := b.Page("/people"); !strings.Contains(page, "connected since") {
		t.Error(page)
	}
}

func TestAMemberConnectsAndStopsOnlyTheirOwnPerson(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	b.Account("ada", db.RoleMember, 1)
	b.As("ada")
	if page := b.Page("/settings"); !strings.Contains(page, "/p/ada/connection") {
		t.Error("no way to the connection")
	}
	status, to, _ := b.Send("/p/ada/connection/connect", nil)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "http://localhost:8080/connect/") {
		t.Fatalf("%d to %q", status, to)
	}
	b.connected(1, "0")
	b.connected(2, "1")
	for _, path := range []string{"connect", "link", "stop", "erase"} {
		if status, _, _ := b.Send("/p/ben/connection/"+path, url.Values{"name": {"Ben"}}); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _, _ := b.Send("/p/ada/connection/stop", nil); status != http.StatusSeeOther {
		t.Error(status)
	}
	for person, stopping := range map[int64]bool{1: true, 2: false} {
		if c, err := b.Store.ConnectionOf(t.Context(), person); err != nil || c.Stopping.IsZero() == stopping {
			t.Errorf("%+v, %v", c, err)
		}
	}
	if page := b.Page("/p/ada/connection"); !strings.Contains(page, "is being disconnected") {
		t.Error(page)
	}
}

func TestAnEndAtGarminIsAnEvent(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	b.connected(1, "0")
	if err := b.Store.EndConnection(t.Context(), time.Now(), 1, health.CauseEndedAtGarmin); err != nil {
		t.Fatal(err)
	}
	doc := parsed(t, b.Page("/p/ada/connection"))
	if text := doc.Find("[data-testid=consents]").Text(); !strings.Contains(text, "disconnected at Garmin") {
		t.Error(text)
	}
	if doc.Find("main .error, [data-testid=stop-form]").Length() > 0 {
		t.Error("it looks like an error, or can be stopped again")
	}
}

func TestErasingNeedsTheNameAndEndsTheConnectionAtGarmin(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	b.connected(1, "0")
	status, _, page := b.Send("/p/ada/connection/erase", url.Values{"name": {"Ben"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "This is not the name") {
		t.Errorf("%d", status)
	}
	if _, err := b.Store.PersonBySlug(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	status, to, _ := b.Send("/p/ada/connection/erase", url.Values{"name": {" ada "}})
	if status != http.StatusSeeOther || !strings.Contains(to, "asks+Garmin+to+end") {
		t.Errorf("%d to %q", status, to)
	}
	if _, err := b.Store.PersonBySlug(t.Context(), "ada"); !errors.Is(err, db.ErrNotFound) {
		t.Error(err)
	}
	if left, err := b.Store.Left(t.Context()); err != nil || len(left) != 1 || left[0].Stopping.IsZero() {
		t.Errorf("Garmin will not be asked to end the connection: %+v, %v", left, err)
	}
}

func TestWithoutAMailServerNoMailIsOffered(t *testing.T) {
	t.Parallel()
	b := newConnectBox(t)
	w := b.Server.Watch.(*watch.Watch)
	w.Dispatcher.Redirect([]notify.Destination{}, time.UTC)
	if err := w.Invite(t.Context(), "ada@example.org", "Ada", "x", time.Now()); !errors.Is(err, notify.ErrNoMail) {
		t.Error(err)
	}
	if page := b.Page("/p/ada/connection"); strings.Contains(page, `id="mail"`) {
		t.Error("mail is offered without a server")
	}
}
