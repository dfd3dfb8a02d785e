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

	"garner/config"
	"garner/garmin"
)

// callbackSecret is the secret part of the callback URLs: the configured one,
// or else the one in the data directory, which is created if there is none. It
// is a file, so that receiving needs no garner.db.
func callbackSecret(cfg config.Config) (string, error) {
	if cfg.Garmin.CallbackSecret != "" {
		return string(cfg.Garmin.CallbackSecret), nil
	}
	path := filepath.Join(cfg.DataDir, secretFile)
	text, err := os.ReadFile(path)
	if err == nil {
		secret := strings.TrimSpace(string(text))
		if !config.SecretForm.MatchString(secret) {
			return "", fmt.Errorf("%s: must be at least 16 letters, digits, - and _", path)
		}
		return secret, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return makeSecret(path)
}

// makeSecret writes a new secret atomically and durably: it may already be in
// Garmin's portal.
func makeSecret(path string) (string, error) {
	secret := rand.Text() + rand.Text() // 256 bits and some
	tmp, err := os.CreateTemp(filepath.Dir(path), secretFile+"-*")
	if err != nil {
		return "", err
	}
	_, err = tmp.WriteString(secret + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	if err := errors.Join(os.Remove(tmp.Name()), syncDir(filepath.Dir(path))); err != nil {
		return "", err
	}
	text, err := os.ReadFile(path) // another process may have created it
	return strings.TrimSpace(string(text)), err
}

// syncDir makes the list of files in a folder durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
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
	for _, t := range garmin.Types {
		keys = append(keys, t.Key)
		urls = append(urls, baseURL(cfg)+"/garmin/"+secret+"/"+t.Key)
	}
	return keys, urls
}
