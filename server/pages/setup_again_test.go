package pages_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"garner/db"
	"garner/server/auth"
	"garner/server/servertest"
)

// old makes the password of a session one that was given an hour ago.
func old(t *testing.T, s *servertest.Site, session *http.Cookie) {
	t.Helper()
	now, hash := time.Now(), auth.HashToken(session.Value)
	data, err := s.Store.SessionData(t.Context(), now, hash)
	if err != nil {
		t.Fatal(err)
	}
	ends, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	values["since"] = now.Add(-time.Hour).UnixMilli()
	if data, err = (scs.GobCodec{}).Encode(ends, values); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.TouchSession(t.Context(), now, hash, data, ends); err != nil {
		t.Fatal(err)
	}
}

func TestASecretIsOnlyChangedSoonAfterThePasswordWasGiven(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	s.Page("/") // adds the admin
	s.SignOut()
	w := s.Form("/signin", values("name", "admin", "password", servertest.Password))
	session := w.Result().Cookies()[0]
	old(t, s, session)
	send := func(pairs ...string) (int, string) {
		w := s.Ask(http.MethodPost, "/setup/garmin", func(r *http.Request) {
			r.AddCookie(session)
			r.Body = io.NopCloser(strings.NewReader(values(pairs...).Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		})
		return w.Code, w.Body.String()
	}
	status, page := send("garmin.client_id", "ours", "garmin.client_secret", "hush")
	doc := parsed(t, page)
	if to, _ := doc.Find("form .error a").Attr("href"); status != http.StatusUnprocessableEntity ||
		to != "/reauthenticate?next=/setup/garmin" {
		t.Errorf("a secret: %d, %q", status, to)
	}
	if typed, _ := doc.Find("#garmin-client_id").Attr("value"); typed != "ours" || strings.Contains(page, "hush") {
		t.Errorf("the client id is %q, the secret is shown: %v", typed, strings.Contains(page, "hush"))
	}
	if setting(t, s, "garmin.client_secret") != "" || setting(t, s, "garmin.client_id") != "" {
		t.Error("something was saved")
	}
	if status, _ = send("garmin.client_id", "ours"); status != http.StatusSeeOther {
		t.Errorf("without a secret: %d", status)
	}
	if err := s.Store.SetSecretSetting(t.Context(), "garmin.client_secret", "hush"); err != nil {
		t.Fatal(err)
	}
	if status, _ = send("garmin.client_id", "other"); status != http.StatusUnprocessableEntity {
		t.Errorf("beside a secret: %d", status)
	}
}

func TestThePublicAddressIsOnlyChangedSoonAfterThePasswordWasGiven(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	s.Page("/") // adds the admin
	s.SignOut()
	session := s.Form("/signin", values("name", "admin", "password", servertest.Password)).Result().Cookies()[0]
	old(t, s, session)
	w := s.Ask(http.MethodPost, "/setup/address", func(r *http.Request) {
		r.AddCookie(session)
		r.Body = io.NopCloser(strings.NewReader(values("public_url", "https://evil.example").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	})
	to, _ := parsed(t, w.Body.String()).Find("form .error a").Attr("href")
	if w.Code != http.StatusUnprocessableEntity || to != "/reauthenticate?next=/setup/address" {
		t.Errorf("%d, %q: links that set passwords would lead to another machine", w.Code, to)
	}
}

func TestManyFilesAtOnceNeedThePasswordAgain(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", `"calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":86400,"steps":1`)
	s.Account("root", db.RoleAdmin, 0)
	s.As("root")
	const choice = "person=ada&file=dailies&file=metrics"
	if w := s.Get("/export.zip?" + choice); w.Code != http.StatusOK {
		t.Fatalf("soon after the sign-in: %d", w.Code)
	}
	old(t, s, s.Session()[0])
	w := s.Get("/export.zip?" + choice)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || to.Path != "/reauthenticate" ||
		to.Query().Get("next") != "/export?"+choice {
		t.Errorf("later: %d, %s", w.Code, to)
	}
	if w := s.Get("/p/ada/export/dailies"); w.Code != http.StatusOK {
		t.Errorf("one file: %d", w.Code)
	}
	w = s.Form("/reauthenticate", values("password", servertest.Password, "next", "/export?"+choice))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("again: %d", w.Code)
	}
	s.Use(w.Result().Cookies())
	if w := s.Get("/export.zip?" + choice); w.Code != http.StatusOK {
		t.Errorf("after the password: %d", w.Code)
	}
}
