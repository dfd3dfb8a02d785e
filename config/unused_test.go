package config

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatIsSetAndHasNoEffectIsNamed(t *testing.T) {
	t.Parallel()
	cfg := Default()
	if keys := Unused(cfg); keys != nil {
		t.Errorf("nothing is set, and it names %v", keys)
	}
	cfg.PublicURL = "https://garner.example.org"
	cfg.ListenHTTPS = ":443"
	cfg.Garmin.ClientSecret = "a secret"
	cfg.Backup.Dir = "/backup"
	want := []string{"listen_https", "garmin.client_secret", "backup.dir"}
	if keys := Unused(cfg); !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}

func TestNotInUseNamesOnlyKeysThatExist(t *testing.T) {
	t.Parallel()
	cfg := Default()
	known := keysOf(&cfg)
	for _, name := range notInUse {
		section, whole := strings.CutSuffix(name, ".")
		if !known.values[name].IsValid() && !(whole && known.sections[section]) {
			t.Errorf("%s is no key", name)
		}
	}
}
