package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"garner/config"
)

func secretIn(t *testing.T, dir string) string {
	t.Helper()
	cfg := config.Default()
	cfg.DataDir = dir
	secret, err := callbackSecret(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestTheSecretIsMadeOnceAndIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := secretIn(t, dir)
	if !config.SecretForm.MatchString(secret) || len(secret) < 40 {
		t.Errorf("made %q", secret)
	}
	if again := secretIn(t, dir); again != secret {
		t.Errorf("first %q, then %q", secret, again)
	}
	if other := secretIn(t, t.TempDir()); other == secret {
		t.Error("two folders have one secret")
	}
	st, err := os.Stat(filepath.Join(dir, secretFile))
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", st.Mode())
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestProcessesThatStartAtOnceAgreeOnTheSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secrets := make([]string, 8)
	var wg sync.WaitGroup
	for i := range secrets {
		wg.Go(func() {
			cfg := config.Default()
			cfg.DataDir = dir
			secrets[i], _ = callbackSecret(cfg)
		})
	}
	wg.Wait()
	if len(slices.Compact(secrets)) != 1 || secrets[0] == "" {
		t.Errorf("made %q", secrets)
	}
}

func TestAConfiguredSecretIsUsedAndNoFileMade(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.DataDir, cfg.Garmin.CallbackSecret = t.TempDir(), "configured-by-its-admin"
	secret, err := callbackSecret(cfg)
	if err != nil || secret != "configured-by-its-admin" {
		t.Errorf("got %q, %v", secret, err)
	}
	if entries, err := os.ReadDir(cfg.DataDir); err != nil || len(entries) != 0 {
		t.Errorf("made %v, %v", entries, err)
	}
}

func TestADamagedSecretIsRefusedRatherThanReplaced(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.DataDir = t.TempDir()
	path := filepath.Join(cfg.DataDir, secretFile)
	if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := callbackSecret(cfg); err == nil || !strings.Contains(err.Error(), path) ||
		strings.Contains(err.Error(), "short") {
		t.Errorf("got %v, want the file's name and not what it holds", err)
	}
}
