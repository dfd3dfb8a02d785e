package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db/seal"
)

var (
	here  = seal.Place{Table: "setting", Column: "value", Row: "mail.password"}
	began = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)
)

func sealed(t *testing.T, r *seal.Ring, at seal.Place, text string) seal.Sealed {
	t.Helper()
	s, err := r.Seal(at, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAValueDecryptsAtItsPlaceOnly(t *testing.T) {
	t.Parallel()
	r := seal.File(filepath.Join(t.TempDir(), "keys"))
	s := sealed(t, r, here, "hush")
	if plain, err := r.Open(here, s); err != nil || string(plain) != "hush" {
		t.Errorf("got %q, %v", plain, err)
	}
	for _, at := range []seal.Place{
		{Table: "settings", Column: "value", Row: "mail.password"},
		{Table: "setting", Column: "other", Row: "mail.password"},
		{Table: "setting", Column: "value", Row: "garmin.client_secret"},
		{Table: "settingvalue", Column: "", Row: "mail.password"},
		{Table: "setting", Column: "valuemail.password", Row: ""},
	} {
		if plain, err := r.Open(at, s); !errors.Is(err, seal.ErrForged) {
			t.Errorf("%v: got %q, %v", at, plain, err)
		}
	}
}

func TestAChangedOrShortenedValueDoesNotDecrypt(t *testing.T) {
	t.Parallel()
	r := seal.File(filepath.Join(t.TempDir(), "keys"))
	s := sealed(t, r, here, "hush")
	for i := range s.Data {
		other := seal.Sealed{KeyID: s.KeyID, Data: bytes.Clone(s.Data)}
		other.Data[i] ^= 1
		if _, err := r.Open(here, other); !errors.Is(err, seal.ErrForged) {
			t.Errorf("byte %d: %v", i, err)
		}
		other.Data = s.Data[:i]
		if _, err := r.Open(here, other); !errors.Is(err, seal.ErrForged) {
			t.Errorf("%d bytes: %v", i, err)
		}
	}
}

func TestTheSameValueIsEncryptedDifferentlyEachTime(t *testing.T) {
	t.Parallel()
	r := seal.File(filepath.Join(t.TempDir(), "keys"))
	if a, b := sealed(t, r, here, "hush"), sealed(t, r, here, "hush"); bytes.Equal(a.Data, b.Data) {
		t.Error("equal secrets look equal")
	}
}

func TestTheFileIsCreatedByTheFirstValueAndIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	r := seal.File(path)
	if keys, err := r.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("keys before the first value: %v, %v", keys, err)
	}
	if _, err := r.Open(here, seal.Sealed{KeyID: "01234567"}); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("opened without keys: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made the file: %v", err)
	}
	sealed(t, r, here, "hush")
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestTheNewestKeyEncryptsAndAllDecryptInOtherProcessesToo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	one, other := seal.File(path), seal.File(path)
	first := sealed(t, one, here, "first")
	if plain, err := other.Open(here, first); err != nil || string(plain) != "first" {
		t.Errorf("got %q, %v", plain, err)
	}
	keys, err := one.Add(began)
	if err != nil || len(keys) != 2 || !keys[0].Created.Equal(began) || keys[1].ID != first.KeyID {
		t.Fatalf("added: %v, %v", keys, err)
	}
	second := sealed(t, other, here, "second")
	if second.KeyID != keys[0].ID {
		t.Errorf("the other ring encrypts by key %s, want the new %s", second.KeyID, keys[0].ID)
	}
	third, err := other.Add(began)
	if err != nil {
		t.Fatal(err)
	}
	for text, s := range map[string]seal.Sealed{"first": first, "second": second} {
		if plain, err := one.Open(here, s); err != nil || string(plain) != text {
			t.Errorf("got %q, %v, want %s", plain, err, text)
		}
	}
	if err := one.Keep([]string{second.KeyID}); err != nil {
		t.Fatal(err)
	}
	left, err := seal.File(path).Keys()
	if err != nil || len(left) != 2 || left[0].ID != third[0].ID || left[1].ID != second.KeyID {
		t.Errorf("kept %v, %v", left, err)
	}
	if _, err := seal.File(path).Open(here, first); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("a dropped key: %v", err)
	}
}

func TestADamagedFileIsRefusedAndNeitherReplacedNorShown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	sealed(t, seal.File(path), here, "hush")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Fields(string(whole))[1]
	for _, text := range []string{"rubbish", string(whole[:20]), strings.Replace(string(whole), key, key[:20], 1)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := seal.File(path)
		_, sealErr := r.Seal(here, nil)
		_, addErr := r.Add(began)
		for _, err := range []error{sealErr, addErr, r.Keep(nil)} {
			if err == nil || !strings.Contains(err.Error(), path+": line 1") || strings.Contains(err.Error(), key[:8]) {
				t.Errorf("%q: got %v, want the file and the line", text, err)
			}
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != text {
			t.Errorf("the file is now %q, %v", now, err)
		}
	}
}

func TestACredentialIsUsedAndNeverWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "garner-keys")
	r := seal.Credential(path)
	if _, err := r.Seal(here, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without the file: %v", err)
	}
	s := sealed(t, seal.File(path), here, "hush")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := r.Open(here, s); err != nil || string(plain) != "hush" {
		t.Errorf("got %q, %v", plain, err)
	}
	if _, err := r.Add(began); !errors.Is(err, seal.ErrReadOnly) {
		t.Errorf("added: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed, %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seal(here, nil); !errors.Is(err, seal.ErrReadOnly) {
		t.Errorf("an empty file: %v", err)
	}
}
