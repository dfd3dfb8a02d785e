package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/health"
	"garner/jobs"
	"garner/server"
)

// serving is a running serve whose live part the test drives.
type serving struct {
	t       *testing.T
	dir     string
	files   *files
	live    *live
	addr    string
	log     *lockedBuffer
	cookies []*http.Cookie
}

// lockedBuffer may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startServing runs what serve runs but for its jobs, over dir.
func startServing(t *testing.T, dir string, env ...string) *serving {
	t.Helper()
	cfg, err := config.Load(os.DevNull, append(env, "GARNER_DATA_DIR="+dir, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"))
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{t: t, dir: dir, log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f, err := openFiles(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.files = f
	f.store.UseKeys(seal.File(filepath.Join(dir, keysFile)))
	secrets, err := callbackSecrets(cfg)
	if err != nil {
		t.Fatal(err)
	}
	how := appliance{source: health.Push}
	s.live = &live{base: cfg, store: f.store, log: log, cfg: cfg, secrets: secrets, used: map[string]time.Time{}}
	s.live.load(t.Context())
	drain := &jobs.Drain{Inbox: f.inbox.InboxReader, Receiving: f.inbox, Store: f.store, Log: log, Workers: 1}
	s.live.server, s.live.watch, err = serverAndWatch(s.live.cfg, serverOptions(cfg, s.live.cfg, s.live.secrets, how), how, f,
		drain, log)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.live.server.Serve(ctx, server.Listeners{Plain: l}) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, f.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// signIn adds an admin whose session later requests have.
func (s *serving) signIn() {
	s.t.Helper()
	const password = "correct horse battery"
	added := runHere(s.t, s.dir, password+"\n", "account", "add", "--name", "admin", "--role", "admin", "--password-stdin")
	if added.status != statusDone {
		s.t.Fatal(added.err)
	}
	form := url.Values{"name": {"admin"}, "password": {password}}.Encode()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.addr+"/signin",
		strings.NewReader(form))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.cookies = resp.Cookies(); resp.StatusCode != http.StatusSeeOther || len(s.cookies) == 0 {
		s.t.Fatalf("sign in: %s", resp.Status)
	}
	if err := resp.Body.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// notice does what the live part does each second.
func (s *serving) notice() {
	s.t.Helper()
	if err := s.live.RunOnce(s.t.Context()); err != nil {
		s.t.Error(err)
	}
}

// ask sends a request and returns the status and the answer.
func (s *serving) ask(method, host, path string, headers ...string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, strings.NewReader("{}"))
	if err != nil {
		s.t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	for _, c := range s.cookies {
		req.AddCookie(c)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// wantCallback checks what a callback under a secret is answered.
func (s *serving) wantCallback(what, secret string, want int) {
	s.t.Helper()
	if got, _ := s.ask(http.MethodPost, "", "/garmin/"+secret+"/dailies"); got != want {
		s.t.Errorf("%s: %d, want %d", what, got, want)
	}
}

// fileSecrets are the secrets in the file, newest first.
func fileSecrets(t *testing.T, dir string) (out []string) {
	t.Helper()
	list, err := readSecrets(filepath.Join(dir, secretFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		out = append(out, s.text)
	}
	return out
}

func command(t *testing.T, dir, line string) string {
	t.Helper()
	got := runHere(t, dir, "", strings.Fields(line)...)
	if got.status != statusDone {
		t.Fatalf("garner %s: %s", line, got.err)
	}
	return got.out
}

func refused(t *testing.T, dir, line, want string) {
	t.Helper()
	if got := runHere(t, dir, "", strings.Fields(line)...); got.status != statusFailed || !strings.Contains(got.err, want) {
		t.Errorf("garner %s: status %d, %s, want %q", line, got.status, got.err, want)
	}
}

func TestTheCallbackSecretRotatesWithAnOverlap(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir())
	old := fileSecrets(t, s.dir)[0]
	refused(t, s.dir, "secret retire", "only one secret is valid")
	s.wantCallback("the only secret", old, http.StatusOK)

	command(t, s.dir, "secret rotate")
	refused(t, s.dir, "secret rotate", "two secrets are valid already")
	both := fileSecrets(t, s.dir)
	if len(both) != 2 || both[1] != old || both[0] == old {
		t.Fatalf("%d secrets are in the file, the older first: %v", len(both), both[0] == old)
	}
	s.notice()
	s.wantCallback("the older secret in the overlap", old, http.StatusOK)
	s.wantCallback("the newer secret in the overlap", both[0], http.StatusOK)
	if urls := command(t, s.dir, "urls"); !strings.Contains(urls, both[0]) || strings.Contains(urls, old) {
		t.Errorf("garner urls does not show the newer secret alone")
	}
	if err := s.live.recordUses(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := command(t, s.dir, "secret list")
	for _, secret := range both {
		if strings.Contains(list, secret) || !strings.Contains(list, secret[:4]+"…") {
			t.Errorf("the list does not show %s… masked:\n%s", secret[:4], list)
		}
	}
	if strings.Contains(list, "none known") {
		t.Errorf("the list shows no last use:\n%s", list)
	}

	command(t, s.dir, "secret retire")
	s.notice()
	s.wantCallback("the retired secret", old, http.StatusNotFound)
	s.wantCallback("the secret that stays", both[0], http.StatusOK)
	unknown, page := s.ask(http.MethodPost, "", "/garmin/no-such-secret-at-all/dailies")
	if status, text := s.ask(http.MethodPost, "", "/garmin/"+old+"/dailies"); status != unknown ||
		len(text) != len(page) {
		t.Errorf("a retired secret and an unknown one are told apart: %d and %d", status, unknown)
	}
}

func TestASecretThatIsNeverUsedIsListedAsSuch(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir())
	if list := command(t, s.dir, "secret list"); !strings.Contains(list, "none known") {
		t.Errorf("got %s", list)
	}
}

func TestAConfiguredSecretIsNotRotated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := config.Default()
	cfg.DataDir, cfg.Garmin.CallbackSecret = dir, "configured-by-its-admin"
	err := changeSecrets(cfg, func(s []pathSecret) ([]pathSecret, error) { return s, nil })
	if err == nil || !strings.Contains(err.Error(), "garmin.callback_secret") {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("made %v, %v", entries, err)
	}
}

func TestAFileOfSecretsThatIsLostOrDamagedChangesNothingThatServes(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir())
	path := filepath.Join(s.dir, secretFile)
	old := fileSecrets(t, s.dir)[0]
	for what, spoil := range map[string]func() error{
		"damaged": func() error { return os.WriteFile(path, []byte(old+" yesterday\n"), 0o600) },
		"empty":   func() error { return os.WriteFile(path, nil, 0o600) },
		"lost":    func() error { return os.Remove(path) },
	} {
		if err := spoil(); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if err := s.live.RunOnce(t.Context()); err == nil || strings.Contains(err.Error(), old) {
			t.Errorf("%s: got %v", what, err)
		}
		s.wantCallback(what, old, http.StatusOK)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := s.live.RunOnce(t.Context()); err == nil {
		t.Error("a lost file is no error")
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file was made anew: %v", err)
	}
}

func TestSettingsOfPagesApplyWhileGarnerRuns(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir())
	secret := fileSecrets(t, s.dir)[0]
	const host = "garner.example.org"
	if status, _ := s.ask(http.MethodPost, host, "/garmin/"+secret); status != http.StatusMisdirectedRequest {
		t.Errorf("before: %d", status)
	}
	if n := len(s.live.watch.Dispatcher.Destinations); n != 0 {
		t.Errorf("%d destinations before", n)
	}
	// As another process would, such as a command.
	beside, err := db.OpenStoreBeside(t.Context(), s.dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	beside.UseKeys(seal.File(filepath.Join(s.dir, keysFile)))
	if err := beside.ChangeSettings(t.Context(),
		db.SettingChange{Name: "public_url", Value: "https://" + host},
		db.SettingChange{Name: "garmin.client_id", Value: "ours"},
		db.SettingChange{Name: "mail.host", Value: "smtp.example.org"},
		db.SettingChange{Name: "mail.from", Value: "garner@example.org"},
		db.SettingChange{Name: "mail.to", Value: "ada@example.org"},
		db.SettingChange{Name: "mail.username", Value: "garner"},
		db.SettingChange{Name: "mail.password", Value: "a-password-of-mail", Secret: true},
		db.SettingChange{Name: "alerts.time_zone", Value: "Asia/Tokyo"},
	); err != nil {
		t.Fatal(err)
	}
	s.notice()
	if status, _ := s.ask(http.MethodPost, host, "/garmin/"+secret); status != http.StatusOK {
		t.Errorf("a callback under the public name: %d", status)
	}
	if status, _ := s.ask(http.MethodPost, host, "/garmin/"+secret, "garmin-client-id", "other"); status != http.StatusOK {
		t.Errorf("a callback of another client: %d", status)
	}
	if list, err := s.files.inbox.After(t.Context(), 0, 10, 1<<20); err != nil || len(list) != 2 ||
		list[0].Client != db.ClientMissing || list[1].Client != db.ClientWrong {
		t.Errorf("kept %+v, %v, want the client ids checked", list, err)
	}
	d := s.live.watch.Dispatcher
	if len(d.Destinations) != 1 || d.Destinations[0].Address != "ada@example.org" || d.Zone.String() != "Asia/Tokyo" {
		t.Errorf("notifications go to %+v, in %v", d.Destinations, d.Zone)
	}
	if mail := s.live.cfg.Mail; string(mail.Password) != "a-password-of-mail" {
		t.Errorf("the password is %q", string(mail.Password))
	}
	if s.live.watch.PublicURL != "https://"+host {
		t.Errorf("probes %q", s.live.watch.PublicURL)
	}
	s.signIn()
	if _, page := s.ask(http.MethodGet, "", "/alerts"); !strings.Contains(page, "ada@example.org by smtp.example.org") {
		t.Error("the Alerts page does not show the mail channel")
	}
	if urls := command(t, s.dir, "urls"); !strings.Contains(urls, "https://"+host+"/garmin/"+secret) {
		t.Errorf("garner urls prints %s", urls)
	}
	if got := runHere(t, s.dir, "", "check"); !strings.Contains(got.out, "public address https://"+host) {
		t.Errorf("garner check prints %s", got.out)
	}

	command(t, s.dir, "key rotate") // beside it
	if keys := command(t, s.dir, "key list"); strings.Count(keys, "\n") != 2 || !strings.Contains(keys, "  1\n") {
		t.Errorf("keys:\n%s", keys)
	}
	if err := s.live.store.DeleteSetting(t.Context(), "public_url"); err != nil {
		t.Fatal(err)
	}
	s.notice()
	if status, _ := s.ask(http.MethodPost, host, "/garmin/"+secret); status != http.StatusMisdirectedRequest {
		t.Errorf("after the name was deleted: %d", status)
	}
	if mail := s.live.cfg.Mail; string(mail.Password) != "a-password-of-mail" {
		t.Errorf("after the key was rotated the password is %q", string(mail.Password))
	}
}

func TestABadSettingIsLoggedAndTheRestApplies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startServing(t, dir, "GARNER_GARMIN_CLIENT_ID=of-the-environment")
	for name, value := range map[string]string{"mail.port": "many", "public_url": "https://garner.example.org",
		"garmin.client_id": "of-a-page"} {
		if err := s.live.store.SetSetting(t.Context(), name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.live.store.SetSecretSetting(t.Context(), "mail.password", "hush-hush"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, keysFile), filepath.Join(dir, "lost")); err != nil {
		t.Fatal(err)
	}
	s.live.store.UseKeys(seal.File(filepath.Join(dir, keysFile)))
	s.notice()
	for _, want := range []string{"mail.port", "mail.password: cannot be decrypted"} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log does not have %q:\n%s", want, s.log)
		}
	}
	cfg := s.live.cfg
	if cfg.PublicURL == "" || cfg.Mail.Port != 587 || cfg.Garmin.ClientID != "of-the-environment" || cfg.Mail.Password != "" {
		t.Errorf("in force: %+v", cfg)
	}
	if got := runHere(t, dir, "", "check"); !strings.Contains(got.out, "a setting is ignored: mail.port") {
		t.Errorf("garner check prints %s", got.out)
	}
	if err := os.Rename(filepath.Join(dir, "lost"), filepath.Join(dir, keysFile)); err != nil {
		t.Fatal(err)
	}
	s.notice()
	if got := string(s.live.cfg.Mail.Password); got != "hush-hush" {
		t.Errorf("once the keys are back the password is %q", got)
	}
}

func TestCommandsThatReadSettingsCreateNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	runHere(t, dir, "", "check")
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("check made %s: %v", dir, err)
	}
	command(t, dir, "urls")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != secretFile {
		t.Errorf("urls made %v, %v", entries, err)
	}
}

func TestKeysMayComeAsACredential(t *testing.T) {
	t.Parallel()
	dir, credentials := t.TempDir(), t.TempDir()
	cfg := config.Default()
	cfg.DataDir = dir
	a := &app{env: []string{"CREDENTIALS_DIRECTORY=" + credentials}}
	if _, err := a.keys(cfg).Add(time.Now()); err != nil {
		t.Errorf("without the credential the file is used: %v", err)
	}
	if _, err := seal.File(filepath.Join(credentials, credentialName)).Add(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.keys(cfg).Add(time.Now()); !errors.Is(err, seal.ErrReadOnly) {
		t.Errorf("with the credential: %v", err)
	}
}

// The page that hands out the callback URLs.
const handsOut = "/setup/callbacks"

func TestTheCallbackSecretIsOnNoPageButOneAndInNoLog(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir())
	if _, err := s.live.store.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	command(t, s.dir, "secret rotate")
	s.notice()
	secrets := fileSecrets(t, s.dir)
	for i, secret := range secrets {
		s.wantCallback(fmt.Sprint("secret ", i), secret, http.StatusOK)
		s.ask(http.MethodGet, "", "/garmin/"+secret+"/dailies")
		s.ask(http.MethodPost, "", "/garmin/"+secret+"/a/b")
	}
	s.signIn()
	shown := 0
	for _, path := range []string{"/", "/sync", "/coverage", "/alerts", "/people", "/help", "/export", handsOut,
		"/inbox", "/settings", "/settings/box", "/setup/done", "/audit", "/inbox/1",
		"/p/ada/day", "/p/ada/sync", "/p/ada/sync/dailies", "/p/ada/coverage", "/p/ada/data", "/p/ada/data/dailies",
		"/p/ada/export", "/metrics", "/healthz", "/readyz", "/coverage.csv", "/no/such/page"} {
		_, page := s.ask(http.MethodGet, "", path)
		for i, secret := range secrets {
			has := strings.Contains(page, secret)
			if has && (path != handsOut || i > 0) {
				t.Errorf("%s shows secret %d", path, i)
			}
			if has {
				shown++
			}
		}
	}
	if shown != 1 {
		t.Errorf("the callback secret is shown on %d pages, want one", shown)
	}
	for i, secret := range secrets {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log shows secret %d", i)
		}
		for _, line := range []string{"check", "secret list", "secret rotate", "inbox"} {
			if got := runHere(t, s.dir, "", strings.Fields(line)...); strings.Contains(got.out+got.err, secret) {
				t.Errorf("garner %s shows secret %d", line, i)
			}
		}
	}
}
