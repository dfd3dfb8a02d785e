package pages_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/db"
)

func TestAnExportOfAnotherPersonIsAnEntryThatTheyFind(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.Push("dailies", `"calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":86400,"steps":1`)
	f.As("Ada")
	f.Form("/settings/sharing", url.Values{"admins_read": {"yes"}})
	own := []string{"/p/ada/export/dailies", "/p/ada/export/metrics", "/export.zip?person=ada&format=csv&file=records"}
	for _, path := range own {
		f.Get(path)
	}
	if got := f.log(db.ActionExported); len(got) > 0 {
		t.Errorf("what Ada exports of herself: %q", got)
	}
	f.As("root")
	f.Get("/p/ada/export/coverage") // delivery facts
	f.Get("/coverage.csv")
	if got := f.log(db.ActionExported); len(got) > 0 {
		t.Errorf("exports without values: %q", got)
	}
	for i, path := range []string{"/p/ada/export/dailies", "/p/ada/export/metrics", "/export.zip?person=ada"} {
		if w := f.Get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		if n := len(f.log(db.ActionExported)); n != i+1 {
			t.Errorf("%d entries after %s", n, path)
		}
	}
	if w := f.Get("/p/ben/export/dailies"); w.Code != http.StatusForbidden || len(f.log(db.ActionExported)) != 3 {
		t.Errorf("an export that is refused: %d", w.Code)
	}
	f.As("Ada")
	doc := parse(t, f.Get("/settings"))
	if got := says(doc, "audit"); strings.Count(got, "rootexported values") != 3 || !strings.Contains(got, "ada_dailies") {
		t.Errorf("Ada finds %q", got)
	}
	f.As("Ben")
	if doc := parse(t, f.Get("/settings")); says(doc, "audit-empty") == "" {
		t.Error("Ben finds what concerns Ada")
	}
}

func TestAnOpenedDeliveryIsAnEntryThatTheyFind(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.Push("dailies", `"calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":86400,"steps":1`)
	f.As("root")
	f.Get("/inbox/1") // without the body, which is not for root
	f.As("Ada")
	f.Form("/settings/sharing", url.Values{"admins_read": {"yes"}})
	f.Get("/inbox/1")
	f.As("root")
	f.Get("/inbox/1")
	f.Get("/inbox/1/body")
	person := strconv.FormatInt(f.ada.Person, 10) + " root: "
	want := person + "delivery 1\n" + person + "delivery 1, download"
	if got := strings.Join(f.log(db.ActionPayloadRead), "\n"); got != want {
		t.Errorf("the log has %q, want %q", got, want)
	}
	f.As("Ada")
	if got := says(parse(t, f.Get("/settings")), "audit"); strings.Count(got, "rootread a delivery") != 2 {
		t.Errorf("Ada finds %q", got)
	}
}

func TestADeliveryOfSeveralPeopleIsRecordedForEachOfTheOthers(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	if err := errors.Join(f.Store.SetAdminsRead(t.Context(), f.ben.Person, true),
		f.Store.Share(t.Context(), time.Now(), f.ben.Person, f.ada.ID),
		f.Store.Share(t.Context(), time.Now(), f.person("mira"), f.ada.ID)); err != nil {
		t.Fatal(err)
	}
	body := `{"dailies":[{"userId":"u1"},{"userId":"u2"},{"userId":"u3"}]}`
	if _, err := f.Inbox.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
		t.Fatal(err)
	}
	f.As("Ada")
	f.Get("/inbox/1")
	id := func(person int64) string { return strconv.FormatInt(person, 10) + " Ada: delivery 1" }
	want := []string{id(f.ben.Person), id(f.person("mira"))}
	if got := f.log(db.ActionPayloadRead); !slices.Equal(got, want) {
		t.Errorf("the log has %q, want %q", got, want)
	}
}

func TestTheAuditLogIsPagedAndFilteredAndForAdmins(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	const entries = 120
	for i := range entries {
		e := db.AuditEntry{At: time.Now(), Account: f.ada.ID, Actor: "Ada", Person: f.ben.Person, Action: db.ActionExported,
			Detail: "file " + strconv.Itoa(i), Address: "192.0.2.7"}
		if i%2 == 0 {
			e.Account, e.Actor, e.Person = f.ben.ID, "Ben", f.ada.Person
		}
		if err := f.Store.AddAudit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	f.As("Ben")
	if w := f.Get("/audit"); w.Code != http.StatusForbidden {
		t.Errorf("a member: %d", w.Code)
	}
	// walk follows Older from a page, and returns how many entries of actor it has.
	walk := func(path, actor string) (n, pages int) {
		for path != "" {
			doc := parse(t, f.Get(path))
			n += doc.Find("[data-testid=audit] td:nth-child(2):contains('" + actor + "')").Length()
			pages++
			path = doc.Find("a[rel=next]").AttrOr("href", "")
		}
		return n, pages
	}
	if n, pages := walk("/settings", "Ada"); n != entries/2 || pages != 2 {
		t.Errorf("Ben finds %d entries on %d pages", n, pages)
	}
	if strings.Contains(f.Page("/settings"), "192.0.2.7") {
		t.Error("Ben sees from where Ada came")
	}
	f.As("root")
	ben := strconv.FormatInt(f.ben.ID, 10)
	for path, want := range map[string][2]int{"/audit": {entries / 2, 3}, "/audit?person=ben": {entries / 2, 2},
		"/audit?person=ada": {0, 2}, "/audit?account=" + ben: {0, 2}, "/audit?person=ben&account=" + ben: {0, 1}} {
		if n, pages := walk(path, "Ada"); n != want[0] || pages != want[1] {
			t.Errorf("%s: %d of Ada on %d pages, want %v", path, n, pages, want)
		}
	}
	if got := f.Page("/audit"); !strings.Contains(got, "192.0.2.7") {
		t.Error("an admin does not see from where it came")
	}
	if w := f.Get("/audit?person=unknown"); w.Code != http.StatusNotFound {
		t.Errorf("a person who is not there: %d", w.Code)
	}
}
