package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"garner/config"
	"garner/db/durable"
	"garner/garmin"
)

// pathSecret is a secret part of the callback URLs.
type pathSecret struct {
	text    string
	created time.Time // zero for one of the configuration
}

// callbackSecret is the secret of the callback URLs to paste: the newest.
func callbackSecret(cfg config.Config) (string, error) {
	secrets, err := callbackSecrets(cfg)
	if err != nil {
		return "", err
	}
	return secrets[0].text, nil
}

// callbackSecrets are the valid secrets, newest first: the configured one, or
// else those in the data directory, where one is created if there is none. It
// is a file, so that receiving needs no garner.db.
func callbackSecrets(cfg config.Config) ([]pathSecret, error) {
	if cfg.Garmin.CallbackSecret != "" {
		return []pathSecret{{text: string(cfg.Garmin.CallbackSecret)}}, nil
	}
	path := filepath.Join(cfg.DataDir, secretFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		// It may already be in Garmin's portal: what another process has created stays.
		if err := durable.Create(path, newSecret()+"\n"); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return readSecrets(path)
}

func newSecret() string { return rand.Text() + rand.Text() } // 256 bits and some

// readSecrets reads the lines of the file, newest first: a secret, and when it
// was created. Where that is missing, the file was not changed since.
func readSecrets(path string) ([]pathSecret, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	var secrets []pathSecret
	for line := range strings.Lines(strings.TrimSpace(string(text))) {
		secret, created, dated := strings.Cut(strings.TrimSpace(line), " ")
		s := pathSecret{secret, st.ModTime()}
		if dated {
			s.created, err = time.Parse(time.RFC3339, created)
		}
		if err != nil || !config.SecretForm.MatchString(secret) {
			return nil, fmt.Errorf("%s: line %d must be at least 16 letters, digits, - and _, and perhaps a time", path,
				len(secrets)+1)
		}
		secrets = append(secrets, s)
	}
	if len(secrets) == 0 {
		return nil, fmt.Errorf("%s is empty", path)
	}
	return secrets, nil
}

// changeSecrets replaces the secrets in the file by what change makes of them.
// Commands that change it at once do so one after the other.
func changeSecrets(cfg config.Config, change func([]pathSecret) ([]pathSecret, error)) error {
	if cfg.Garmin.CallbackSecret != "" {
		return errors.New("the callback secret is set by garmin.callback_secret in the configuration; change it there")
	}
	if _, err := callbackSecrets(cfg); err != nil {
		return err
	}
	path := filepath.Join(cfg.DataDir, secretFile)
	release, err := lockSecrets(path)
	if err != nil {
		return err
	}
	secrets, err := readSecrets(path)
	if err == nil {
		secrets, err = change(secrets)
	}
	if err == nil {
		var text strings.Builder
		for _, s := range secrets {
			fmt.Fprintln(&text, s.text, s.created.UTC().Format(time.RFC3339))
		}
		err = durable.Replace(path, text.String())
	}
	return errors.Join(err, release())
}

// lockSecrets locks the file, once it is the one at its path.
func lockSecrets(path string) (release func() error, err error) {
	for {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		mine, statErr := f.Stat()
		now, nowErr := os.Stat(path)
		if err := errors.Join(err, statErr, nowErr); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if os.SameFile(mine, now) {
			return f.Close, nil
		}
		if err := f.Close(); err != nil { // another command has replaced it
			return nil, err
		}
	}
}

// baseURL is the address of this Garner: the public one if configured.
func baseURL(cfg config.Config) string {
	if cfg.PublicURL != "" {
		return strings.TrimRight(cfg.PublicURL, "/")
	}
	return localURL(cfg)
}

// localURL is the address for plain HTTP as this machine reaches it.
func localURL(cfg config.Config) string {
	host, port, err := net.SplitHostPort(cfg.Listen)
	if addr, _ := netip.ParseAddr(host); err == nil && (host == "" || addr.IsUnspecified()) {
		return "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	return "http://" + cfg.Listen
}

// callbackURLs returns the URL to paste into Garmin's portal for each type.
func callbackURLs(cfg config.Config, secret string) (keys, urls []string) {
	for _, t := range garmin.Callbacks() {
		keys = append(keys, t.Key)
		urls = append(urls, baseURL(cfg)+"/garmin/"+secret+"/"+t.Key)
	}
	return keys, urls
}
