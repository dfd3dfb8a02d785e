package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"garner/db"
)

// addToken adds a token whose hash is its name.
func addToken(s *db.Store, k db.APIToken) error {
	_, err := s.AddAPIToken(context.Background(), []byte(k.Name), k)
	return err
}

func TestATokenIsFoundByItsHashWhileItWorks(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now().Truncate(time.Millisecond)
	ada := addPerson(t, s, "Ada")
	account := addAccount(t, s, "Ada", db.RoleMember, ada.ID)
	want := db.APIToken{Name: "mirror", Account: account.ID, AccountName: "Ada", Person: ada.ID, PersonName: "Ada",
		Scopes: []string{"metrics", "read"}, Created: now, Expires: now.Add(time.Hour)}
	add := want
	add.Name = "  mirror "
	id, err := s.AddAPIToken(ctx, []byte("hash"), add)
	if err != nil {
		t.Fatal(err)
	}
	want.ID = id
	got, err := s.APITokenByHash(ctx, now, []byte("hash"))
	if err != nil || !slices.Equal(got.Scopes, want.Scopes) || got.Name != want.Name || got.ID != id ||
		got.Account != want.Account || got.AccountName != "Ada" || got.Person != ada.ID || got.PersonName != "Ada" ||
		!got.Created.Equal(now) || !got.Expires.Equal(want.Expires) || !got.Used.IsZero() {
		t.Fatalf("%+v, %v; want %+v", got, err, want)
	}
	works := func(name string, at time.Time, hash string, want bool) {
		t.Helper()
		k, err := s.APITokenByHash(ctx, at, []byte(hash))
		if want != (err == nil) || !want && !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, k, err)
		}
	}
	works("another hash", now, "other", false)
	works("a moment before its end", want.Expires.Add(-time.Millisecond), "hash", true)
	works("at its end", want.Expires, "hash", false)
	if !want.Expired(want.Expires) || want.Expired(now) || (&db.APIToken{}).Expired(now) {
		t.Error("Expired says something else")
	}
	if err := s.SetDisabled(ctx, account.ID, true); err != nil {
		t.Fatal(err)
	}
	works("of a disabled account", now, "hash", false)
	if err := addToken(s, db.APIToken{Name: "another", Account: account.ID}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a disabled account makes a token: %v", err)
	}
	if err := s.SetDisabled(ctx, account.ID, false); err != nil {
		t.Fatal(err)
	}
	works("of an account that is enabled again", now, "hash", true)
	if err := s.RemoveAccount(ctx, account.ID); err != nil {
		t.Fatal(err)
	}
	works("of a removed account", now, "hash", false)
}

func TestNamesOfTokensAreUniqueForEachAccountAndAfterRemovalFree(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ctx, now := t.Context(), time.Now()
	ada := addAccount(t, s, "Ada", db.RoleMember, 0)
	for i, account := range []int64{0, ada.ID} {
		k := db.APIToken{Name: "grafana", Account: account, Created: now}
		id, err := s.AddAPIToken(ctx, []byte{byte(i)}, k)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddAPIToken(ctx, []byte{9}, k); !errors.Is(err, db.ErrTaken) {
			t.Errorf("a second of the name: %v", err)
		}
		if err := s.APITokenUsed(ctx, now, id); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveAPIToken(ctx, id); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveAPIToken(ctx, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
		again, err := s.AddAPIToken(ctx, []byte{byte(i)}, k)
		if err != nil || again == id {
			t.Errorf("id %d after %d, %v", again, id, err)
		}
	}
	if list, err := s.APITokens(ctx); err != nil || len(list) != 2 || !list[0].Used.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
	if err := addToken(s, db.APIToken{Name: " "}); err == nil {
		t.Error("a token without a name is added")
	}
}
