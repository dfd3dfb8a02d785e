package config

import (
	"slices"
	"testing"
)

func TestWhatIsSetAndHasNoEffectIsNamed(t *testing.T) {
	t.Parallel()
	cfg := Default()
	if keys := Unused(cfg); keys != nil {
		t.Errorf("nothing is set, and it names %v", keys)
	}
	cfg.PublicURL = "https://garner.example.org"
	cfg.ListenHTTP, cfg.TLS.Email = ":80", "me@example.org"
	cfg.Garmin.ClientSecret = "a secret"
	cfg.TLS.DNS = "desec"
	want := []string{"tls.dns"}
	if keys := Unused(cfg); !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}

func TestNotInUseNamesOnlyKeysThatExist(t *testing.T) {
	t.Parallel()
	known := values(Default())
	for _, key := range notInUse {
		if _, ok := known[key]; !ok {
			t.Errorf("%s is no key", key)
		}
	}
}
