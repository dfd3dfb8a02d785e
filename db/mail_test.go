package db_test

import (
	"errors"
	"strings"
	"testing"

	"garner/db"
)

func TestTheMailOfAnAccountIsOnePlainAddress(t *testing.T) {
	t.Parallel()
	most := strings.Repeat("a", 242) + "@example.org" // 254 bytes
	for _, good := range []string{"ada@example.org", "a.b+c@localhost", "Ada@Example.org", most} {
		if err := db.CheckMail(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	s := openStore(t, t.TempDir())
	a := addAccount(t, s, "Ada", db.RoleMember, 0)
	for _, bad := range []string{"ada", "ada@", "@example.org", "Ada <ada@example.org>", "<ada@example.org>",
		"ada@example.org (Ada)", " ada@example.org", "ada@example.org\n", "ada@example.org\r\nBcc: eve@example.org",
		"ada@example.org, eve@example.org", "ada@bücher.example", "ada@example.org\x00", "a" + most} {
		for _, err := range []error{db.CheckMail(bad), s.SetPreferences(t.Context(), a.ID, db.Preferences{Mail: bad})} {
			if !errors.Is(err, db.ErrMail) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := s.AddAccount(t.Context(), noon, db.Account{Name: "Ben", Role: db.RoleMember,
			Preferences: db.Preferences{Mail: bad}}, ""); !errors.Is(err, db.ErrMail) {
			t.Errorf("a new account with %q: %v", bad, err)
		}
	}
	if err := s.SetPreferences(t.Context(), a.ID, db.Preferences{}); err != nil {
		t.Error(err)
	}
}
