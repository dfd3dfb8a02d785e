package db_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
)

var someTokens = db.Tokens{Access: "access", Refresh: "refresh"}

// connected is a store with a person who is connected.
func connected(t *testing.T) (s *db.Store, person, connection int64) {
	t.Helper()
	s = openStore(t, t.TempDir())
	s.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	p, err := s.AddPerson(t.Context(), time.Now(), "Ada", "ada", "")
	if err != nil {
		t.Fatal(err)
	}
	connection, err = s.AddConnection(t.Context(), time.Now(), p.ID, "ada", someTokens, []string{"HEALTH_EXPORT"})
	if err != nil {
		t.Fatal(err)
	}
	return s, p.ID, connection
}

func TestOfTwoRefreshesOfOnePairOnlyTheFirstIsStored(t *testing.T) {
	t.Parallel()
	s, _, id := connected(t)
	ctx := t.Context()
	if err := s.PutTokens(ctx, id, 1, db.Tokens{Access: "a2", Refresh: "r2"}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutTokens(ctx, id, 1, db.Tokens{Access: "late", Refresh: "late"}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the second is stored: %v", err)
	}
	if err := s.BeginRefresh(ctx, time.Now(), id, 1); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a refresh of the older pair begins: %v", err)
	}
	if err := s.RefuseTokens(ctx, id, 1, health.CauseTokensRefused); err != nil {
		t.Fatal(err)
	}
	c, tokens, err := s.TokensOf(ctx, id)
	if err != nil || tokens.Refresh != "r2" || c.State != db.Connected || c.Rotation != 2 {
		t.Errorf("%+v, %v: the pair that stands is not the first new one", c, err)
	}
}

func TestAConnectionEndsTheFormerOneAndItsPlans(t *testing.T) {
	t.Parallel()
	s, person, former := connected(t)
	ctx, now := t.Context(), time.Now()
	window := db.Window{Connection: former, Type: "dailies", From: time.Unix(0, 0), To: time.Unix(86400, 0)}
	if n, err := s.PlanWindows(ctx, now, []db.Window{window, window}); err != nil || n != 1 {
		t.Fatalf("%d windows planned, want one, %v", n, err)
	}
	if _, err := s.AddConnection(ctx, now, person, "ada", someTokens, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.TokensOf(ctx, former); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the former connection has tokens: %v", err)
	}
	if w, err := s.WindowsOf(ctx, person); err != nil || len(w) != 1 || w[0].State != db.WindowCanceled {
		t.Errorf("the plan of the former connection is %+v, %v", w, err)
	}
	if n, err := s.PlanWindows(ctx, now, []db.Window{window}); err != nil || n != 0 {
		t.Errorf("%d windows planned for a connection that has ended, %v", n, err)
	}
	if _, err := s.AddPerson(ctx, now, "Ben", "ben", ""); err != nil {
		t.Fatal(err)
	}
	ben, err := s.PersonBySlug(ctx, "ben")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddConnection(ctx, now, ben.ID, "ada", someTokens, nil); !errors.Is(err, db.ErrLinked) {
		t.Errorf("an account of another person is linked: %v", err)
	}
}
