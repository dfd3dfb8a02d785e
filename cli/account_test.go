package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

const sentence = "a sentence of my own"

// openStoreOf opens the store of a data directory that commands made.
func openStoreOf(t *testing.T, dir string) *db.Store {
	t.Helper()
	store, err := openStore(t.Context(), config.Config{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// mustRun runs a command that has to be done, and returns its output.
func mustRun(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	got := runHere(t, dir, stdin, args...)
	if got.status != statusDone {
		t.Fatalf("garner %s: status %d, %s", strings.Join(args, " "), got.status, got.err)
	}
	return got.out
}

func TestAccountsAreListedAsAdded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada Lovelace")
	mustRun(t, dir, sentence+"\n", "account", "add", "--name", "Root", "--role", "admin", "--password-stdin")
	mustRun(t, dir, sentence, "account", "add", "--name", "Ada", "--role", "member", "--person", "ada lovelace",
		"--password-stdin")
	if out := mustRun(t, dir, "", "account", "add", "--name", "Bea", "--role", "member"); !strings.Contains(out,
		"garner account link --name") {
		t.Errorf("it does not say how Bea gets a password: %s", out)
	}
	mustRun(t, dir, "", "account", "disable", "--name", "ADA")
	var list []map[string]any
	if err := json.Unmarshal([]byte(mustRun(t, dir, "", "account", "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 || list[0]["name"] != "Ada" || list[0]["role"] != "member" || list[0]["person"] != "ada-lovelace" ||
		list[0]["disabled"] != true || list[1]["person"] != "" || list[2]["role"] != "admin" || len(list[0]) != 5 {
		t.Errorf("got %v", list)
	}
	if _, err := time.Parse(time.RFC3339, list[0]["created"].(string)); err != nil {
		t.Error(err)
	}
	plain := mustRun(t, dir, "", "account", "list")
	for _, want := range []string{"ada-lovelace  disabled", "no password yet", "active"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is not in\n%s", want, plain)
		}
	}
	if out := mustRun(t, dir, "", "account", "enable", "--name", "Ada"); out != "Ada is enabled\n" {
		t.Errorf("got %s", out)
	}
	if got := mustRun(t, filepath.Join(dir, "new"), "", "account", "list", "--json"); got != "[]\n" {
		t.Errorf("of no accounts: %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); !os.IsNotExist(err) {
		t.Errorf("listing creates a data directory: %v", err)
	}
}

func TestAccountCommandsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada")
	mustRun(t, dir, sentence, "account", "add", "--name", "Root", "--role", "admin", "--person", "Ada", "--password-stdin")
	mustRun(t, dir, sentence, "account", "add", "--name", "Off", "--role", "member", "--password-stdin")
	mustRun(t, dir, "", "account", "disable", "--name", "Off")
	for _, c := range []struct {
		line, stdin string
		status      int
		want        string
	}{
		{"account", "", statusUsage, `no command "account"`},
		{"account add --role admin", "", statusUsage, "needs --name"},
		{"account add --name Eve", "", statusUsage, "--role"},
		{"account add --name Eve --role owner", "", statusUsage, "owner"},
		{"account password --name Root", sentence, statusUsage, "--password-stdin"},
		{"account add --name ROOT --role member", "", statusFailed, `the name "ROOT" is already taken`},
		{"account add --name Eve --role member --person Ada", "", statusFailed, "Ada has an account already"},
		{"account add --name Eve --role member --person Eve", "", statusFailed, "no person is called"},
		{"account add --name Eve --role member --password-stdin", "", statusFailed, "no password on standard input"},
		{"account add --name Eve --role member --password-stdin", "short\n", statusFailed, "at least 12 characters"},
		{"account password --name Root --password-stdin", "qwertyqwerty\n", statusFailed, "on the lists"},
		{"account password --name Eve --password-stdin", sentence, statusFailed, "no account is called"},
		{"account link --name Eve", "", statusFailed, "no account is called"},
		{"account link --name Off", "", statusFailed, "Off is disabled"},
		{"account disable --name Root", "", statusFailed, "Root is the last admin"},
		{"setup-link", "", statusFailed, "there is an admin already"},
	} {
		got := runHere(t, dir, c.stdin, strings.Fields(c.line)...)
		if got.status != c.status || !strings.Contains(got.err, c.want) || got.out != "" {
			t.Errorf("garner %s: status %d, %s%s, want status %d and %q", c.line, got.status, got.out, got.err, c.status, c.want)
		}
	}
}

func TestASetupLinkAndALinkOfAnAccountWorkOnceForTheirTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := mustRun(t, dir, "", "setup-link")
	link := mustRun(t, dir, "", "setup-link")
	const start = "http://127.0.0.1:8080/setup?token="
	hash := func(link string) []byte {
		token, ok := strings.CutPrefix(strings.TrimSpace(link), start)
		if !ok || len(token) < 40 {
			t.Fatalf("link %q", link)
		}
		return auth.HashToken(token)
	}
	store := openStoreOf(t, dir)
	now := time.Now()
	if _, err := store.LinkByHash(t.Context(), now, hash(old)); err == nil {
		t.Error("an older link still works")
	}
	l, err := store.LinkByHash(t.Context(), now, hash(link))
	if err != nil || l.Kind != db.LinkSetup || l.Expires.Sub(now) > 30*time.Minute || l.Expires.Sub(now) < 29*time.Minute {
		t.Fatalf("%+v, %v", l, err)
	}
	if _, err := store.CreateFirstAdmin(t.Context(), now, hash(link), db.Account{Name: "Root"}, "hash"); err != nil {
		t.Fatal(err)
	}
	mustRun(t, dir, "", "account", "add", "--name", "Bea", "--role", "member") // beside the owner of the files
	for name, kind := range map[string]db.LinkKind{"Root": db.LinkReset, "Bea": db.LinkInvitation} {
		l, err := store.LinkByHash(t.Context(), now, hash(mustRun(t, dir, "", "account", "link", "--name", name)))
		if err != nil || l.Kind != kind || l.Name != name || l.Expires.Sub(now) < 23*time.Hour || l.Expires.Sub(now) > 25*time.Hour {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	log, err := store.Audit(t.Context(), db.AuditFilter{}, 10)
	if err != nil || len(log) != 3 || log[2].Action != db.ActionAccountAdded || log[0].Actor != "command line" {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestANewPasswordOfTheCommandLineEndsSessions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, sentence, "account", "add", "--name", "Root", "--role", "admin", "--password-stdin")
	store := openStoreOf(t, dir)
	root, err := store.AccountByName(t.Context(), "root")
	if err != nil {
		t.Fatal(err)
	}
	before, err := store.PasswordHash(t.Context(), root.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.AddSession(t.Context(), []byte("token"), []byte("data"), db.Session{Account: root.ID,
		Ends: time.Now().Add(time.Hour)}, before); err != nil {
		t.Fatal(err)
	}
	mustRun(t, dir, "one more sentence\r\n", "account", "password", "--name", "Root", "--password-stdin")
	if _, err := store.SessionData(t.Context(), time.Now(), []byte("token")); err == nil {
		t.Error("the session lives on")
	}
	if after, err := store.PasswordHash(t.Context(), root.ID); err != nil || after == before {
		t.Errorf("%q, %v", after, err)
	}
}

func TestServingLogsASetupLinkUntilThereIsAnAdmin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := openStoreOf(t, dir)
	logged := func() string {
		var out bytes.Buffer
		a := &app{out: io.Discard, err: &out}
		cfg := config.Config{DataDir: dir, PublicURL: "https://garner.example.org/"}
		logSetupLink(context.Background(), store, cfg, a.logger(cfg))
		a.lastWords("")
		return out.String()
	}
	if text := logged(); !strings.Contains(text, "https://garner.example.org/setup?token=") {
		t.Errorf("without an admin: %s", text)
	}
	if _, err := store.AddAccount(t.Context(), time.Now(), db.Account{Name: "Root", Role: db.RoleAdmin}, "hash"); err != nil {
		t.Fatal(err)
	}
	if text := logged(); text != "" {
		t.Errorf("with an admin: %s", text)
	}
}
