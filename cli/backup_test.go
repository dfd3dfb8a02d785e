package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/config"
	"garner/db"
	"garner/db/filestore"
	"garner/jobs/backup"
	"garner/jobs/jobstest"
)

// inFiles runs something with the files of a data directory, as a command does.
func inFiles(t *testing.T, dir string, do func(v *view)) {
	t.Helper()
	cfg := config.Default()
	cfg.DataDir = dir
	if err := withFiles(t.Context(), &app{err: os.Stderr}, cfg, func(v *view) error {
		do(v)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// received puts a night of the Garmin user id u1 into the inbox and processes it.
func received(t *testing.T, dir, night string) (id int64) {
	t.Helper()
	cfg := config.Default()
	cfg.DataDir = dir
	f, err := openFiles(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.DateOnly, night)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.NewReplacer("2026-11-20", night, "1763590000", fmt.Sprint(at.Unix())).Replace(fmt.Sprintf(jobstest.Night,
		"u1"))
	if id, err = f.inbox.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := drainHere(t.Context(), &view{f.inbox.InboxReader, f.store}, cfg, quiet); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}

// installation is a data directory with everything that a restore brings back.
func installation(t *testing.T) (dir string, newest int64, file []byte) {
	t.Helper()
	dir = t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	mustRun(t, dir, sentence+"\n", "account", "add", "--name", "Root", "--role", "admin", "--password-stdin")
	mustRun(t, dir, "", "urls")
	newest = received(t, dir, "2026-11-20")
	kept, err := filestore.In(dir).Put(1, strings.NewReader("an activity"))
	if err != nil {
		t.Fatal(err)
	}
	inFiles(t, dir, func(v *view) {
		if _, err := v.store.AddConnection(t.Context(), time.Now(), 1, "u1", db.Tokens{Access: "access",
			Refresh: "refresh"}, []string{"HEALTH_EXPORT"}); err != nil {
			t.Fatal(err)
		}
		if err := v.store.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.password", Value: "hush",
			Secret: true}); err != nil {
			t.Fatal(err)
		}
	})
	(&jobstest.Box{T: t, Dir: dir}).Harm(`insert into file (person_id, activity, kind, sha256, size, stored, delivery_id,
		received_ms) values (1, 'a', 'FIT', ?, 1, 1, 1, 1)`, kept.SHA256)
	return dir, newest, kept.SHA256
}

var keyForm = regexp.MustCompile(`AGE-SECRET-KEY-1[0-9A-Z]+`)

func TestARestoreWithTheRecoveryKeyBringsEverythingBack(t *testing.T) {
	t.Parallel()
	dir, newest, file := installation(t)
	key := keyForm.FindString(mustRun(t, dir, "", "recovery-key"))
	out := mustRun(t, dir, "", "backup")
	made, err := filepath.Glob(filepath.Join(dir, "backups", "*"))
	if err != nil || len(made) != 1 || !strings.Contains(out, made[0]) || !strings.Contains(out, "encrypted") ||
		key == "" || strings.Contains(out, key) {
		t.Fatalf("%v, %v\n%s", made, err, out)
	}
	identity := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(identity, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := mustRun(t, dir, "", "restore", made[0], "--identity", identity, "--test"); !strings.Contains(out,
		"can be restored") {
		t.Errorf("the test says %s", out)
	}
	other := filepath.Join(t.TempDir(), "new", "data")
	out = mustRun(t, other, key, "restore", made[0], "--identity", "-")
	for _, want := range []string{"people: 1, accounts: 1", "deliveries: 1", "are back"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	for _, want := range []string{"revoked after it", "erased after it"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report does not warn of what was %s:\n%s", want, out)
		}
	}
	if strings.Contains(out, "Ada") {
		t.Errorf("Ada need not connect again:\n%s", out)
	}
	if diff := cmp.Diff(mustRun(t, dir, "", "urls"), mustRun(t, other, "", "urls")); diff != "" {
		t.Errorf("the callback URLs: %s", diff)
	}
	if next := received(t, other, "2026-11-21"); next <= newest+1_000_000_000 {
		t.Errorf("delivery %d comes after %d", next, newest)
	}
	inFiles(t, other, func(v *view) {
		if _, tokens, err := v.store.TokensOf(t.Context(), 1); err != nil || tokens.Refresh != "refresh" {
			t.Errorf("tokens: %v", err)
		}
		set, err := v.store.Settings(t.Context(), "mail.password")
		if err != nil || len(set) != 1 || set[0].Value != "hush" {
			t.Errorf("settings: %v, %v", set, err)
		}
	})
	if f, err := filestore.In(other).Open(1, file); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	if got := mustRun(t, other, "", "export", "--person", "all", "--type", "sleeps"); !strings.Contains(got, "2026-11-20") ||
		!strings.Contains(got, "2026-11-21") {
		t.Errorf("the nights are %s", got)
	}
	inFiles(t, dir, func(v *view) {
		entries, err := v.store.Audit(t.Context(), db.AuditFilter{}, 100)
		if err != nil || !slices.ContainsFunc(entries, func(e db.AuditEntry) bool {
			return e.Action == db.ActionSecretRotated && e.Detail == "recovery key"
		}) {
			t.Errorf("the recovery key is not in the audit log: %v", err)
		}
		signals, err := v.store.Signals(t.Context())
		if err != nil || signals[db.SignalRestoreTest].At.IsZero() {
			t.Errorf("the restore test is not on record: %v", err)
		}
	})
}

func TestARestoreWithoutSecretsSaysWhoMustConnectAgain(t *testing.T) {
	t.Parallel()
	dir, _, _ := installation(t)
	file := filepath.Join(t.TempDir(), "b.tar.zst")
	if out := mustRun(t, dir, "", "backup", file); !strings.Contains(out, "no recovery key") {
		t.Errorf("it does not say that secrets are missing: %s", out)
	}
	other := t.TempDir()
	out := mustRun(t, other, "", "restore", file)
	for _, want := range []string{"connect to Garmin again: Ada.", "set again: mail.password.", "has no secrets"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	inFiles(t, other, func(v *view) {
		c, err := v.store.ConnectionOf(t.Context(), 1)
		if err != nil || c.State != db.MustReconnect {
			t.Errorf("the connection is %+v, %v", c, err)
		}
	})
	if a, b := mustRun(t, dir, "", "urls"), mustRun(t, other, "", "urls"); a == b {
		t.Error("the callback secret is in the backup")
	}
}

func TestARestoreIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	dir, _, _ := installation(t)
	plain := filepath.Join(t.TempDir(), "plain")
	mustRun(t, dir, "", "backup", plain)
	mustRun(t, dir, "", "recovery-key")
	sealed := filepath.Join(t.TempDir(), "sealed")
	mustRun(t, dir, "", "backup", sealed)
	release, err := lockDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(want, dir, stdin string, args ...string) {
		t.Helper()
		got := runHere(t, dir, stdin, args...)
		if got.status != statusFailed || !strings.Contains(got.err, want) {
			t.Errorf("garner %v: status %d, %s, want %q", args, got.status, got.err, want)
		}
	}
	refused("another garner serves", dir, "", "restore", plain)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	refused("must be empty", dir, "", "restore", plain)
	refused("its recovery key is needed", t.TempDir(), "", "restore", sealed)
	refused("encrypted to another", t.TempDir(), "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU",
		"restore", sealed, "--identity", "-")
	refused("not a recovery key", t.TempDir(), "hello", "restore", sealed, "--identity", "-")
	refused("not a backup", t.TempDir(), "", "restore", filepath.Join(dir, "keys"))
	refused("there is a recovery key already", dir, "", "recovery-key")
	if keyForm.FindString(mustRun(t, dir, "", "recovery-key", "--replace")) == "" {
		t.Error("there is no new key")
	}
	refused("no data in", t.TempDir(), "", "backup")
}

func TestNothingRunsOverAHalfRestoredFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "restoring"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"serve", "person add --name Ada", "backup"} {
		got := runHere(t, dir, "", strings.Fields(line)...)
		if line == "backup" {
			continue // there is nothing yet
		}
		if got.status != statusFailed || !strings.Contains(got.err, "was not completed") {
			t.Errorf("garner %s: status %d, %s", line, got.status, got.err)
		}
	}
}

func TestAnUpgradeBeginsWithABackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada")
	// An earlier schema is one without the newest tables.
	older(t, dir)
	mustRun(t, dir, "", "person", "list")
	made, err := filepath.Glob(filepath.Join(dir, "backups", "*"))
	if err != nil || len(made) != 1 {
		t.Fatalf("%v, %v", made, err)
	}
	b, err := backup.Open(made[0])
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Manifest.Databases[db.GarnerFile].Schema != 12 {
		t.Errorf("the backup is of %+v", b.Manifest.Databases)
	}
	inFiles(t, dir, func(v *view) {
		list, err := v.store.Backups(t.Context(), 9)
		if err != nil || len(list) != 1 || list[0].Cause != string(backup.Upgrade) || list[0].File != made[0] {
			t.Errorf("on record: %+v, %v", list, err)
		}
	})
	other := t.TempDir()
	if out := mustRun(t, other, "", "restore", made[0]); !strings.Contains(out, "people: 1") {
		t.Errorf("the report is %s", out)
	}
	if out := mustRun(t, other, "", "person", "list"); !strings.Contains(out, "Ada") {
		t.Errorf("the people are %s", out)
	}
}

func TestAnUpgradeWithoutABackupDoesNotBegin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada")
	older(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "backups"), nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	got := runHere(t, dir, "", "person", "list")
	if got.status != statusFailed || !strings.Contains(got.err, "an upgrade begins with a backup") {
		t.Errorf("status %d, %s", got.status, got.err)
	}
	if is, err := db.StoreIsOlder(t.Context(), dir); err != nil || !is {
		t.Errorf("it was upgraded: %v", err)
	}
}

// older brings garner.db to the schema of version 12.
func older(t *testing.T, dir string) {
	t.Helper()
	box := &jobstest.Box{T: t, Dir: dir}
	box.Harm(`drop table day_note;
		alter table person drop column womens_health;
		alter table person drop column weight_unit; alter table person drop column temperature_unit;
		alter table person drop column energy_unit;
		alter table account drop column weight_unit; alter table account drop column temperature_unit;
		alter table account drop column energy_unit;
		drop table personal_key; drop table pulled; drop table pull_call;
		alter table record drop column source; alter table record drop column others;
		alter table version drop column source; alter table kept drop column source; alter table kept drop column origin;
		alter table request drop column about;
		drop index delivery_prune; drop index delivery_prune_personal;
		create index delivery_prune on delivery (applied_up_ms) where state = 2;
		pragma user_version = 12`)
}

// logLines is a writer that passes on what is logged.
type logLines chan string

// Write implements io.Writer.
func (t logLines) Write(p []byte) (int, error) {
	t <- string(p)
	return len(p), nil
}

func TestWhileItsBackupFailsAnUpgradeWaitsAndThePageSaysWhy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRun(t, dir, "", "person", "add", "--name", "Ada")
	older(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "backups"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.DataDir = dir
	ctx, stop := context.WithCancel(t.Context())
	logged, done := make(logLines, 10), make(chan error, 1)
	var waits waiting
	go func() { done <- migrate(ctx, cfg, &waits, slog.New(slog.NewTextHandler(logged, nil))) }()
	if text := <-logged; !strings.Contains(text, "cannot be brought to the schema of this version yet") ||
		!strings.Contains(text, "an upgrade begins with a backup") {
		t.Errorf("the log says %s", text)
	}
	if waits.why() != noBackup {
		t.Errorf("the page says %q", waits.why())
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if is, err := db.StoreIsOlder(t.Context(), dir); err != nil || !is {
		t.Errorf("it was upgraded: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "backups")); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), cfg, &waits, quiet); err != nil {
		t.Fatal(err)
	}
	if is, err := db.StoreIsOlder(t.Context(), dir); err != nil || is {
		t.Errorf("it was not upgraded: %v", err)
	}
}
