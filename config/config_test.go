package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tomlFiles lists the configurations of a folder by name.
func tomlFiles(t *testing.T, folder string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.toml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no configurations in %s: %v", folder, err)
	}
	files := map[string]string{}
	for _, path := range paths {
		files[strings.TrimSuffix(filepath.Base(path), ".toml")] = path
	}
	return files
}

func mustLoad(t *testing.T, path string, env ...string) Config {
	t.Helper()
	cfg, err := Load(path, env)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "garner.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGoodConfigurationsLoad(t *testing.T) {
	t.Parallel()
	for name, path := range tomlFiles(t, "good") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustLoad(t, path)
		})
	}
}

// The first line of every bad file says what its error must hold.
func TestBadConfigurationsAreRefusedWithTheirReason(t *testing.T) {
	t.Parallel()
	for name, path := range tomlFiles(t, "bad") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(text), "\n")
			want, ok := strings.CutPrefix(first, "# want: ")
			if !ok {
				t.Fatalf("%s does not begin with # want:", path)
			}
			_, err = Load(path, nil)
			if err == nil {
				t.Fatal("loads")
			}
			for part := range strings.SplitSeq(want, " | ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error lacks %q:\n%v", part, err)
				}
			}
			if lines := strings.Count(err.Error(), "\n") + 1; lines > 1 && !strings.Contains(name, "faults") {
				t.Errorf("one fault gives %d lines:\n%v", lines, err)
			}
		})
	}
}

func TestEveryKeyOfAFileIsTaken(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, "testdata/good/everything.toml")
	want := Config{
		Listen: "[::1]:9090", ListenHTTPS: ":443", ListenHTTP: ":80", PublicURL: "https://garner.example.org/", DataDir: "/var/lib/garner",
		Garmin: Garmin{
			ClientID: "0a1b2c", ClientSecret: "kept-in-a-file", CallbackSecret: "not-guessed-by-anybody_1",
			AuthorizeURL: "http://127.0.0.1:7000/oauth2Confirm", TokenURL: "http://localhost:7000/token", APIOrigin: "http://[::1]:7000",
		},
		Mail: Mail{
			Host: "smtp.example.org", Port: 465, Username: "garner", Password: "pass", From: "garner@example.org",
			To: []string{"me@example.org", "you@example.org"}, TLS: "implicit",
		},
		Alerts: Alerts{
			PersonSilentAfter: Duration(5 * time.Second), CheckEvery: Duration(time.Second), TimeZone: "Europe/Berlin", QuietHours: "22:00-07:00",
			MessagesPerHour: 4, Summary: "30 7 * * 5", NtfyURL: "https://ntfy.example.org/topic", NtfyToken: "tk_1",
			WebhookURL: "http://127.0.0.1:9/hook", WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
			HeartbeatURL: "https://hc.example.org/abc", HeartbeatEvery: Duration(time.Minute),
		},
		TLS:       TLS{Email: "me@example.org"},
		Backfill:  Backfill{Schedule: "@hourly"},
		Retention: Retention{Deliveries: Duration(24 * time.Hour), Orphans: Duration(90 * time.Minute)},
		Limits: Limits{
			BodyBytes: 1 << 20, QueueRows: 1, QueueBytes: 1 << 20, BacklogRows: 2, BacklogBytes: 2 << 40, OrphanElements: 3,
			AnswerWithin: Duration(250 * time.Millisecond), ReadWithin: Duration(2 * time.Second),
		},
		Backup: Backup{Dir: "/backup"},
		Log:    Log{Level: "debug"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// A key that is new must be in the file too.
	def := Default()
	defaults := keysOf(&def)
	for _, s := range settings(&got) {
		if cmp.Equal(s.value.Interface(), defaults.values[s.key].Interface()) {
			t.Errorf("testdata/good/everything.toml leaves %s at its default", s.key)
		}
	}
}

func TestFaultsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	text := "[limits]\nqueue_rows = 0\nwhat = 1\nbody_bytes = \"?\"\n[jobs]\nworkers = -1\n[nonsense]\n"
	path := configFile(t, text)
	env := []string{"GARNER_LOG_LEVEL=loud", "GARNER_ALERTS_GRACE=long"}
	want := strings.ReplaceAll(`P:2: limits.queue_rows: wants more than 0
P:3: limits.what: unknown key
P:4: limits.body_bytes: "?" is no size such as "128MiB"
P:6: jobs.workers: wants 0 to 1024, got -1
P:7: nonsense: unknown section
GARNER_ALERTS_GRACE: "long" is no length of time such as "48h"
GARNER_LOG_LEVEL: wants debug, info, warn or error, got "loud"`, "P", path)
	for range 20 {
		_, err := Load(path, env)
		if err == nil {
			t.Fatal("loads")
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
}

func TestTheEnvironmentHasTheLastWord(t *testing.T) {
	t.Parallel()
	path := configFile(t, "listen = \"0.0.0.0:1\"\n[jobs]\nworkers = 1\n[mail]\nto = [\"a@example.org\"]\n")
	cfg := mustLoad(t, path, "GARNER_LISTEN=127.0.0.1:9", "GARNER_JOBS_WORKERS=7", "GARNER_MAIL_TO=b@example.org, c@example.org",
		"GARNER_LIMITS_BODY_BYTES=2MiB", "GARNER_ALERTS_GRACE=2h", "GARNER_GARMIN_CLIENT_ID=id", "PATH=/bin", "GARNER_ELSEWHERE=1")
	got := fmt.Sprintf("%v %v %v %v %v %v", cfg.Listen, cfg.Jobs.Workers, cfg.Mail.To, cfg.Limits.BodyBytes, cfg.Alerts.Grace, cfg.Garmin.ClientID)
	if want := "127.0.0.1:9 7 [b@example.org c@example.org] 2MiB 2h id"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryKeyCanComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, s := range settings(&Config{}) {
		name := "GARNER_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
		_, err := Load(os.DevNull, []string{name + "=\x00"})
		_, isText := s.value.Interface().(string)
		_, isList := s.value.Interface().([]string)
		if !isText && !isList && !isSecret(s.value) && (err == nil || !strings.HasPrefix(err.Error(), name+": ")) {
			t.Errorf("%s is not looked at: %v", name, err)
		}
	}
}

func TestWrongVariablesAreNamed(t *testing.T) {
	t.Parallel()
	const secret = "testdata/secret"
	for _, c := range []struct{ env, want string }{
		{"GARNER_JOBS_WORKERS=5x", `GARNER_JOBS_WORKERS: "5x" is no whole number`},
		{"GARNER_JOBS_WORKERS=-1", "GARNER_JOBS_WORKERS: wants 0 to 1024"},
		{"GARNER_LISTEN=0.0.0.0:80", "GARNER_LISTEN: \"0.0.0.0\" is not a loopback address"},
		{"GARNER_GARMIN_CALLBACK_SECRET=short", "GARNER_GARMIN_CALLBACK_SECRET: wants at least 16"},
		{"GARNER_MAIL_PASSWORD_FILE=/no/such/file", "GARNER_MAIL_PASSWORD_FILE: open /no/such/file"},
		{"GARNER_MAIL_PASSWORD_FILE=" + os.DevNull, "is empty"},
		{"GARNER_MAIL_PASSWORD=x GARNER_MAIL_PASSWORD_FILE=" + secret, "choose one"},
	} {
		_, err := Load(os.DevNull, strings.Fields(c.env))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.env, err, c.want)
		}
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()
	secret, err := filepath.Abs("testdata/secret")
	if err != nil {
		t.Fatal(err)
	}
	path := configFile(t, fmt.Sprintf("[garmin]\nclient_secret_file = %q\n[mail]\npassword = \"from the configuration\"\n", secret))
	cfg := mustLoad(t, path, "GARNER_MAIL_PASSWORD_FILE="+secret)
	if cfg.Garmin.ClientSecret != "kept-in-a-file" || cfg.Mail.Password != "kept-in-a-file" {
		t.Errorf("got %q and %q", string(cfg.Garmin.ClientSecret), string(cfg.Mail.Password))
	}
	cfg = mustLoad(t, path, "GARNER_GARMIN_CLIENT_SECRET=direct")
	if cfg.Garmin.ClientSecret != "direct" {
		t.Errorf("the environment does not win over a secret's file: %q", string(cfg.Garmin.ClientSecret))
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const secret = "hunter-two"
	cfg := Default()
	cfg.Garmin.ClientSecret, cfg.Garmin.CallbackSecret, cfg.Mail.Password = secret, secret, secret
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "cfg", cfg, "secret", cfg.Mail.Password)
	fmt.Fprintf(&b, "%v %+v %s", cfg, cfg, cfg.Mail.Password)
	for _, value := range []string{`"` + secret, secret} {
		_, err := Load(configFile(t, "[mail]\npassword = [\""+secret+"\"]\n[garmin]\ncallback_secret = \""+value+"\"\n"), nil)
		fmt.Fprintf(&b, "%v", err)
	}
	if strings.Contains(b.String(), secret) {
		t.Errorf("a secret is shown: %s", b.String())
	}
}

func TestWithoutAFileTheDefaultsHold(t *testing.T) {
	t.Chdir(t.TempDir())
	if diff := cmp.Diff(Default(), mustLoad(t, "")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := os.WriteFile(DefaultFile, []byte("[jobs]\nworkers = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if cfg := mustLoad(t, ""); cfg.Jobs.Workers != 3 {
		t.Error("garner.toml is not read where it is there")
	}
	if _, err := Load("missing.toml", nil); err == nil || !strings.Contains(err.Error(), "missing.toml") {
		t.Errorf("a named file that is missing gives %v", err)
	}
}

func TestTheExampleIsTheDefaultsAndNamesEveryKey(t *testing.T) {
	t.Parallel()
	const path = "../config.example.toml"
	if diff := cmp.Diff(Default(), mustLoad(t, path)); diff != "" {
		t.Errorf("it differs from the defaults (-want +got)\n%s", diff)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	section, named := "", map[string]bool{}
	header, value := regexp.MustCompile(`^\[([a-z_.]+)\]`), regexp.MustCompile(`^(?:# )?([a-z_]+) = `)
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := header.FindStringSubmatch(line); m != nil {
			section = m[1] + "."
		}
		if m := value.FindStringSubmatch(line); m != nil {
			named[section+m[1]] = true
		}
	}
	for _, s := range settings(&Config{}) {
		if !named[s.key] {
			t.Errorf("it does not name %s", s.key)
		}
		delete(named, s.key)
		if isSecret(s.value) {
			delete(named, s.key+"_file")
		}
	}
	for key := range named {
		t.Errorf("it names %s, which is no key", key)
	}
}

func TestSizesAndTimesAreWrittenAsTheyAreRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "1", "1023", "1KiB", "128MiB", "3GiB", "2TiB", "1025KiB"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != text {
			t.Errorf("%s is written as %s (%v)", text, s, err)
		}
	}
	for _, text := range []string{"", "B", "MiB", "-1", "1.5GiB", "9999999999999TiB", "0x10", "1PiB"} {
		if err := new(Size).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as a size", text)
		}
	}
	for _, text := range []string{"0s", "250ms", "1m", "10m", "1h10m", "48h", "1h30m", "720h", "1m1s"} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != text {
			t.Errorf("%s is written as %s (%v)", text, d, err)
		}
	}
}
