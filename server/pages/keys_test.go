package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSingleKeysAreListedAndCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.As("Ada")
	doc := parse(t, f.Get("/help"))
	if doc.Find("dialog[data-keys] [data-go=h][href='/']").Length() != 1 || doc.Find("[data-testid=keys-switch]").Length() != 1 {
		t.Error("Help has no list, or no switch")
	}
	w := f.Form("/keys", url.Values{"keys": {"off"}, "back": {"/settings"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/settings" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	off := f.Ask(http.MethodGet, "/settings", func(r *http.Request) {
		for _, c := range w.Result().Cookies() {
			r.AddCookie(c)
		}
	})
	if doc := parse(t, off); doc.Find("dialog[data-keys]").Length() != 0 ||
		strings.TrimSpace(doc.Find("[data-testid=keys-switch] [aria-pressed=true]").Text()) != "Off" {
		t.Error("they are not off")
	}
}
