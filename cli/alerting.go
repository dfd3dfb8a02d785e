package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/health/alert"
	"garner/jobs/notify"
	"garner/jobs/watch"
	"garner/server/pages"
)

// diskWanted is the multiple of the space to keep free below which the disk
// counts as low.
const diskWanted = 4

// alerting makes the watch and the dispatcher of a configuration.
func alerting(cfg config.Config, f *files, how appliance, log *slog.Logger) (*watch.Watch, error) {
	zone, err := cfg.Zone()
	if err != nil {
		return nil, err
	}
	quiet, err := notify.ParseQuietHours(cfg.Alerts.QuietHours)
	if err != nil {
		return nil, err
	}
	var summary cron.Schedule
	if cfg.Alerts.Summary != "" {
		if summary, err = cron.ParseStandard(cfg.Alerts.Summary); err != nil {
			return nil, errors.Join(errors.New("alerts.summary"), err)
		}
	}
	w := &watch.Watch{
		Inbox: f.inbox, Store: f.store, Log: log, Every: time.Duration(cfg.Alerts.CheckEvery),
		Rules: alert.Rules{SilentAfter: time.Duration(cfg.Alerts.PersonSilentAfter),
			Grace: time.Duration(cfg.Alerts.Grace)},
		Backups: backupSchedule(cfg, how.demo) != "",
		DataDir: cfg.DataDir, DiskWanted: diskWanted * int64(cfg.Limits.MinFreeBytes), PublicURL: cfg.PublicURL,
		Heartbeat: watch.Heartbeat{URL: string(cfg.Alerts.HeartbeatURL), Every: time.Duration(cfg.Alerts.HeartbeatEvery)},
		Dispatcher: notify.NewDispatcher(&notify.Dispatcher{Store: f.store, Log: log, Destinations: destinations(cfg),
			Zone: zone, Quiet: quiet, PerHour: cfg.Alerts.MessagesPerHour, Summary: summary,
			PublicURL: cfg.PublicURL, Base: localURL(cfg)}),
	}
	if how.demo {
		w.Dispatcher.Destinations, w.Heartbeat.URL = nil, "" // a demo sends no notifications
	}
	return w, nil
}

// destinations are where notifications go.
func destinations(cfg config.Config) []notify.Destination {
	var out []notify.Destination
	if cfg.Mail.Host != "" {
		for _, to := range cfg.Mail.To {
			out = append(out, notify.Destination{Kind: notify.KindMail, Address: to, Channel: cfg.Mail.Channel(to)})
		}
	}
	if url := cfg.Alerts.NtfyURL; url != "" {
		out = append(out, notify.Destination{Kind: notify.KindNtfy, Address: label(url), Channel: cfg.Alerts.Ntfy()})
	}
	if url := cfg.Alerts.WebhookURL; url != "" {
		out = append(out, notify.Destination{Kind: notify.KindWebhook, Address: label(url), Channel: cfg.Alerts.Webhook()})
	}
	return out
}

// label distinguishes an address from others without showing it: the topic or the
// path of a hook is as good as a password.
func label(address config.Secret) string {
	sum := sha256.Sum256([]byte(address))
	return address.Host() + " (" + hex.EncodeToString(sum[:3]) + ")"
}

// channels describes the notification channels for the page.
func channels(cfg config.Config) []pages.Channel {
	mail := pages.Channel{Key: "mail", Title: "Mail", Write: `[mail]
host = "smtp.example.org"
port = 587
username = "garner"
password_file = "/etc/garner/mail-password"
from = "garner@example.org"
to = ["you@example.org"]`}
	ntfy := pages.Channel{Key: "ntfy", Title: "ntfy", Write: "[alerts]\nntfy_url = \"https://ntfy.sh/a-long-random-name\""}
	hook := pages.Channel{Key: "webhook", Title: "Webhook", Write: "[alerts]\nwebhook_url = " +
		"\"https://example.org/hook\"\nwebhook_secret_file = \"/etc/garner/webhook-secret\""}
	beat := pages.Channel{Key: "heartbeat", Title: "Outgoing heartbeat",
		Write: "[alerts]\nheartbeat_url = \"https://hc-ping.com/your-uuid\""}
	if cfg.Mail.Host != "" {
		mail.To = strings.Join(cfg.Mail.To, ", ") + " by " + cfg.Mail.Host
	}
	ntfy.To, hook.To, beat.To = cfg.Alerts.NtfyURL.Host(), cfg.Alerts.WebhookURL.Host(), cfg.Alerts.HeartbeatURL.Host()
	return []pages.Channel{mail, ntfy, hook, beat}
}
