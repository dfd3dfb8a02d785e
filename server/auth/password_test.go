package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"garner/db"
)

func TestPasswordsAreLongAndNotWhatAttackersTryFirst(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                             "at least 12",
		"elevenchars":                  "at least 12",
		"ööööööäääää":                  "at least 12", // 22 bytes
		"correct horse battery":        "",
		"Ünïcödé is ok":                "",
		"           x  y  z and w":     "",
		strings.Repeat("xyz1", 64):     "repeats",
		strings.Repeat("m", 255) + "é": "256 bytes",
		"qwertyqwerty":                 "on the lists",
		"QwertyQwerty":                 "on the lists",
		"1qaz2wsx3edc":                 "on the lists",
		"aaaaaaaaaaaaa":                "repeats",
		"garnergarnerga":               "repeats",
		"Ada Lovelace":                 "Besides the name",
		"ada lovelace 1815":            "Besides the name",
		"ada lovelace likes engines":   "",
		"\xff\xfe and ten more":        "UTF-8",
		"# MIT License":                "",
	} {
		err := CheckPassword(given, "Ada  Lovelace")
		var refused PasswordError
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", given, err)
		case want != "" && (!errors.As(err, &refused) || !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), ".")):
			t.Errorf("%q: %v, want %q", given, err, want)
		}
	}
}

func TestTheListOfPasswordsHoldsOnlyWhatCouldBeChosen(t *testing.T) {
	t.Parallel()
	n, last := 0, ""
	for line := range strings.Lines(common) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "#") {
			continue
		}
		n++
		if len([]rune(line)) < minRunes || line != strings.ToLower(line) || line <= last || n%100 == 1 && !isCommon(line) {
			t.Errorf("%q after %q", line, last)
		}
		last = line
	}
	if n < 3000 {
		t.Errorf("%d passwords", n)
	}
}

func TestANewPasswordNeedsTheOldOneAndEndsOtherSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.account("Ada", db.RoleAdmin)
	b, other := s.signedIn("Ada"), s.signedIn("Ada")
	const next = "an even better sentence"
	if err := b.post("/password", "password", "wrong", "to", next); !errors.Is(err, ErrWrong) {
		t.Errorf("with a wrong old one: %v", err)
	}
	var refused PasswordError
	if err := b.post("/password", "password", password, "to", "short"); !errors.As(err, &refused) {
		t.Errorf("a short one: %v", err)
	}
	if err := s.browser("192.0.2.1").post("/password", "password", password, "to", next); !errors.Is(err, ErrWrong) {
		t.Errorf("not signed in: %v", err)
	}
	if other.who() == "" {
		t.Error("a refused change ends sessions")
	}
	if err := b.post("/password", "password", password, "to", next); err != nil || b.who() != "Ada true" || other.who() != "" {
		t.Errorf("%v, now %q, other %q", err, b.who(), other.who())
	}
	if err := s.browser("192.0.2.1").signIn("Ada", password); !errors.Is(err, ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if err := s.browser("192.0.2.1").signIn("Ada", next); err != nil {
		t.Errorf("the new password: %v", err)
	}
	log, err := s.store.Audit(t.Context(), db.AuditFilter{Account: a.ID}, 10)
	if err != nil || len(log) != 6 || log[2].Action != db.ActionPasswordChanged {
		t.Errorf("%+v, %v", log, err)
	}
}

// link adds a link and returns its token.
func (s *site) link(kind db.LinkKind, account int64, lasts time.Duration) string {
	s.t.Helper()
	token, hash := newToken()
	now := time.Now()
	if err := s.store.AddLink(s.t.Context(), now, hash, kind, account, now.Add(lasts)); err != nil {
		s.t.Fatal(err)
	}
	return token
}

func TestTheFirstAdminIsCreatedByItsLinkOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.link(db.LinkSetup, 0, time.Hour)
	b := s.browser("192.0.2.1")
	create := func(token, name, password string) error {
		return b.post("/setup", "token", token, "name", name, "password", password)
	}
	if err := create("guess", "Eve", password); !errors.Is(err, ErrLink) {
		t.Errorf("a guess: %v", err)
	}
	var refused PasswordError
	if err := create(token, "Ada", "short"); !errors.As(err, &refused) {
		t.Errorf("a short password: %v", err)
	}
	if err := create(token, "Ada with a long name", "ada with a long name"); !errors.As(err, &refused) {
		t.Errorf("the name as password: %v", err)
	}
	if err := b.post("/accept", "token", token, "password", password); !errors.Is(err, ErrLink) {
		t.Errorf("as an invitation: %v", err)
	}
	if err := create(token, "Ada", password); err != nil || b.who() != "Ada true" {
		t.Fatalf("%v, %q", err, b.who())
	}
	if err := create(token, "Eve", password); !errors.Is(err, ErrLink) {
		t.Errorf("again: %v", err)
	}
	a, err := s.store.AccountByName(t.Context(), "Ada")
	if err != nil || a.Role != db.RoleAdmin {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAnInvitationIsAcceptedWithAPasswordAndADecision(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Root", db.RoleAdmin)
	p, err := s.store.AddPerson(t.Context(), time.Now(), "Bea", "", "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.store.AddAccount(t.Context(), time.Now(), db.Account{Name: "Bea", Role: db.RoleMember, Person: p.ID}, "")
	if err != nil {
		t.Fatal(err)
	}
	token := s.link(db.LinkInvitation, a.ID, time.Hour)
	b := s.browser("192.0.2.1")
	if err := b.post("/setup", "token", token, "name", "Bea", "password", password); !errors.Is(err, ErrLink) {
		t.Errorf("as a set-up link: %v", err)
	}
	if err := b.post("/accept", "token", token, "password", password, "read", "yes"); err != nil || b.who() != "Bea true" {
		t.Errorf("%v, %q", err, b.who())
	}
	if read, err := s.store.AdminsRead(t.Context(), p.ID); !read || err != nil {
		t.Errorf("%v, %v", read, err)
	}
	reset := s.link(db.LinkReset, a.ID, time.Hour)
	other := s.browser("198.51.100.1")
	if err := other.post("/accept", "token", reset, "password", "one more sentence"); err != nil || b.who() != "" ||
		other.who() != "Bea true" {
		t.Errorf("%v, before %q, now %q", err, b.who(), other.who())
	}
}
