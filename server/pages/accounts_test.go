package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/server"
	"garner/server/servertest"
)

// family is a server with Ada and Ben, who have accounts of members, and Mira, who
// has none. Its admin is root, without a person.
type family struct {
	*servertest.Site
	root, ada, ben *db.Account
}

func newFamily(t *testing.T) family {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), nil)
	f := family{Site: s}
	for i, name := range []string{"Ada", "Ben", "Mira"} {
		s.Add(name, "u"+strconv.Itoa(i+1))
	}
	f.root = s.Account("root", db.RoleAdmin, 0)
	f.ada, f.ben = s.Account("Ada", db.RoleMember, f.person("ada")), s.Account("Ben", db.RoleMember, f.person("ben"))
	return f
}

func (f family) person(slug string) int64 {
	f.T.Helper()
	p, err := f.Store.PersonBySlug(f.T.Context(), slug)
	if err != nil {
		f.T.Fatal(err)
	}
	return p.ID
}

// log are the entries of the audit log with some action, as person, actor and
// detail, oldest first.
func (f family) log(action db.Action) (out []string) {
	f.T.Helper()
	list, err := f.Store.Audit(f.T.Context(), db.AuditFilter{}, 1000)
	if err != nil {
		f.T.Fatal(err)
	}
	for _, e := range list {
		if e.Action == action {
			out = append([]string{strconv.FormatInt(e.Person, 10) + " " + e.Actor + ": " + e.Detail}, out...)
		}
	}
	return out
}

func parse(t *testing.T, w *httptest.ResponseRecorder) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// says is the text of what has a test id, with single spaces.
func says(doc *goquery.Document, id string) string {
	return strings.Join(strings.Fields(doc.Find("[data-testid="+id+"]").Text()), " ")
}

func accountPath(a *db.Account, action string) string {
	return "/accounts/" + strconv.FormatInt(a.ID, 10) + action
}

func TestAnInvitationIsShownOnceAndItsLinkMakesAMemberWhoDecides(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("root")
	if doc := parse(t, f.Get("/people/mira/invite")); !strings.Contains(says(doc, "visible"), "admins see the health data of Mira") ||
		doc.Find("#name").AttrOr("value", "") != "Mira" {
		t.Error("the form does not say who sees Mira now, or proposes no name")
	}
	w := f.Form("/people/mira/invite", url.Values{"name": {"ben"}})
	if doc := parse(t, w); w.Code != http.StatusConflict || doc.Find("#name[aria-invalid]").Length() != 1 {
		t.Errorf("a name that is taken: %d", w.Code)
	}
	w = f.Form("/people/mira/invite", url.Values{"name": {"Mira"}})
	link := parse(t, w).Find("#one-time-link").AttrOr("value", "")
	u, err := url.Parse(link)
	if err != nil || u.Path != "/setup" || u.Host != "localhost:8080" || u.Scheme != "http" {
		t.Fatalf("%d: the link is %q, %v", w.Code, link, err)
	}
	if w := f.Form("/people/mira/invite", url.Values{"name": {"Mira 2"}}); w.Code != http.StatusConflict {
		t.Errorf("a second account: %d", w.Code)
	}
	for _, path := range []string{"/people", "/audit"} {
		if strings.Contains(f.Page(path), u.Query().Get("token")) {
			t.Errorf("%s shows the link again", path)
		}
	}
	f.SignOut()
	form := url.Values{"token": {u.Query().Get("token")}, "password": {servertest.Password}, "admins_read": {"no"}}
	if w := f.Form("/setup", form); w.Code != http.StatusSeeOther {
		t.Fatalf("the link: %d", w.Code)
	}
	if w := f.Form("/setup", form); w.Code != http.StatusNotFound {
		t.Errorf("the link a second time: %d", w.Code)
	}
	f.As("Mira")
	if w := f.Get("/people"); w.Code != http.StatusForbidden {
		t.Errorf("who was invited is no member: %d", w.Code)
	}
	if read, err := f.Store.AdminsRead(t.Context(), f.person("mira")); read || err != nil {
		t.Errorf("admins read values: %v, %v", read, err)
	}
}

func TestALinkOfSevenDaysInvitesAndOneOfADayResets(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("root")
	f.Form("/people/mira/invite", url.Values{"name": {"Mira"}})
	mira, err := f.Store.AccountByName(t.Context(), "Mira")
	if err != nil {
		t.Fatal(err)
	}
	for a, want := range map[*db.Account]struct {
		path  string
		lasts time.Duration
	}{mira: {"/setup", 7 * 24 * time.Hour}, f.ben: {"/setup", 24 * time.Hour}} {
		w := f.Ask(http.MethodPost, accountPath(a, "/link"), func(r *http.Request) {
			r.Header.Set("Accept-Encoding", "gzip")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		})
		if w.Header().Get("Content-Encoding") != "" {
			t.Fatalf("%s: a secret is compressed", a.Name)
		}
		doc := parse(t, w)
		u, err := url.Parse(doc.Find("#one-time-link").AttrOr("value", ""))
		if err != nil || u.Path != want.path {
			t.Fatalf("%s: %v, %v", a.Name, u, err)
		}
		until, err := time.Parse(time.RFC3339, doc.Find("[data-testid=expires] time").AttrOr("datetime", ""))
		if off := time.Until(until) - want.lasts; err != nil || off.Abs() > time.Minute {
			t.Errorf("%s: until %v, %v", a.Name, until, err)
		}
	}
}

func TestTheLinkLeadsToThePublicAddress(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.Address = "https://garner.example.org" })
	s.Add("Ada", "u1")
	w := s.Form("/people/ada/invite", url.Values{"name": {"Ada"}})
	if got := parse(t, w).Find("#one-time-link").AttrOr("value", ""); !strings.HasPrefix(got,
		"https://garner.example.org/setup?token=") {
		t.Errorf("%d: %q", w.Code, got)
	}
}

func TestTheLastAdminStaysUntilThereIsAnother(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("root")
	changes := map[string]url.Values{"/disabled": {"disabled": {"yes"}}, "/role": {"role": {"member"}},
		"/remove": {"name": {"root"}}}
	for action, form := range changes {
		w := f.Form(accountPath(f.root, action), form)
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "last admin who can sign in") {
			t.Errorf("%s of the last admin: %d", action, w.Code)
		}
	}
	doc := parse(t, f.Get(accountPath(f.root, "")))
	if says(doc, "last-admin") == "" || doc.Find("form[action$='/remove'], form[action$='/role']").Length() != 0 {
		t.Error("its page offers what is refused, or does not say why")
	}
	if w := f.Form(accountPath(f.ben, "/role"), url.Values{"role": {"admin"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("another admin: %d", w.Code)
	}
	if w := f.Form(accountPath(f.root, "/role"), url.Values{"role": {"member"}}); w.Code != http.StatusSeeOther ||
		!strings.HasPrefix(w.Header().Get("Location"), "/settings?") {
		t.Errorf("no longer the last: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := f.Get("/people"); w.Code != http.StatusForbidden {
		t.Errorf("who became a member still sees accounts: %d", w.Code)
	}
}

func TestAnAccountIsDisabledEnabledAndRemovedByItsName(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("root")
	f.Form(accountPath(f.ben, "/disabled"), url.Values{"disabled": {"yes"}})
	if w := f.Form(accountPath(f.ben, "/link"), nil); w.Code != http.StatusConflict {
		t.Errorf("a link for a disabled account: %d", w.Code)
	}
	if doc := parse(t, f.Get("/people")); !strings.Contains(says(doc, "account-line"), "Ben member disabled") {
		t.Errorf("the list says %q", says(doc, "account-line"))
	}
	f.SignOut()
	if w := f.Form("/signin", url.Values{"name": {"Ben"}, "password": {servertest.Password}}); w.Code != 401 {
		t.Errorf("a disabled account signs in: %d", w.Code)
	}
	f.As("root")
	f.Form(accountPath(f.ben, "/disabled"), url.Values{"disabled": {"no"}})
	w := f.Form(accountPath(f.ben, "/remove"), url.Values{"name": {"Bean"}})
	if doc := parse(t, w); w.Code != 422 || doc.Find("#name[aria-invalid]").Length() != 1 {
		t.Errorf("another name: %d", w.Code)
	}
	if _, err := f.Store.Account(t.Context(), f.ben.ID); err != nil {
		t.Error("it is removed by another name")
	}
	f.Form(accountPath(f.ben, "/remove"), url.Values{"name": {" ben "}})
	if _, err := f.Store.Account(t.Context(), f.ben.ID); err == nil {
		t.Error("it is not removed by its name")
	}
	person := strconv.FormatInt(f.ben.Person, 10)
	want := []string{person + " root: Ben is disabled", person + " root: Ben is enabled"}
	if got := f.log(db.ActionAccountChanged); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log has %q, want %q", got, want)
	}
	if got := f.log(db.ActionAccountRemoved); len(got) != 1 || got[0] != person+" root: Ben" {
		t.Errorf("the log has %q", got)
	}
}

func TestAccountsChangeOnlyWithAPasswordOfTheLastTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.HTTP.Close() // its listener would hold time back
		f.As("root")
		posts := map[string]url.Values{accountPath(f.ben, "/role"): {"role": {"admin"}},
			accountPath(f.ben, "/disabled"): {"disabled": {"yes"}}, accountPath(f.ben, "/remove"): {"name": {"Ben"}},
			accountPath(f.ben, "/link"): {}, "/people/mira/invite": {"name": {"Mira"}}}
		time.Sleep(10*time.Minute + time.Second)
		for path, form := range posts {
			if w := f.Form(path, form); !strings.HasPrefix(w.Header().Get("Location"), "/reauthenticate?next=%2F") {
				t.Errorf("%s: %d to %q", path, w.Code, w.Header().Get("Location"))
			}
		}
		got, err := f.Store.Account(t.Context(), f.ben.ID)
		if err != nil || got.Role != db.RoleMember || got.Disabled || len(f.log(db.ActionLinkCreated)) > 0 {
			t.Errorf("it changed: %+v, %v", got, err)
		}
		f.As("root") // a new session
		if w := f.Form(accountPath(f.ben, "/role"), posts[accountPath(f.ben, "/role")]); !strings.HasPrefix(
			w.Header().Get("Location"), "/accounts/") {
			t.Errorf("after the password: %d to %q", w.Code, w.Header().Get("Location"))
		}
	})
}

func TestTheListSaysWhoHasAnAccountAndWhoIsVisibleWithout(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ada")
	f.As("root")
	doc := parse(t, f.Get("/people"))
	if got := says(doc, "people"); !strings.Contains(got, "Account Ada member signed in just now") ||
		!strings.Contains(got, "Account Ben member never signed in") || !strings.Contains(got, "no account, so admins see") {
		t.Errorf("the people: %q", got)
	}
	if got := says(doc, "accounts"); !strings.Contains(got, "root admin signed in") || strings.Contains(got, "Ada") {
		t.Errorf("the accounts without a person: %q", got)
	}
	if !strings.Contains(says(doc, "consent"), "Admins see the health data of people without an account. Ask people") {
		t.Error("the form to add a person does not say who sees them")
	}
	f.Form("/people", url.Values{"name": {"Noa"}})
	if got := f.log(db.ActionPersonAdded); len(got) != 1 || !strings.Contains(got[0], "root") {
		t.Errorf("the log has %q", got)
	}
}

func TestAMemberIsToldOfNoAlertsInsteadOfNoPeople(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Account("ada", db.RoleMember, 1)
	s.As("ada")
	page := s.Page("/alerts")
	if !strings.Contains(page, "No alerts are open.") || strings.Contains(page, "notification channel") {
		t.Errorf("a member with a person reads %q", strings.Join(strings.Fields(servertest.Tags.ReplaceAllString(page, " ")), " "))
	}
}
