package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// SecretForm is what a callback secret looks like.
var SecretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,}$`)

// validate adds a fault for every value that cannot be.
func (l *loading) validate(c *Config) {
	l.validateAddresses(c)
	if s := string(c.Garmin.CallbackSecret); s != "" && !SecretForm.MatchString(s) {
		l.fault("garmin.callback_secret", "must be at least 16 letters, digits, - and _")
	}
	l.validateGarminURL("garmin.authorize_url", c.Garmin.AuthorizeURL)
	l.validateGarminURL("garmin.token_url", c.Garmin.TokenURL)
	l.validateGarminOrigin("garmin.api_origin", c.Garmin.APIOrigin)
	l.validatePersonal(&c.Personal)
	if c.DataDir == "" {
		l.fault("data_dir", "must not be empty")
	}
	if c.Jobs.Workers < 0 || c.Jobs.Workers > 1024 {
		l.fault("jobs.workers", "must be 0 to 1024, got %d", c.Jobs.Workers)
	}
	if c.Mail.Port < 1 || c.Mail.Port > 65535 {
		l.fault("mail.port", "must be 1 to 65535, got %d", c.Mail.Port)
	}
	l.validateWord("log.level", c.Log.Level, "debug", "info", "warn", "error")
	l.validateAlerts(c)
	l.validateBackfill(c)
	l.validateBackup(c)
	l.validateAmounts(c)
	l.validateMap(&c.Map)
}

func (l *loading) validatePersonal(p *Personal) {
	l.validateGarminOrigin("personal.origin", p.Origin)
	if n := p.CallsPerSecond; n < 1 || n > 100 {
		l.fault("personal.calls_per_second", "must be 1 to 100, got %d", n)
	}
	l.validateSchedule("personal.schedule", "UTC", p.Schedule)
	l.validateSchedule("personal.settle", "UTC", p.Settle)
	if n := p.Parallel; n < 1 || n > 16 {
		l.fault("personal.parallel", "must be 1 to 16, got %d", n)
	}
}

func (l *loading) validateBackfill(c *Config) {
	l.validateWord("backfill.key", c.Backfill.Key, "evaluation", "production")
	if n := c.Backfill.WindowDays; n < 1 || n > 90 {
		l.fault("backfill.window_days", "must be 1 to 90, got %d", n)
	}
	if n := c.Backfill.OnConnectDays; n < 0 || n > 3650 {
		l.fault("backfill.on_connect_days", "must be 0 to 3650, got %d", n)
	}
	l.validateSchedule("backfill.schedule", "UTC", c.Backfill.Schedule)
	if _, err := time.Parse(time.DateOnly, c.Backfill.Earliest); err != nil && c.Backfill.Earliest != "" {
		l.fault("backfill.earliest", "must be a date such as 2024-01-01, got %q", c.Backfill.Earliest)
	}
}

// validateWord takes one of several words.
func (l *loading) validateWord(key, word string, words ...string) {
	if last := len(words) - 1; !slices.Contains(words, word) {
		l.fault(key, "must be %s or %s, got %q", strings.Join(words[:last], ", "), words[last], word)
	}
}

func (l *loading) validateAmounts(c *Config) {
	for key, n := range map[string]int64{
		"limits.body_bytes":          int64(c.Limits.BodyBytes),
		"limits.queue_rows":          int64(c.Limits.QueueRows),
		"limits.queue_bytes":         int64(c.Limits.QueueBytes),
		"limits.backlog_rows":        int64(c.Limits.BacklogRows),
		"limits.backlog_bytes":       int64(c.Limits.BacklogBytes),
		"limits.orphan_elements":     int64(c.Limits.OrphanElements),
		"limits.write_timeout":       int64(c.Limits.WriteTimeout),
		"limits.read_timeout":        int64(c.Limits.ReadTimeout),
		"retention.deliveries":       int64(c.Retention.Deliveries),
		"retention.personal":         int64(c.Retention.Personal),
		"retention.orphans":          int64(c.Retention.Orphans),
		"alerts.person_silent_after": int64(c.Alerts.PersonSilentAfter),
		"alerts.check_every":         int64(c.Alerts.CheckEvery),
		"alerts.heartbeat_every":     int64(c.Alerts.HeartbeatEvery),
	} {
		if n <= 0 {
			l.fault(key, "must be more than 0")
		}
	}
	if c.Alerts.Grace < 0 {
		l.fault("alerts.grace", "cannot be negative")
	}
}

// validateSchedule refuses time zones before the parser sees them: it panics on
// some.
func (l *loading) validateSchedule(key, zone, line string) {
	if strings.Contains(line, "TZ=") {
		l.fault(key, "is in %s; leave out the time zone", zone)
		return
	}
	schedule, err := cron.ParseStandard(line)
	switch {
	case err != nil:
		l.fault(key, "must be a cron schedule such as \"*/10 * * * *\", got %q", line)
	case schedule.Next(time.Now()).IsZero():
		l.fault(key, "%q never comes", line)
	}
}

func (l *loading) validatePublicURL(raw string) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		l.fault("public_url", "must be an address such as https://garner.example.org, got %q", raw)
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		l.fault("public_url", "must be https: Garmin requires it")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		l.fault("public_url", "must have no path, query or user")
	}
}

// validateGarminURL accepts plain http only for a stand-in on loopback.
func (l *loading) validateGarminURL(key, raw string) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Hostname() == "":
		l.fault(key, "must be an https address, got %q", raw)
	case u.User != nil:
		l.fault(key, "must have no user")
	case strings.ContainsAny(raw, "?#"):
		l.fault(key, "must have no query and no fragment")
	case IsLoopback(u.Hostname()) && (u.Scheme == "http" || u.Scheme == "https"):
	case u.Scheme != "https":
		l.fault(key, "must be https, except on loopback")
	case isPrivate(u.Hostname()):
		l.fault(key, "is a private address")
	}
}

// validateGarminOrigin accepts scheme and host only.
func (l *loading) validateGarminOrigin(key, raw string) {
	l.validateGarminURL(key, raw)
	if u, err := url.Parse(raw); err == nil && strings.Trim(u.Path, "/") != "" {
		l.fault(key, "must have no path")
	}
}

func isPrivate(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified())
}

// IsLoopback reports whether a host is this machine only.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
