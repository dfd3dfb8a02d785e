package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"garner/db"
)

func TestASetupLinkCreatesOneAdminWhateverIsTried(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	create := func(at time.Time, link, name string) error {
		_, err := s.CreateFirstAdmin(ctx, at, []byte(link), db.Account{Name: name, Role: db.RoleMember}, "hash")
		return err
	}
	expires := now.Add(30 * time.Minute)
	for _, link := range []string{"first", "second"} {
		if err := s.AddLink(ctx, now, []byte(link), db.LinkSetup, 0, expires); err != nil {
			t.Fatal(err)
		}
	}
	taken := addAccount(t, s, "Taken", db.RoleMember, 0)
	for what, err := range map[string]error{
		"an older link": create(now, "first", "Ada"), "no link": create(now, "third", "Ada"),
		"an expired link": create(expires, "second", "Ada"),
	} {
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
	if err := create(now, "second", "taken"); !errors.Is(err, db.ErrTaken) {
		t.Errorf("a name that is taken: %v", err)
	}
	if l, err := s.LinkByHash(ctx, now, []byte("second")); err != nil || l.Kind != db.LinkSetup {
		t.Errorf("a refused name uses the link up: %v", err)
	}
	var created atomic.Int64
	var group sync.WaitGroup
	for _, name := range []string{"Ada", "Bea", "Cy"} {
		group.Go(func() {
			a, err := s.CreateFirstAdmin(context.Background(), now, []byte("second"), db.Account{Name: name}, "hash")
			switch {
			case err == nil && a.Role == db.RoleAdmin:
				created.Add(1)
			case !errors.Is(err, db.ErrHasAdmin):
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	group.Wait()
	if created.Load() != 1 {
		t.Errorf("%d admins were created", created.Load())
	}
	if err := s.AddLink(ctx, now, []byte("late"), db.LinkSetup, 0, expires); !errors.Is(err, db.ErrHasAdmin) {
		t.Errorf("a link beside an admin: %v", err)
	}
	if err := s.SetRole(ctx, taken.ID, db.RoleAdmin); err != nil {
		t.Fatal(err)
	}
}

func TestALinkOfAnAccountWorksOnceAndOnlyTheNewest(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	expires := now.Add(24 * time.Hour)
	bea := addPerson(t, s, "Bea")
	member, err := s.AddAccount(ctx, now, db.Account{Name: "Bea", Role: db.RoleMember, Person: bea.ID}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"first", "second"} {
		if err := s.AddLink(ctx, now, []byte(link), db.LinkInvitation, member.ID, expires); err != nil {
			t.Fatal(err)
		}
	}
	l, err := s.LinkByHash(ctx, now, []byte("second"))
	if err != nil || l.Name != "Bea" || !l.AsksAdminsRead || l.Account != member.ID {
		t.Errorf("%+v, %v", l, err)
	}
	yes := true
	for at, link := range map[time.Time]string{now: "first", expires: "second"} {
		if _, err := s.AcceptLink(ctx, at, []byte(link), "hash", &yes); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", link, err)
		}
	}
	got, err := s.AcceptLink(ctx, now, []byte("second"), "hash", &yes)
	if err != nil || got.ID != member.ID || !got.HasPassword {
		t.Fatalf("%+v, %v", got, err)
	}
	if read, err := s.AdminsRead(ctx, bea.ID); !read || err != nil {
		t.Errorf("the decision is not kept: %v, %v", read, err)
	}
	if _, err := s.AcceptLink(ctx, now, []byte("second"), "other", nil); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	if hash, err := s.PasswordHash(ctx, member.ID); hash != "hash" || err != nil {
		t.Errorf("%q, %v", hash, err)
	}
	// A link that an admin made to reset a password decides nothing about sharing.
	no := false
	if err := s.AddLink(ctx, now, []byte("reset"), db.LinkReset, member.ID, expires); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AcceptLink(ctx, now, []byte("reset"), "third", &no); err != nil {
		t.Fatal(err)
	}
	if read, err := s.AdminsRead(ctx, bea.ID); !read || err != nil {
		t.Errorf("a reset changes the decision: %v, %v", read, err)
	}
	if err := s.AddLink(ctx, now, []byte("x"), db.LinkReset, 99, expires); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a link of no account: %v", err)
	}
}

func TestPruningDropsOnlyWhatHasEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	ctx, now := t.Context(), time.Now()
	ada := addAccount(t, s, "Ada", db.RoleAdmin, 0)
	for name, age := range map[string]time.Duration{"old": 3 * 365 * 24 * time.Hour, "new": time.Hour} {
		at := now.Add(-age)
		id := []byte(name)
		// One link to each account is kept.
		to := addAccount(t, s, name, db.RoleMember, 0)
		if err := errors.Join(
			s.AddSession(ctx, id, id, db.Session{Account: ada.ID, Created: at, Seen: at, Ends: at.Add(48 * time.Hour)},
				"hash of Ada"),
			s.AddLink(ctx, at, id, db.LinkReset, to.ID, at.Add(24*time.Hour)),
			s.SaveDevice(ctx, at, id, ada.ID),
			s.AddAudit(ctx, db.AuditEntry{At: at, Account: ada.ID, Actor: "Ada", Action: db.ActionSignedIn, Detail: name}),
			addToken(s, db.APIToken{Name: name, Created: at, Expires: at.Add(time.Minute)}),
		); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PruneAccounts(ctx, now); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"session", "link", "device", "audit", "api_token"} {
		if n := count(t, filepath.Join(dir, "garner.db"), `select count(*) from `+table); n != 1 {
			t.Errorf("%d rows of %s are left, want the new one", n, table)
		}
	}
	if a, err := s.DeviceAccount(ctx, now, []byte("new")); err != nil || a.ID != ada.ID {
		t.Errorf("%v, %v", a, err)
	}
	if _, err := s.DeviceAccount(ctx, now.Add(db.DeviceKept), []byte("new")); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a browser of last year is recognised: %v", err)
	}
}

func TestTheAuditLogIsReadBackwardsByPersonOrAccount(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	bea := addPerson(t, s, "Bea")
	ada := addAccount(t, s, "Ada", db.RoleAdmin, 0)
	for i, e := range []db.AuditEntry{
		{Action: db.ActionSettingsChanged, Actor: "Ada", Account: ada.ID, Detail: "mail.host", Address: "192.0.2.1"},
		{Action: db.ActionPayloadRead, Actor: "Ada", Account: ada.ID, Person: bea.ID},
		{Action: db.ActionExported, Person: bea.ID},
	} {
		e.At = now.Add(time.Duration(i) * time.Second).Truncate(time.Millisecond)
		if err := s.AddAudit(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Audit(ctx, db.AuditFilter{}, 2)
	if err != nil || len(all) != 2 || all[0].Action != db.ActionExported || all[1].Person != bea.ID {
		t.Fatalf("%+v, %v", all, err)
	}
	rest, err := s.Audit(ctx, db.AuditFilter{Before: all[1].ID}, 10)
	if err != nil || len(rest) != 1 || rest[0].Detail != "mail.host" || rest[0].Address != "192.0.2.1" {
		t.Errorf("%+v, %v", rest, err)
	}
	of, err := s.Audit(ctx, db.AuditFilter{Person: bea.ID}, 10)
	by, err2 := s.Audit(ctx, db.AuditFilter{Account: ada.ID}, 10)
	if len(of) != 2 || len(by) != 2 || errors.Join(err, err2) != nil {
		t.Errorf("%d of the person, %d by the account, %v", len(of), len(by), errors.Join(err, err2))
	}
	if err := s.AddLink(ctx, now, []byte("x"), db.LinkSetup, 0, now); !errors.Is(err, db.ErrHasAdmin) {
		t.Fatal(err)
	}
}
