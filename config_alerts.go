package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"garner/health/alert"
	"garner/jobs"
	"garner/jobs/notify"
	"garner/server"
)

// checker is a way that can tell what is wrong with its settings.
type checker interface{ Check() error }

// validateAlerts adds the faults of [mail] and [alerts].
func (l *loading) validateAlerts(c *Config) {
	if _, err := jobs.ParseQuiet(c.Alerts.QuietHours); err != nil {
		l.fault("alerts.quiet_hours", "%v", err)
	}
	if _, err := zoneOf(c); err != nil {
		l.fault("alerts.time_zone", "wants the name of a zone such as Europe/Berlin, got %q", c.Alerts.TimeZone)
	}
	if c.Alerts.MessagesPerHour < 2 {
		l.fault("alerts.messages_per_hour", "wants 2 or more, got %d", c.Alerts.MessagesPerHour)
	}
	if c.Alerts.Summary != "" {
		l.validateSchedule("alerts.summary", "alerts.time_zone", c.Alerts.Summary)
	}
	if c.Mail.Host != "" && (c.Mail.From == "" || len(c.Mail.To) == 0) {
		l.fault("mail.host", "is set, so mail.from and mail.to are needed as well")
	}
	if c.Alerts.WebhookURL != "" && c.Alerts.WebhookSecret == "" {
		l.fault("alerts.webhook_url", "is set, so alerts.webhook_secret is needed as well")
	}
	told := map[string]bool{"webhook": c.Alerts.WebhookSecret == ""}
	for _, place := range places(c) {
		if told[place.Kind] {
			continue // what is wrong with one address is wrong with the next
		}
		key := map[string]string{"mail": "mail.host", "ntfy": "alerts.ntfy_url", "webhook": "alerts.webhook_url"}[place.Kind]
		if way, ok := place.Way.(checker); ok {
			if err := way.Check(); err != nil {
				text := err.Error()
				if name, rest, _ := strings.Cut(text, " "); strings.HasPrefix(name, "mail.") {
					key, text = name, rest
				}
				l.fault(key, "%s", text)
				told[place.Kind] = true
			}
		}
	}
	if beat := string(c.Alerts.HeartbeatURL); beat != "" {
		if err := (notify.Ntfy{URL: beat}).Check(); err != nil {
			l.fault("alerts.heartbeat_url", "%v", err)
		}
	}
}

// zoneOf is the reader's zone.
func zoneOf(c *Config) (*time.Location, error) {
	if c.Alerts.TimeZone == "" {
		return time.Local, nil
	}
	return time.LoadLocation(c.Alerts.TimeZone)
}

// places are where notices go.
func places(c *Config) []jobs.Place {
	var out []jobs.Place
	if c.Mail.Host != "" {
		for _, to := range c.Mail.To {
			out = append(out, jobs.Place{Kind: "mail", Address: to, Way: notify.Mail{Host: c.Mail.Host, Port: c.Mail.Port, Username: c.Mail.Username,
				Password: string(c.Mail.Password), From: c.Mail.From, TLS: c.Mail.TLS, To: to}})
		}
	}
	if c.Alerts.NtfyURL != "" {
		out = append(out, jobs.Place{Kind: "ntfy", Address: label(c.Alerts.NtfyURL), Way: notify.Ntfy{URL: string(c.Alerts.NtfyURL), Token: string(c.Alerts.NtfyToken)}})
	}
	if c.Alerts.WebhookURL != "" {
		out = append(out, jobs.Place{Kind: "webhook", Address: label(c.Alerts.WebhookURL), Way: notify.Webhook{URL: string(c.Alerts.WebhookURL), Secret: string(c.Alerts.WebhookSecret)}})
	}
	return out
}

// diskWanted is how many times the space that is left alone must be free
// before the disk counts as low.
const diskWanted = 4

// alerting makes the watch and the post of a configuration.
func alerting(cfg Config, f *files, how appliance, log *slog.Logger) (*jobs.Watch, error) {
	zone, err := zoneOf(&cfg)
	if err != nil {
		return nil, err
	}
	quiet, err := jobs.ParseQuiet(cfg.Alerts.QuietHours)
	if err != nil {
		return nil, err
	}
	var summary cron.Schedule
	if cfg.Alerts.Summary != "" {
		if summary, err = cron.ParseStandard(cfg.Alerts.Summary); err != nil {
			return nil, errors.Join(errors.New("alerts.summary"), err)
		}
	}
	w := &jobs.Watch{
		Inbox: f.inbox, Store: f.store, Log: log, Every: time.Duration(cfg.Alerts.CheckEvery),
		Rules:   alert.Rules{SilentAfter: time.Duration(cfg.Alerts.PersonSilentAfter), Grace: time.Duration(cfg.Alerts.Grace)},
		DataDir: cfg.DataDir, DiskWanted: diskWanted * int64(cfg.Limits.MinFreeBytes), PublicURL: cfg.PublicURL,
		Heart: jobs.Heart{URL: string(cfg.Alerts.HeartbeatURL), Every: time.Duration(cfg.Alerts.HeartbeatEvery)},
		Post: jobs.NewPost(jobs.Post{Store: f.store, Log: log, Places: places(&cfg), Zone: zone, Quiet: quiet,
			PerHour: cfg.Alerts.MessagesPerHour, Summary: summary, Base: "http://" + cfg.Listen}),
	}
	if how.demo {
		w.Post.Places, w.Heart.URL = nil, "" // nobody is told of people who do not exist
	}
	return w, nil
}

// ways are what the page says of how somebody can be told.
func ways(cfg Config) []server.Way {
	mail := server.Way{Key: "mail", Title: "Mail", Write: "[mail]\nhost = \"smtp.example.org\"\nport = 587\nusername = \"garner\"\npassword_file = \"/etc/garner/mail-password\"\nfrom = \"garner@example.org\"\nto = [\"you@example.org\"]"}
	ntfy := server.Way{Key: "ntfy", Title: "ntfy", Write: "[alerts]\nntfy_url = \"https://ntfy.sh/a-long-random-name\""}
	hook := server.Way{Key: "webhook", Title: "Webhook", Write: "[alerts]\nwebhook_url = \"https://example.org/hook\"\nwebhook_secret_file = \"/etc/garner/webhook-secret\""}
	beat := server.Way{Key: "heartbeat", Title: "Heartbeat to the outside", Write: "[alerts]\nheartbeat_url = \"https://hc-ping.com/your-uuid\""}
	if cfg.Mail.Host != "" {
		mail.To = strings.Join(cfg.Mail.To, ", ") + " by " + cfg.Mail.Host
	}
	ntfy.To, hook.To, beat.To = hostOf(cfg.Alerts.NtfyURL), hostOf(cfg.Alerts.WebhookURL), hostOf(cfg.Alerts.HeartbeatURL)
	return []server.Way{mail, ntfy, hook, beat}
}

// label tells an address from others and gives no secret away: a topic, or the
// path of a hook, is as good as a password.
func label(address Secret) string {
	sum := sha256.Sum256([]byte(address))
	return hostOf(address) + " (" + hex.EncodeToString(sum[:3]) + ")"
}

// hostOf is the part of an address that is no secret.
func hostOf(address Secret) string {
	u, err := url.Parse(string(address))
	if err != nil {
		return ""
	}
	return u.Host
}
