package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
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
	cfg.Set = nil // compared by values, wherever they are from
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
		Listen: "[::1]:9090", ListenHTTPS: ":443", ListenHTTP: ":80",
		PublicURL: "https://garner.example.org/", Hosts: []string{"garner.lan", "Box.example.org"},
		TrustedProxies: []string{"127.0.0.1", "10.0.0.0/24"}, DataDir: "/var/lib/garner",
		Garmin: Garmin{
			ClientID: "0a1b2c", ClientSecret: "kept-in-a-file", CallbackSecret: "not-guessed-by-anybody_1",
			AuthorizeURL: "http://127.0.0.1:7000/oauth2Confirm", TokenURL: "http://localhost:7000/token",
			APIOrigin: "http://[::1]:7000",
		},
		Mail: Mail{
			Host: "smtp.example.org", Port: 465, Username: "garner", Password: "pass", From: "garner@example.org",
			To: []string{"me@example.org", "you@example.org"}, TLS: "implicit",
		},
		Alerts: Alerts{
			PersonSilentAfter: Duration(5 * time.Second), CheckEvery: Duration(time.Second),
			TimeZone: "Europe/Berlin", QuietHours: "22:00-07:00",
			MessagesPerHour: 4, Summary: "30 7 * * 5", NtfyURL: "https://ntfy.example.org/topic", NtfyToken: "tk_1",
			WebhookURL: "http://127.0.0.1:9/hook", WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
			HeartbeatURL: "https://hc.example.org/abc", HeartbeatEvery: Duration(time.Minute),
		},
		TLS: TLS{
			Mode: "acme", Email: "me@example.org", CA: "https://ca.example.org/dir", CARoot: "root.pem",
			CertFile: "cert.pem", KeyFile: "key.pem", DNS: "desec",
		},
		Backfill: Backfill{Key: "production", WindowDays: 60, OnConnectDays: 30, Schedule: "10 4 * * *",
			Earliest: "2024-01-01"},
		Backup: Backup{Schedule: "15 2 * * *", Dir: "/var/backups/garner", SecondDir: "/mnt/share/garner", KeepDaily: 3,
			KeepWeekly: 2, KeepMonthly: 1},
		Personal: Personal{Origin: "http://127.0.0.1:7001", CallsPerSecond: 4, Parallel: 3,
			Schedule: "@every 1h", Settle: "0 5 * * *"},
		Retention: Retention{Deliveries: Duration(24 * time.Hour), Personal: Duration(48 * time.Hour), Orphans: Duration(90 * time.Minute)},
		Limits: Limits{
			BodyBytes: 1 << 20, QueueRows: 1, QueueBytes: 1 << 20, BacklogRows: 2, BacklogBytes: 2 << 40, OrphanElements: 3,
			WriteTimeout: Duration(250 * time.Millisecond), ReadTimeout: Duration(2 * time.Second),
		},
		Log: Log{Level: "debug"},
		Map: Map{Tiles: "http://tiles.home.arpa:8000/{z}/{x}/{y}.png?key=1", Attribution: "© mappers", MaxZoom: 17},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// A key that is new must be in the file too.
	set := values(got)
	for key, value := range values(Default()) {
		if cmp.Equal(set[key], value) {
			t.Errorf("testdata/good/everything.toml leaves %s at its default", key)
		}
	}
}

func TestTheListenersFollowFromTheModeUnlessTheyAreSet(t *testing.T) {
	t.Parallel()
	const files = "GARNER_TLS_CERT_FILE=testdata/secret GARNER_TLS_KEY_FILE=testdata/secret GARNER_TLS_MODE=files "
	const acme = "GARNER_PUBLIC_URL=https://garner.example.org GARNER_TLS_MODE=acme "
	for env, want := range map[string][2]string{
		"": {"", ""}, files: {":443", ""}, acme: {":443", ":80"},
		files + "GARNER_LISTEN_HTTPS=:8443 GARNER_LISTEN_HTTP=:8080": {":8443", ":8080"},
		acme + "GARNER_LISTEN_HTTPS=:8443 GARNER_LISTEN_HTTP=":       {":8443", ""},
	} {
		cfg := mustLoad(t, os.DevNull, strings.Fields(env)...)
		if got := [2]string{cfg.ListenHTTPS, cfg.ListenHTTP}; got != want {
			t.Errorf("%s: %q, want %q", env, got, want)
		}
	}
}

func TestTrustedProxiesAreNetworks(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(mustLoad(t, "testdata/good/tls-acme.toml").Trusted())
	if want := "[fd00::/8 10.0.0.1/32 10.0.0.0/8]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFaultsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	text := "[limits]\nqueue_rows = 0\nwhat = 1\nbody_bytes = \"?\"\n[jobs]\nworkers = -1\n[nonsense]\n"
	path := configFile(t, text)
	env := []string{"GARNER_LOG_LEVEL=loud", "GARNER_ALERTS_GRACE=long"}
	want := strings.ReplaceAll(`P:2: limits.queue_rows: must be more than 0
P:3: limits.what: unknown key
P:4: limits.body_bytes: "?" is not a size such as "128MiB"
P:6: jobs.workers: must be 0 to 1024, got -1
P:7: nonsense: unknown section
GARNER_ALERTS_GRACE: "long" is not a duration such as "48h"
GARNER_LOG_LEVEL: must be debug, info, warn or error, got "loud"`, "P", path)
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
	cfg := mustLoad(t, path, "GARNER_LISTEN=127.0.0.1:9", "GARNER_JOBS_WORKERS=7",
		"GARNER_MAIL_TO=b@example.org, c@example.org", "GARNER_LIMITS_BODY_BYTES=2MiB", "GARNER_ALERTS_GRACE=2h",
		"GARNER_GARMIN_CLIENT_ID=id", "PATH=/bin", "GARNER_ELSEWHERE=1")
	got := fmt.Sprintf("%v %v %v %v %v %v", cfg.Listen, cfg.Jobs.Workers, cfg.Mail.To,
		cfg.Limits.BodyBytes, cfg.Alerts.Grace, cfg.Garmin.ClientID)
	if want := "127.0.0.1:9 7 [b@example.org c@example.org] 2MiB 2h id"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryKeyCanComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	for key, want := range values(mustLoad(t, "testdata/good/everything.toml")) {
		text := fmt.Sprint(want)
		list, isList := want.([]any)
		if isList {
			text = strings.Trim(fmt.Sprint(list), "[]")
		}
		name := "GARNER_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
		l := newLoading()
		l.readEnvironment([]string{name + "=" + text})
		if got := values(l.cfg)[key]; !cmp.Equal(got, want) || l.err() != nil {
			t.Errorf("%s sets %s to %v, want %v (%v)", name, key, got, want, l.err())
		}
		_, isNumber := want.(int64)
		isNumber = isNumber || new(Duration).UnmarshalText([]byte(text)) == nil ||
			new(Size).UnmarshalText([]byte(text)) == nil
		_, err := Load(os.DevNull, []string{name + "=\x00"})
		if isNumber && (err == nil || !strings.HasPrefix(err.Error(), name+": ")) {
			t.Errorf("a wrong %s gives %v", name, err)
		}
	}
}

func TestAWrongVariableHidesNoFaultOfTheFile(t *testing.T) {
	t.Parallel()
	path := configFile(t, "[jobs]\nworkers = -1\n[mail]\nport = \"x\"\n")
	_, err := Load(path, []string{"GARNER_JOBS_WORKERS=many", "GARNER_MAIL_PORT=0"})
	want := strings.ReplaceAll(`@:2: jobs.workers: must be 0 to 1024, got -1
@:4: mail.port: must be a whole number without quotes
GARNER_JOBS_WORKERS: "many" is not a whole number
GARNER_MAIL_PORT: must be 1 to 65535, got 0`, "@", path)
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestAnEmptyVariableWins(t *testing.T) {
	t.Parallel()
	path := configFile(t, "public_url = \"https://garner.example.org\"\n[mail]\nto = [\"a@example.org\"]\n")
	cfg := mustLoad(t, path, "GARNER_PUBLIC_URL=", "GARNER_MAIL_TO=")
	if cfg.PublicURL != "" || len(cfg.Mail.To) != 0 {
		t.Errorf("got %q and %v", cfg.PublicURL, cfg.Mail.To)
	}
	for _, name := range []string{"GARNER_JOBS_WORKERS", "GARNER_ALERTS_GRACE", "GARNER_LIMITS_BODY_BYTES"} {
		if _, err := Load(path, []string{name + "="}); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("an empty %s gives %v", name, err)
		}
	}
}

func TestEverySecretMayComeFromAFile(t *testing.T) {
	t.Parallel()
	var want []string
	for section := range reflect.TypeFor[Config]().Fields() {
		if section.Type.Kind() != reflect.Struct {
			continue
		}
		for field := range section.Type.Fields() {
			if field.Type == reflect.TypeFor[Secret]() {
				want = append(want, section.Tag.Get("toml")+"."+field.Tag.Get("toml"))
			}
		}
	}
	if diff := cmp.Diff(want, secrets); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWrongVariablesAreNamed(t *testing.T) {
	t.Parallel()
	const secret = "testdata/secret"
	for _, c := range []struct{ env, want string }{
		{"GARNER_JOBS_WORKERS=5x", `GARNER_JOBS_WORKERS: "5x" is not a whole number`},
		{"GARNER_JOBS_WORKERS=-1", "GARNER_JOBS_WORKERS: must be 0 to 1024"},
		{"GARNER_LISTEN=0.0.0.0", "GARNER_LISTEN: must be host:port"},
		{"GARNER_HOSTS=https://garner.lan", "GARNER_HOSTS: must be names such as"},
		{"GARNER_TRUSTED_PROXIES=proxy", "GARNER_TRUSTED_PROXIES: must be addresses or networks"},
		{"GARNER_GARMIN_CALLBACK_SECRET=short", "GARNER_GARMIN_CALLBACK_SECRET: must be at least 16"},
		{"GARNER_GARMIN_CALLBACK_SECRET_FILE=" + secret, "GARNER_GARMIN_CALLBACK_SECRET_FILE: must be at least 16"},
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
	text := "[garmin]\nclient_secret_file = %q\n[mail]\npassword = \"from the configuration\"\n"
	path := configFile(t, fmt.Sprintf(text, secret))
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
		text := "[mail]\npassword = [\"" + secret + "\"]\n[garmin]\ncallback_secret = \"" + value + "\"\n"
		_, err := Load(configFile(t, text), nil)
		fmt.Fprintf(&b, "%v", err)
	}
	for _, key := range secrets { // too short, no address, no base64, and in a table
		_, err := Load(os.DevNull, []string{variable(key) + "=" + secret})
		fmt.Fprintf(&b, "%v", err)
		_, err = Load(configFile(t, key+" = { a = \""+secret+"\" }\n"), nil)
		fmt.Fprintf(&b, "%v", err)
		_, err = Load(configFile(t, key+" = "+secret+"\n"), nil)
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
	for key := range values(Default()) {
		if !named[key] {
			t.Errorf("it does not name %s", key)
		}
		delete(named, key)
		if slices.Contains(secrets, key) {
			delete(named, key+"_file")
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
