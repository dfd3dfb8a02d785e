package pages_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/servertest"
)

func TestANewPasswordEndsTheOtherSessionsAndNotThisOne(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ada") // in another browser
	f.As("Ada")
	const password = "another horse battery"
	for name, c := range map[string]struct{ old, to, field string }{
		"the wrong old one": {"wrong horse battery", password, "#old"}, "a short new one": {servertest.Password, "x", "#new"},
	} {
		w := f.Form("/settings/password", url.Values{"old": {c.old}, "new": {c.to}})
		doc := parse(t, w)
		if w.Code != 422 || doc.Find(c.field+"[aria-invalid]").Length() != 1 || doc.Find("[type=password][value]").Length() > 0 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	w := f.Form("/settings/password", url.Values{"old": {servertest.Password}, "new": {password}})
	if w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "other+sessions") {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if list, err := f.Store.SessionsOf(t.Context(), time.Now(), f.ada.ID); err != nil || len(list) != 1 {
		t.Errorf("%d sessions are left, %v", len(list), err)
	}
	session := w.Result().Cookies()
	f.SignOut()
	got := f.Ask(http.MethodGet, "/settings", func(r *http.Request) {
		for _, c := range session {
			r.AddCookie(c)
		}
	})
	if got.Code != http.StatusOK {
		t.Errorf("the session that changed it: %d", got.Code)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ben")
	for range 3 {
		f.As("Ada")
	}
	doc := parse(t, f.Get("/settings"))
	rows := doc.Find("[data-testid=sessions] li")
	if rows.Length() != 3 || strings.Count(rows.Text(), "this browser") != 1 || doc.Find("form[action$='/end']").Length() != 2 {
		t.Fatalf("%d sessions: %q", rows.Length(), says(doc, "sessions"))
	}
	others, err := f.Store.SessionsOf(t.Context(), time.Now(), f.ben.ID)
	if err != nil {
		t.Fatal(err)
	}
	if w := f.Form("/settings/sessions/end", url.Values{"id": {others[0].ID}}); w.Code != http.StatusNotFound {
		t.Errorf("the session of another account: %d", w.Code)
	}
	f.Form("/settings/sessions/end", url.Values{"id": {doc.Find("[name=id]").First().AttrOr("value", "")}})
	if n := parse(t, f.Get("/settings")).Find("[data-testid=sessions] li").Length(); n != 2 {
		t.Errorf("%d sessions after one ended", n)
	}
	f.Form("/settings/sessions/end-others", nil)
	if n := parse(t, f.Get("/settings")).Find("[data-testid=sessions] li").Length(); n != 1 {
		t.Errorf("%d sessions after all others ended", n)
	}
	left, err := f.Store.SessionsOf(t.Context(), time.Now(), f.ben.ID)
	if err != nil || len(left) != 1 {
		t.Errorf("Ben has %d sessions, %v", len(left), err)
	}
	if n := len(f.log(db.ActionSessionEnded)); n != 2 {
		t.Errorf("%d entries of sessions that ended", n)
	}
}

func TestPreferencesAreThoseOfTheHouseholdUntilTheyAreChosen(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ada")
	doc := parse(t, f.Get("/settings"))
	for _, id := range []string{"#units", "#weight", "#temperature", "#energy"} {
		if doc.Find(id+" option").Length() < 3 {
			t.Errorf("%s has nothing to choose", id)
		}
	}
	for _, id := range []string{"#units", "#clock", "#week_start"} {
		if got := doc.Find(id + " option[selected]").Text(); !strings.HasPrefix(got, "As the household: ") {
			t.Errorf("%s is %q", id, got)
		}
	}
	form := url.Values{"units": {"imperial"}, "weight": {"st"}, "temperature": {"c"}, "energy": {"kj"}, "clock": {"12"},
		"week_start": {"sunday"}, "zone": {"America/New_York"}}
	if w := f.Form("/settings/preferences", form); w.Header().Get("Location") != "/settings?flash=Saved." {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	f.Form("/settings/mail", url.Values{"mail": {"ada@example.org"}})
	got, err := f.Store.Account(t.Context(), f.ada.ID)
	want := db.Preferences{Units: health.Units{System: "imperial", Weight: "st", Temperature: "c", Energy: "kj"},
		Clock: "12", WeekStart: "sunday", Zone: "America/New_York", Mail: "ada@example.org"}
	if err != nil || got.Preferences != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, zone := range []string{"Mars", "Local", "../etc"} {
		form.Set("zone", zone)
		w := f.Form("/settings/preferences", form)
		if doc := parse(t, w); w.Code != 422 || doc.Find("#zone[aria-invalid]").AttrOr("value", "") != zone {
			t.Errorf("%s: %d", zone, w.Code)
		}
	}
	for _, name := range []string{"units", "weight", "temperature", "energy"} {
		wrong := maps.Clone(form)
		wrong.Set(name, "furlongs")
		if w := f.Form("/settings/preferences", wrong); w.Code != http.StatusBadRequest {
			t.Errorf("%s that is none: %d", name, w.Code)
		}
	}
}

func TestAMailAddressIsOnePlainAddress(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ada")
	for _, mail := range []string{"ada", "Ada <ada@example.org>", "ada@example.org, ben@example.org",
		"ada@example.org\r\nBcc: eve@example.org", strings.Repeat("a", 250) + "@example.org"} {
		w := f.Form("/settings/mail", url.Values{"mail": {mail}})
		if doc := parse(t, w); w.Code != 422 || doc.Find("#mail[aria-invalid]").Length() != 1 {
			t.Errorf("%.40q: %d", mail, w.Code)
		}
	}
	f.Form("/settings/mail", url.Values{"mail": {"ada@example.org"}})
	if w := f.Form("/settings/mail", nil); w.Code != http.StatusBadRequest ||
		!strings.Contains(f.Get("/settings").Body.String(), "ada@example.org") {
		t.Errorf("a form without an address: %d, or the address is gone", w.Code)
	}
	f.As("root")
	if w := f.Form("/settings/mail", url.Values{"mail": {"root@example.org"}}); w.Code != http.StatusBadRequest {
		t.Errorf("of an account without a person: %d", w.Code)
	}
	if doc := parse(t, f.Get("/settings")); says(doc, "no-person") == "" || doc.Find("#mail").Length() > 0 {
		t.Error("an account without a person has mail, or no word why not")
	}
}

func TestEachChangeOfSharingTakesEffectAndIsAnEntry(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.Push("dailies", `"calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":86400,"steps":1`)
	sees := func(name string) int {
		f.As(name)
		return f.Get("/p/ada/day/2026-11-20").Code
	}
	if ben, root := sees("Ben"), sees("root"); ben != 404 || root != 403 {
		t.Errorf("before: Ben %d, root %d", ben, root)
	}
	f.As("Ada")
	id := strconv.FormatInt(f.ben.ID, 10)
	for range 2 { // the second changes nothing
		f.Form("/settings/sharing", url.Values{"admins_read": {"yes"}, "account": {id}})
	}
	if ben, root := sees("Ben"), sees("root"); ben != 200 || root != 200 {
		t.Errorf("shared: Ben %d, root %d", ben, root)
	}
	f.As("Ada")
	if doc := parse(t, f.Get("/settings")); doc.Find("#account-"+id+"[checked], #admins-yes[checked]").Length() != 2 {
		t.Error("the form does not show it")
	}
	f.Form("/settings/sharing", url.Values{"admins_read": {"no"}})
	if ben, root := sees("Ben"), sees("root"); ben != 404 || root != 403 {
		t.Errorf("afterwards: Ben %d, root %d", ben, root)
	}
	person := strconv.FormatInt(f.ada.Person, 10) + " Ada: "
	want := []string{person + "admins may see values", person + "Ben may see values",
		person + "admins may no longer see values", person + "Ben may no longer see values"}
	if got := f.log(db.ActionSharingChanged); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log has %q", got)
	}
	f.As("root") // has no person
	if w := f.Form("/settings/sharing", url.Values{"admins_read": {"yes"}}); w.Code != http.StatusNotFound {
		t.Errorf("an account without a person: %d", w.Code)
	}
}

func TestSettingsNameWhatTheHouseholdPrefers(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Page("/") // adds the admin
	form := url.Values{"preferences.units": {"imperial"}, "preferences.clock": {"12"}, "preferences.week_start": {"sunday"}}
	if w := s.Form("/settings/box/preferences", form); w.Code != http.StatusSeeOther {
		t.Fatalf("the preferences of the household: %d", w.Code)
	}
	doc := parse(t, s.Get("/settings"))
	for id, want := range map[string]string{"#units": "imperial", "#clock": "12 hours", "#week_start": "Sunday"} {
		if got := doc.Find(id + " option[selected]").Text(); !strings.HasPrefix(got, "As the household: "+want) {
			t.Errorf("%s is %q", id, got)
		}
	}
}
