package server_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db/seal"
)

// TestErasingAPersonOpensTheirBodiesToNoOne: a body stays until nothing in it is needed for
// others, which may take long.
func TestErasingAPersonOpensTheirBodiesToNoOne(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.Store.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	s.As("admin") // to whom Ben does not show values
	closed := func(when string) {
		t.Helper()
		page, body := s.Get("/inbox/1"), s.Get("/inbox/1/body")
		if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "4321") || body.Code != http.StatusForbidden {
			t.Errorf("%s: the delivery is %d, its body %d", when, page.Code, body.Code)
		}
	}
	closed("before")
	if err := s.Store.Erase(t.Context(), time.Now(), 2); err != nil {
		t.Fatal(err)
	}
	closed("once his erasure has begun")
	s.Store.UseKeys(nil)
	closed("where it cannot be decrypted what he was called")
}

func TestBodiesOfPeopleWhoAreNotLinkedStayOpenToAdminsAfterAnErasure(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.Store.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	if err := s.Store.Erase(t.Context(), time.Now(), 2); err != nil {
		t.Fatal(err)
	}
	s.Push("dailies", `"calendarDate":"2026-11-20","steps":7777`) // of u1, whom no one is
	s.As("admin")
	if w := s.Get("/inbox/2/body"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "7777") {
		t.Errorf("%d", w.Code)
	}
}
