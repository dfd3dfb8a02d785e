package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

// mark is the first word of a line of garner check.
type mark string

const (
	good mark = "ok"
	// unset is something that is not set up yet, or that cannot be told from here.
	// It is no problem.
	unset mark = "--"
	bad   mark = "!!"
)

// finding is one line of garner check: ok, or what to do.
type finding struct {
	mark mark
	text string
}

// optionalFindings check the environment for files that will be deleted one day. They add
// themselves.
var optionalFindings []func(env []string, now time.Time) []finding

type checkCommand struct {
	Deep bool `help:"Instead, read all stored data and list what is damaged."`
}

// Run checks the configuration and the environment.
func (c *checkCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	if c.Deep {
		return toRead(ctx, a, cfg, func(f *view) error { return deepCheck(ctx, a, f) })
	}
	problems := 0
	cfg, ignored := withSettings(ctx, a, cfg)
	now := time.Now()
	findings := append(check(ctx, cfg, now), checkPersonal(ctx, a, cfg, now)...)
	for _, optional := range optionalFindings {
		findings = append(findings, optional(a.env, now)...)
	}
	for _, err := range ignored {
		findings = append(findings, finding{bad, "a setting is ignored: " + err.Error()})
	}
	for _, f := range findings {
		if f.mark == bad {
			problems++
		}
		fmt.Fprintf(a.out, "%s  %s\n", f.mark, f.text)
	}
	if problems > 0 {
		return fmt.Errorf("problems found: %d", problems)
	}
	return nil
}

// deepCheck reads all stored data and lists what is damaged.
func deepCheck(ctx context.Context, a *app, f *view) error {
	var found []error
	told, file := time.Time{}, ""
	err := jobs.DeepCheck(ctx, f.inbox, f.store, func(err error) {
		if errors.Is(err, db.ErrUnchecked) {
			fmt.Fprintf(a.out, "--  %v\n", err)
			return
		}
		found = append(found, err)
		fmt.Fprintf(a.out, "!!  %v\n", err)
	}, func(reading string, done, total int64) error {
		if now := time.Now(); reading != file || now.Sub(told) > time.Second {
			told, file = now, reading
			fmt.Fprintf(a.err, "%s: %d of %d\n", reading, done, total)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := jobs.Concluded(ctx, f.store, time.Now(), found); err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("%d damaged; restore a backup, and test the disk and the memory of this machine", len(found))
	}
	fmt.Fprintln(a.out, "ok  no damage found")
	return nil
}

func check(ctx context.Context, cfg config.Config, now time.Time) []finding {
	out := []finding{{good, "configuration read"}}
	out = append(out, checkDisk(cfg)...)
	out = append(out, checkClock(now))
	out = append(append(out, checkPorts(cfg)...), checkGarmin(ctx, cfg)...)
	out = append(out, checkCertificate(cfg, now)...)
	out = append(out, checkPublic(ctx, cfg, now)...)
	out = append(out, checkChannels(cfg)...)
	for _, key := range config.Unused(cfg) {
		out = append(out, finding{bad, key + " is set but not supported yet: it has no effect"})
	}
	return out
}

func checkDisk(cfg config.Config) []finding {
	if _, err := os.Stat(cfg.DataDir); errors.Is(err, os.ErrNotExist) {
		return []finding{{good, "data_dir " + cfg.DataDir + " will be created at the first start"}}
	}
	if err := checkOwner(cfg.DataDir); err != nil {
		return []finding{{bad, err.Error()}}
	}
	var out []finding
	tmp, err := os.CreateTemp(cfg.DataDir, "check-*")
	if err == nil {
		err = errors.Join(tmp.Close(), os.Remove(tmp.Name()))
	}
	if err != nil {
		out = append(out, finding{bad, "data_dir is not writable: " + err.Error()})
	} else {
		out = append(out, finding{good, "data_dir " + cfg.DataDir + " is writable"})
	}
	if warning := fileSystemWarning(cfg.DataDir); warning != "" {
		out = append(out, finding{bad, warning})
	}
	free, err := db.Free(cfg.DataDir)
	switch {
	case err != nil:
		out = append(out, finding{bad, "free disk space is unknown: " + err.Error()})
	case free < 4*int64(cfg.Limits.MinFreeBytes):
		out = append(out, finding{bad, fmt.Sprintf("only %s free; below %s Garner stops receiving",
			config.Size(free>>20<<20), cfg.Limits.MinFreeBytes)})
	default:
		out = append(out, finding{good, fmt.Sprintf("%d GiB free", free>>30)})
	}
	return out
}

// checkClock detects a clock that was never set.
func checkClock(now time.Time) finding {
	if now.Year() < 2026 {
		return finding{bad, "the clock says " + now.Format(time.RFC3339) +
			"; set it, or certificates and dates will be wrong"}
	}
	return finding{good, "the clock says " + now.UTC().Format(time.RFC3339)}
}

// checkPorts tries each address that Garner listens on.
func checkPorts(cfg config.Config) (out []finding) {
	for _, a := range []struct{ key, address string }{
		{"listen", cfg.Listen}, {"listen_https", cfg.ListenHTTPS}, {"listen_http", cfg.ListenHTTP},
	} {
		if a.address != "" {
			out = append(out, checkPort(cfg, a.key, a.address))
		}
	}
	return out
}

func checkPort(cfg config.Config, key, address string) finding {
	l, err := net.Listen("tcp", address)
	if err == nil {
		if err := l.Close(); err != nil {
			return finding{bad, err.Error()}
		}
		return finding{good, "no other program listens on " + address}
	}
	if errors.Is(err, fs.ErrPermission) {
		return checkPrivileged(cfg, key, address)
	}
	yes, askErr := served(cfg.DataDir)
	if yes {
		return finding{good, "garner serves on " + address}
	}
	return finding{bad, errors.Join(fmt.Errorf("%s cannot be used: %w; choose another %s, or stop the program that "+
		"listens there", address, err, key), askErr).Error()}
}

// checkPrivileged is for an address on which this command may not listen. The
// service may, with the privilege of its unit.
func checkPrivileged(cfg config.Config, key, address string) finding {
	yes, err := served(cfg.DataDir)
	if err != nil {
		return finding{bad, err.Error()}
	}
	if !yes {
		return finding{unset, fmt.Sprintf("%s: not known whether it is free; this command may not listen on ports below "+
			"1024. garner serve needs CAP_NET_BIND_SERVICE for it, as in the unit, or another %s", address, key)}
	}
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		return finding{bad, fmt.Sprintf("garner serves, and not on %s: %v; restart it if %s has changed", address, err, key)}
	}
	return finding{good, "garner runs, and " + address + " responds"}
}

// checkChannels tries whether the configured channels respond. It sends nothing:
// tests are sent from the Alerts page.
func checkChannels(cfg config.Config) []finding {
	var out []finding
	if cfg.Mail.Host != "" {
		address := net.JoinHostPort(cfg.Mail.Host, strconv.Itoa(cfg.Mail.Port))
		conn, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err == nil {
			err = conn.Close()
		}
		if err != nil {
			out = append(out, finding{bad, "mail: " + err.Error() + "; check mail.host and mail.port"})
		} else {
			out = append(out, finding{good, "mail: " + address + " responds; send a test from the Alerts page"})
		}
	}
	for _, w := range channels(cfg) {
		if w.Key != "mail" && w.Configured() {
			out = append(out, finding{good, w.Title + " goes to " + w.To})
		}
	}
	if len(out) == 0 {
		out = append(out, finding{unset,
			"no notification channel is set up: set [mail], or ntfy_url or webhook_url in [alerts]"})
	}
	return out
}
