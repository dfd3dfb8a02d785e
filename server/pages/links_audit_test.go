package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/server/servertest"
)

// used uses the link of an answer, as who made it could.
func (f family) used(link *goquery.Document, adminsRead string) {
	f.T.Helper()
	u, err := url.Parse(link.Find("#one-time-link").AttrOr("value", ""))
	if err != nil {
		f.T.Fatal(err)
	}
	f.SignOut()
	form := url.Values{"token": {u.Query().Get("token")}, "password": {servertest.Password}, "admins_read": {adminsRead}}
	if w := f.Form("/setup", form); w.Code != http.StatusSeeOther {
		f.T.Fatalf("the link: %d", w.Code)
	}
}

func TestAPersonSeesThatALinkOfAnAdminSetTheirPassword(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("root")
	f.used(parse(t, f.Form(accountPath(f.ben, "/link"), nil)), "yes")
	f.As("Ben")
	page := says(parse(t, f.Get("/settings")), "audit")
	for _, detail := range []string{"reset for Ben", "reset"} {
		if !strings.Contains(page, detail) {
			t.Errorf("no %q in %s", detail, page)
		}
	}
	list, err := f.Store.Audit(t.Context(), db.AuditFilter{Person: f.person("ben")}, 10)
	if err != nil || len(list) != 2 || list[0].Action != db.ActionPasswordChanged {
		t.Errorf("%+v, %v", list, err)
	}
	if read, err := f.Store.AdminsRead(t.Context(), f.person("ben")); read || err != nil {
		t.Errorf("a link that resets a password decides about sharing: %v, %v", read, err)
	}
}

func TestWhatWasDecidedByALinkIsInTheAuditLog(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	ben := f.person("ben")
	f.As("root")
	if w := f.Form(accountPath(f.ben, "/remove"), url.Values{"name": {"Ben"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if read, err := f.Store.AdminsRead(t.Context(), ben); read || err != nil {
		t.Errorf("admins read values of who said no, once the account is gone: %v, %v", read, err)
	}
	f.used(parse(t, f.Form("/people/ben/invite", url.Values{"name": {"Ben"}})), "yes")
	if got := f.log(db.ActionSharingChanged); len(got) != 1 || !strings.HasSuffix(got[0], " Ben: admins may see values") {
		t.Errorf("%q", got)
	}
}
