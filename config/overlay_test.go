package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mail are settings that are complete.
func mail(more ...string) map[string]string {
	set := map[string]string{"mail.host": "smtp.example.org", "mail.port": "465", "mail.from": "garner@example.org",
		"mail.to": "ada@example.org, bob@example.org", "mail.username": "garner", "mail.password": "hush-hush",
		"mail.tls": "implicit"}
	for i := 0; i < len(more); i += 2 {
		set[more[i]] = more[i+1]
	}
	return set
}

func TestSettingsOfPagesAreReadAsTheEnvironmentIs(t *testing.T) {
	t.Parallel()
	settings, env := mail("public_url", "https://garner.example.org", "garmin.client_id", "an-id",
		"garmin.client_secret", "a-secret", "alerts.time_zone", "Europe/Berlin",
		"map.tiles", "https://tiles.example.org/{z}/{x}/{y}.png", "map.attribution", "© mappers", "map.max_zoom", "18"), []string{}
	if len(settings) != len(onPages) {
		t.Fatalf("the test sets %d of %d keys", len(settings), len(onPages))
	}
	for key, value := range settings {
		env = append(env, variable(key)+"="+value)
	}
	got, ignored := Overlay(mustLoad(t, configFile(t, "")), settings)
	if diff := cmp.Diff(mustLoad(t, configFile(t, ""), env...), got); diff != "" || len(ignored) > 0 {
		t.Errorf("ignored %v (-want +got)\n%s", ignored, diff)
	}
}

func TestWhatTheFileOrTheEnvironmentSetsStaysWhateverPagesSet(t *testing.T) {
	t.Parallel()
	file := configFile(t, "[mail]\nport = 587 # the default, too\nto = [\"ada@example.org\"]\n")
	cfg, err := Load(file, []string{"GARNER_GARMIN_CLIENT_ID=", "GARNER_MAIL_USERNAME=ada"})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"mail.port": true, "mail.to": true, "garmin.client_id": true,
		"mail.username": true, "mail.host": false, "public_url": false} {
		if cfg.IsSet(key) != want {
			t.Errorf("%s is set: %v", key, !want)
		}
	}
	got, ignored := Overlay(cfg, mail("mail.tls", "", "garmin.client_id", "other"))
	if len(ignored) > 0 || got.Mail.Port != 587 || len(got.Mail.To) != 1 || got.Garmin.ClientID != "" ||
		got.Mail.Username != "ada" || got.Mail.Host != "smtp.example.org" || got.Mail.Password != "hush-hush" {
		t.Errorf("got %+v, ignored %v", got, ignored)
	}
	if len(cfg.Mail.To) != 1 || cfg.Mail.To[0] != "ada@example.org" || cfg.Mail.Host != "" {
		t.Errorf("the configuration itself changed: %+v", cfg.Mail)
	}
}

func TestASecretInAFileIsSet(t *testing.T) {
	t.Parallel()
	cfg, err := Load(configFile(t, "mail.password_file = \""+configFile(t, "hush\n")+"\""), nil)
	if err != nil || !cfg.IsSet("mail.password") {
		t.Errorf("set: %v, %v", cfg.Set, err)
	}
}

func TestKeysThatAreNotForPagesAreNotSetByThem(t *testing.T) {
	t.Parallel()
	settings := map[string]string{"units": "imperial"} // of pages themselves
	for key := range values(Default()) {
		settings[key] = "rubbish"
	}
	for _, key := range onPages {
		delete(settings, key)
	}
	got, ignored := Overlay(Default(), settings)
	if diff := cmp.Diff(Default(), got); diff != "" || len(ignored) > 0 {
		t.Errorf("ignored %v (-want +got)\n%s", ignored, diff)
	}
}

func TestASettingThatCannotBeIsLeftOutAndTheOthersHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		settings   map[string]string
		ignored    string // part of the one error
		host       string
	}{
		{"a port that is no number", "", mail("mail.port", "many"), `mail.port: "many"`, "smtp.example.org"},
		{"a port too high", "", mail("mail.port", "70000"), "mail.port: must be 1 to 65535", "smtp.example.org"},
		{"an empty port", "", mail("mail.port", ""), "mail.port: must be a whole number", "smtp.example.org"},
		{"a zone", "", mail("alerts.time_zone", "Berlin"), "alerts.time_zone: must be a time zone", "smtp.example.org"},
		{"a public address", "", mail("public_url", "http://garner.example.org"), "public_url: must be https",
			"smtp.example.org"},
		{"no recipient", "", mail("mail.to", ""), "mail.host: is set, so mail.from and mail.to", ""},
		{"a word", "", mail("mail.tls", "perhaps"), "mail.tls", "smtp.example.org"},
		{"in conflict with the file", "[mail]\ntls = \"none\"\n", mail(), "mail.tls", ""},
	} {
		cfg, err := Load(configFile(t, c.file), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, ignored := Overlay(cfg, c.settings)
		if len(ignored) != 1 || !strings.Contains(ignored[0].Error(), c.ignored) {
			t.Errorf("%s: ignored %v, want %s", c.name, ignored, c.ignored)
		}
		if got.Mail.Host != c.host {
			t.Errorf("%s: mail goes by %q, want %q", c.name, got.Mail.Host, c.host)
		}
		if l := overlaid(got, nil); len(l.faults) > 0 {
			t.Errorf("%s: what is left has faults: %v", c.name, l.err())
		}
		for _, err := range ignored {
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: a secret is shown: %v", c.name, err)
			}
		}
	}
}

func TestAFaultThatIsNotOfASettingKeepsTheSettings(t *testing.T) {
	t.Parallel()
	cfg := Default()
	cfg.Jobs.Workers = -1
	if got, ignored := Overlay(cfg, mail()); len(ignored) > 0 || got.Mail.Host == "" {
		t.Errorf("got %+v, ignored %v", got.Mail, ignored)
	}
}
