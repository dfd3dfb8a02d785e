package db_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
)

// sealedStore is a store whose keys are in its folder.
func sealedStore(t *testing.T, dir string) *db.Store {
	t.Helper()
	s := openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	return s
}

// set sets secrets by name and value.
func setSecrets(t *testing.T, s *db.Store, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		change := db.SettingChange{Name: pairs[i], Value: pairs[i+1], Secret: true}
		if err := s.ChangeSettings(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
}

// setting is a setting by its name; zero if it is not set.
func setting(t *testing.T, s *db.Store, name string) db.Setting {
	t.Helper()
	list, err := s.Settings(t.Context(), name)
	if err != nil || len(list) > 1 {
		t.Fatalf("%s: %+v, %v", name, list, err)
	}
	if len(list) == 0 {
		return db.Setting{}
	}
	return list[0]
}

// wantSecrets checks secrets by name and value.
func wantSecrets(t *testing.T, s *db.Store, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := setting(t, s, pairs[i]); got.Err != nil || !got.Secret || got.Value != pairs[i+1] {
			t.Errorf("%s is %+v, want %s", pairs[i], got, pairs[i+1])
		}
	}
}

func TestSettingsAreKeptAndEachChangeMovesTheMark(t *testing.T) {
	t.Parallel()
	s := sealedStore(t, t.TempDir())
	last := int64(0)
	moved := func(what string) {
		t.Helper()
		mark, err := s.SettingsMark(t.Context())
		if err != nil || mark <= last {
			t.Errorf("%s: the mark is %d after %d, %v", what, mark, last, err)
		}
		last = mark
	}
	for _, value := range []string{"one", "two", ""} {
		if err := s.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.host", Value: value}); err != nil {
			t.Fatal(err)
		}
		if got := setting(t, s, "mail.host"); got != (db.Setting{Name: "mail.host", Value: value}) {
			t.Errorf("got %+v", got)
		}
		moved("set")
	}
	setSecrets(t, s, "mail.password", "hush")
	wantSecrets(t, s, "mail.password", "hush")
	moved("secret")
	list, err := s.Settings(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "mail.host" || list[1].Value != "hush" {
		t.Errorf("all: %+v, %v", list, err)
	}
	if err := s.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.host", Delete: true}); err != nil {
		t.Fatal(err)
	}
	moved("delete")
	if got := setting(t, s, "mail.host"); got != (db.Setting{}) {
		t.Errorf("deleted: %+v", got)
	}
}

func TestChangesOfSeveralSettingsAreMadeTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	err := s.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.host", Value: "h"},
		db.SettingChange{Name: "mail.password", Value: "hush", Secret: true})
	if !errors.Is(err, db.ErrNoKeys) || strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret without keys: %v", err)
	}
	if list, err := s.Settings(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("kept %+v, %v", list, err)
	}
	if mark, err := s.SettingsMark(t.Context()); err != nil || mark != 0 {
		t.Errorf("the mark is %d, %v", mark, err)
	}
}

func TestNoFileHasASecretInClearText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := db.OpenStore(t.Context(), dir, kinds, metrics)
	if err != nil {
		t.Fatal(err)
	}
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	secrets := []string{"a-first-very-secret-value", "the-second-very-secret-value"}
	for _, value := range secrets {
		setSecrets(t, s, "mail.password", value)
	}
	if _, _, err := s.RotateKeys(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	search := func() {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) < 2 {
			t.Fatal(files, err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, value := range secrets {
				if bytes.Contains(text, []byte(value)) {
					t.Errorf("%s has %q", filepath.Base(path), value)
				}
			}
		}
	}
	search() // with the log of the last changes
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	search() // everything is in the file itself
	wantSecrets(t, sealedStore(t, dir), "mail.password", secrets[1])
}

func TestASecretWithoutItsKeyIsShownAsSuchAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := sealedStore(t, dir)
	setSecrets(t, s, "mail.password", "hush")
	path := filepath.Join(dir, "keys")
	keys, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "keys")
	if _, err := seal.File(foreign).Add(time.Now()); err != nil {
		t.Fatal(err)
	}
	wrong := seal.File(foreign)
	for name, ring := range map[string]*seal.Ring{"none": nil, "missing": seal.File(foreign + "-none"), "wrong": wrong} {
		s.UseKeys(ring)
		if got := setting(t, s, "mail.password"); !errors.Is(got.Err, db.ErrSealed) || got.Value != "" || !got.Secret {
			t.Errorf("%s: got %+v", name, got)
		}
		change := db.SettingChange{Name: "mail.password", Value: "new", Secret: true}
		if err := s.ChangeSettings(t.Context(), change); !errors.Is(err, db.ErrSealed) {
			t.Errorf("%s: set a secret: %v", name, err)
		}
		change.Secret = false
		if err := s.ChangeSettings(t.Context(), change); !errors.Is(err, db.ErrSealed) {
			t.Errorf("%s: set in clear text: %v", name, err)
		}
		if _, _, err := s.RotateKeys(t.Context(), time.Now()); err == nil {
			t.Errorf("%s: rotated", name)
		}
		change.Name, change.Secret = "other."+name, true // no other ring has sealed it
		if err := s.ChangeSettings(t.Context(), change); name != "wrong" && !errors.Is(err, db.ErrNoKeys) {
			t.Errorf("%s: a new key beside missing ones: %v", name, err)
		}
	}
	if _, err := os.Stat(foreign + "-none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file of keys was made: %v", err)
	}
	if left, err := wrong.Keys(); err != nil || len(left) != 1 {
		t.Errorf("the wrong ring has %v, %v", left, err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, keys) {
		t.Errorf("the keys changed, %v", err)
	}
	s.UseKeys(seal.File(path))
	wantSecrets(t, s, "mail.password", "hush")
	s.UseKeys(wrong)
	if err := s.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.password", Delete: true}); err != nil {
		t.Fatal(err)
	}
	setSecrets(t, s, "mail.password", "new")
	wantSecrets(t, s, "mail.password", "new")
}

func TestSwappedSecretsDoNotDecrypt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := sealedStore(t, dir)
	setSecrets(t, s, "mail.password", "one", "garmin.client_secret", "two")
	harm(t, filepath.Join(dir, "garner.db"), `update setting set name = name || '.x'`)
	harm(t, filepath.Join(dir, "garner.db"), `update setting set name = case name when 'mail.password.x'
		then 'garmin.client_secret' else 'mail.password' end`)
	for _, name := range []string{"mail.password", "garmin.client_secret"} {
		if got := setting(t, s, name); !errors.Is(got.Err, db.ErrSealed) || got.Value != "" {
			t.Errorf("%s is %+v", name, got)
		}
	}
}
