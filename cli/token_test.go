package cli

import (
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

func TestATokenIsPrintedOnceListedAndRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := func(want int, args ...string) string {
		t.Helper()
		got := runHere(t, dir, "", args...)
		if got.status != want {
			t.Fatalf("garner %q: %d, %s", args, got.status, got.err)
		}
		return got.out + got.err
	}
	run(statusDone, "person", "add", "--name", "Ada")
	run(statusFailed, "token", "add", "--name", "mirror", "--person", "Bea")
	words := strings.Fields(run(statusDone, "token", "add", "--name", "mirror", "--person", "Ada", "--scope", "status",
		"--scope", "read", "--scope", "read", "--expires", "2099-12-31"))
	token := words[len(words)-1]
	if !strings.HasPrefix(token, "garner_") || len(token) < 50 {
		t.Fatalf("the last word is %q", token)
	}
	if out := run(statusFailed, "token", "add", "--name", "mirror"); !strings.Contains(out, "garner token list") {
		t.Errorf("a second of the name: %s", out)
	}
	list := run(statusDone, "token", "list")
	for _, want := range []string{"mirror", "command line", "read status", "Ada", "never", "2100-01-01T00:00:00Z"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in %s", want, list)
		}
	}
	if out := run(statusDone, "token", "list", "--json"); !strings.Contains(out, `"person":"Ada","scopes":["read","status"]`) ||
		strings.Contains(list+out, token) {
		t.Errorf("listed as %s", out)
	}
	store := openStored(t, dir)
	if k, err := store.APITokenByHash(t.Context(), time.Now(), auth.HashToken(token)); err != nil || k.Name != "mirror" {
		t.Errorf("the token stands for %+v, %v", k, err)
	}
	account, err := store.AddAccount(t.Context(), time.Now(), db.Account{Name: "Bea", Role: db.RoleMember}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.NewAPIToken(t.Context(), store, db.APIToken{Name: "mirror", Account: account.ID}); err != nil {
		t.Fatal(err)
	}
	if out := run(statusFailed, "token", "remove", "--name", "mirror"); !strings.Contains(out, "add --id") {
		t.Errorf("two of the name: %s", out)
	}
	run(statusFailed, "token", "remove", "--name", "mirror", "--id", "7")
	run(statusDone, "token", "remove", "--name", "mirror", "--id", "1")
	run(statusDone, "token", "remove", "--name", "mirror")
	if left, err := store.APITokens(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left: %+v, %v", left, err)
	}
	entries, err := store.Audit(t.Context(), db.AuditFilter{Person: 1}, 9)
	if err != nil || len(entries) != 2 || entries[0].Action != db.ActionTokenRemoved ||
		entries[1].Action != db.ActionTokenAdded || entries[1].Detail != "mirror, read status" {
		t.Errorf("the audit log of Ada has %+v, %v", entries, err)
	}
}

// openStored opens what is stored beside the commands.
func openStored(t *testing.T, dir string) *db.Store {
	t.Helper()
	cfg := config.Default()
	cfg.DataDir = dir
	v, err := openView(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v.store
}
