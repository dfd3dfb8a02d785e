package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/db"
)

// addPerson adds a person without identities.
func addPerson(t *testing.T, s *db.Store, name string) *db.Person {
	t.Helper()
	p, err := s.AddPerson(t.Context(), time.Now(), name, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// addAccount adds an account whose password has the hash "hash of NAME".
func addAccount(t *testing.T, s *db.Store, name string, role db.Role, person int64) *db.Account {
	t.Helper()
	a, err := s.AddAccount(t.Context(), time.Now(), db.Account{Name: name, Role: role, Person: person}, "hash of "+name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAccountsHaveUniqueNamesAndAPersonHasOneAccount(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ada := addPerson(t, s, "Ada")
	first := addAccount(t, s, "  Ada   Öst ", db.RoleMember, ada.ID)
	if first.Name != "Ada Öst" || first.Slug != "ada" || !first.HasPassword || first.PasswordSet.IsZero() {
		t.Errorf("%+v", first)
	}
	for _, c := range []struct {
		a    db.Account
		want error
	}{
		{db.Account{Name: "ADA ÖST", Role: db.RoleMember}, db.ErrTaken},
		{db.Account{Name: "Bea", Role: db.RoleMember, Person: ada.ID}, db.ErrLinked},
	} {
		if _, err := s.AddAccount(t.Context(), time.Now(), c.a, ""); !errors.Is(err, c.want) ||
			errors.Is(err, db.ErrLinked) != (c.want == db.ErrLinked) {
			t.Errorf("%s: %v, want %v", c.a.Name, err, c.want)
		}
	}
	if _, err := s.AddAccount(t.Context(), time.Now(), db.Account{Name: " ", Role: db.RoleMember}, ""); err == nil {
		t.Error("an account without a name was added")
	}
	if _, err := s.AddAccount(t.Context(), time.Now(), db.Account{Name: "Cy", Role: "owner"}, ""); err == nil {
		t.Error("an account of an unknown role was added")
	}
	found, err := s.AccountByName(t.Context(), "ada öst")
	if err != nil || found.ID != first.ID {
		t.Errorf("%+v, %v", found, err)
	}
	if all, err := s.Accounts(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d accounts, %v: a refused one leaves something", len(all), err)
	}
}

func TestEveryChangeOfAccountsAndSharingMovesTheMarkOfPeople(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	p := addPerson(t, s, "Ada")
	addAccount(t, s, "Root", db.RoleAdmin, 0)
	a := addAccount(t, s, "Ada", db.RoleMember, 0)
	for name, change := range map[string]func() error{
		"SetPassword":      func() error { return s.SetPassword(ctx, now, a.ID, "new") },
		"SetDisabled":      func() error { return s.SetDisabled(ctx, a.ID, false) },
		"SetRole":          func() error { return s.SetRole(ctx, a.ID, db.RoleMember) },
		"SetPreferences":   func() error { return s.SetPreferences(ctx, a.ID, db.Preferences{Clock: "12"}) },
		"SetAccountPerson": func() error { return s.SetAccountPerson(ctx, a.ID, p.ID) },
		"SetAdminsRead":    func() error { return s.SetAdminsRead(ctx, p.ID, true) },
		"Share":            func() error { return s.Share(ctx, now, p.ID, a.ID) },
		"Unshare":          func() error { return s.Unshare(ctx, p.ID, a.ID) },
		"AddAccount": func() error {
			_, err := s.AddAccount(ctx, now, db.Account{Name: "B", Role: db.RoleMember}, "")
			return err
		},
	} {
		before, err := s.PeopleMark(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := s.PeopleMark(ctx); err != nil || after == before {
			t.Errorf("%s leaves the mark at %d, %v", name, after, err)
		}
	}
	if err := s.SetPreferences(ctx, 99, db.Preferences{}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("preferences of no account: %v", err)
	}
}

func TestTheLastAdminWhoCanSignInStays(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx := t.Context()
	root := addAccount(t, s, "Root", db.RoleAdmin, 0)
	// An admin who was invited cannot sign in yet, and one who is disabled cannot either.
	if _, err := s.AddAccount(ctx, time.Now(), db.Account{Name: "Invited", Role: db.RoleAdmin}, ""); err != nil {
		t.Fatal(err)
	}
	off := addAccount(t, s, "Off", db.RoleAdmin, 0)
	if err := s.SetDisabled(ctx, off.ID, true); err != nil {
		t.Fatal(err)
	}
	all := map[string]func() error{
		"removed":  func() error { return s.RemoveAccount(ctx, root.ID) },
		"disabled": func() error { return s.SetDisabled(ctx, root.ID, true) },
		"demoted":  func() error { return s.SetRole(ctx, root.ID, db.RoleMember) },
	}
	for what, change := range all {
		if err := change(); !errors.Is(err, db.ErrLastAdmin) {
			t.Errorf("%s: %v, want ErrLastAdmin", what, err)
		}
	}
	if err := s.SetDisabled(ctx, off.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetRole(ctx, root.ID, db.RoleMember), s.RemoveAccount(ctx, root.ID)); err != nil {
		t.Errorf("beside another admin: %v", err)
	}
}

func TestOfTwoAdminsWhoDemoteEachOtherOneStays(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	a, b := addAccount(t, s, "A", db.RoleAdmin, 0), addAccount(t, s, "B", db.RoleAdmin, 0)
	var group sync.WaitGroup
	for _, id := range []int64{a.ID, b.ID} {
		group.Go(func() {
			if err := s.SetRole(context.Background(), id, db.RoleMember); err != nil && !errors.Is(err, db.ErrLastAdmin) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if has, err := s.HasAdmin(t.Context()); !has || err != nil {
		t.Errorf("%v, %v: no admin is left", has, err)
	}
}

func TestSightIsOnePersonForAMemberAndThoseWhoAllowItForAnAdmin(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	ada, bea, cy := addPerson(t, s, "Ada"), addPerson(t, s, "Bea"), addPerson(t, s, "Cy")
	admin := addAccount(t, s, "Admin", db.RoleAdmin, ada.ID)
	member := addAccount(t, s, "Bea", db.RoleMember, bea.ID)
	guest := addAccount(t, s, "Guest", db.RoleMember, 0)
	want := func(when string, account int64, want db.Sight) {
		t.Helper()
		got, err := s.Sight(ctx, account)
		if err != nil || got.Own != want.Own || !slices.Equal(got.Shared, want.Shared) ||
			!slices.Equal(got.AdminsRead, want.AdminsRead) {
			t.Errorf("%s: %+v, %v, want %+v", when, got, err, want)
		}
	}
	// Bea has an account and has not decided; Cy has none, and an admin's own stays open.
	want("admin", admin.ID, db.Sight{Own: ada.ID, AdminsRead: []int64{ada.ID, cy.ID}})
	want("member", member.ID, db.Sight{Own: bea.ID})
	want("guest", guest.ID, db.Sight{})
	want("no account", 99, db.Sight{})
	if err := errors.Join(s.Share(ctx, now, bea.ID, guest.ID), s.Share(ctx, now, bea.ID, guest.ID),
		s.Share(ctx, now, cy.ID, admin.ID), s.SetAdminsRead(ctx, bea.ID, true)); err != nil {
		t.Fatal(err)
	}
	want("guest, shared with", guest.ID, db.Sight{Shared: []int64{bea.ID}})
	want("admin, shared with", admin.ID, db.Sight{Own: ada.ID, Shared: []int64{cy.ID}, AdminsRead: []int64{ada.ID, bea.ID, cy.ID}})
	if with, err := s.SharesOf(ctx, bea.ID); err != nil || len(with) != 1 || with[0].ID != guest.ID {
		t.Errorf("%v, %v", with, err)
	}
	if err := s.SetDisabled(ctx, guest.ID, true); err != nil {
		t.Fatal(err)
	}
	want("disabled", guest.ID, db.Sight{})
	if err := errors.Join(s.SetDisabled(ctx, guest.ID, false), s.Unshare(ctx, bea.ID, guest.ID)); err != nil {
		t.Fatal(err)
	}
	want("no longer shared with", guest.ID, db.Sight{})
}

func TestRemovingAnAccountOpensNothingToAdmins(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	bea := addPerson(t, s, "Bea")
	if read, err := s.AdminsRead(t.Context(), bea.ID); !read || err != nil {
		t.Errorf("without an account: %v, %v", read, err)
	}
	member := addAccount(t, s, "Bea", db.RoleMember, bea.ID)
	if err := s.RemoveAccount(t.Context(), member.ID); err != nil {
		t.Fatal(err)
	}
	if read, err := s.AdminsRead(t.Context(), bea.ID); read || err != nil {
		t.Errorf("after the account was removed: %v, %v", read, err)
	}
}

func TestANewPasswordEndsSessionsAndLinksOfItsAccountOnly(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*db.Store, int64) error{
		"password": func(s *db.Store, id int64) error { return s.SetPassword(context.Background(), time.Now(), id, "new") },
		"disabled": func(s *db.Store, id int64) error { return s.SetDisabled(context.Background(), id, true) },
		"removed":  func(s *db.Store, id int64) error { return s.RemoveAccount(context.Background(), id) },
	} {
		dir := t.TempDir()
		s := openStore(t, dir)
		ctx, now := t.Context(), time.Now()
		addAccount(t, s, "Root", db.RoleAdmin, 0)
		for _, name := range []string{"Ada", "Bea"} {
			a := addAccount(t, s, name, db.RoleMember, 0)
			if err := errors.Join(
				s.AddSession(ctx, []byte(name), []byte("data"), db.Session{Account: a.ID, Ends: now.Add(time.Hour)}, "hash of "+name),
				s.AddLink(ctx, now, []byte(name), db.LinkReset, a.ID, now.Add(time.Hour))); err != nil {
				t.Fatal(err)
			}
		}
		ada, err := s.AccountByName(ctx, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := end(s, ada.ID); err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"Ada", "Bea"} {
			_, session := s.SessionData(ctx, now, []byte(token))
			_, link := s.LinkByHash(ctx, now, []byte(token))
			if gone := token == "Ada"; errors.Is(session, db.ErrNotFound) != gone || errors.Is(link, db.ErrNotFound) != gone {
				t.Errorf("%s: of %s: session %v, link %v", name, token, session, link)
			}
		}
		if n := count(t, filepath.Join(dir, "garner.db"), `select count(*) from session`); n != 1 {
			t.Errorf("%s: %d sessions are left", name, n)
		}
	}
}

func TestASessionBeginsOnlyUnderThePasswordThatWasChecked(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	addAccount(t, s, "Root", db.RoleAdmin, 0)
	ada := addAccount(t, s, "Ada", db.RoleMember, 0)
	begin := func(password string) error {
		return s.AddSession(ctx, []byte(password), []byte("d"), db.Session{Account: ada.ID, Ends: now.Add(time.Hour)}, password)
	}
	if err := begin("old"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a password that was changed meanwhile: %v", err)
	}
	if err := s.SetPassword(ctx, now, ada.ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := begin(""); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("no password: %v", err)
	}
	if err := s.SetPassword(ctx, now, ada.ID, "new"); err != nil {
		t.Fatal(err)
	}
	if err := begin("new"); err != nil {
		t.Error(err)
	}
	if err := s.EndSessions(ctx, ada.ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.TouchSession(ctx, now, []byte("new"), []byte("d"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SessionData(ctx, now, []byte("new")); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a session that was in use when it was ended lives on: %v", err)
	}
}

func TestASessionIsEndedByItsAccountOnly(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	ada, bea := addAccount(t, s, "Ada", db.RoleAdmin, 0), addAccount(t, s, "Bea", db.RoleMember, 0)
	for i, token := range []string{"one", "two", "three"} {
		if err := s.AddSession(ctx, []byte(token), []byte("d"), db.Session{Account: ada.ID, Created: now,
			Seen: now.Add(time.Duration(i) * time.Minute), Ends: now.Add(time.Hour), Address: "192.0.2.1",
			Agent: token}, "hash of Ada"); err != nil {
			t.Fatal(err)
		}
	}
	agents := func() string {
		list, err := s.SessionsOf(ctx, now, ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, of := range list {
			out = append(out, of.Agent)
		}
		return strings.Join(out, " ")
	}
	if got := agents(); got != "three two one" {
		t.Errorf("sessions %q", got)
	}
	list, err := s.SessionsOf(ctx, now, ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{list[0].ID, "zz", ""} {
		if err := s.EndSession(ctx, bea.ID, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("another account ends %q: %v", id, err)
		}
	}
	if err := s.EndSession(ctx, ada.ID, list[0].ID); err != nil || agents() != "two one" {
		t.Errorf("%v, left %q", err, agents())
	}
	if err := s.EndSessions(ctx, ada.ID, list[2].ID); err != nil || agents() != "one" {
		t.Errorf("%v, left %q", err, agents())
	}
}
