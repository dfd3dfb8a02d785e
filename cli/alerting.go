package cli

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/health/alert"
	"garner/jobs"
	"garner/jobs/notify"
	"garner/server/pages"
)

// diskWanted is the multiple of the space to keep free below which the disk
// counts as low.
const diskWanted = 4

// alerting makes the watch and the dispatcher of a configuration.
func alerting(cfg config.Config, f *files, how appliance, log *slog.Logger) (*jobs.Watch, error) {
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
	w := &jobs.Watch{
		Inbox: f.inbox, Store: f.store, Log: log, Every: time.Duration(cfg.Alerts.CheckEvery),
		Rules: alert.Rules{SilentAfter: time.Duration(cfg.Alerts.PersonSilentAfter),
			Grace: time.Duration(cfg.Alerts.Grace)},
		DataDir: cfg.DataDir, DiskWanted: diskWanted * int64(cfg.Limits.MinFreeBytes), PublicURL: cfg.PublicURL,
		Heartbeat: jobs.Heartbeat{URL: string(cfg.Alerts.HeartbeatURL), Every: time.Duration(cfg.Alerts.HeartbeatEvery)},
		Dispatcher: jobs.NewDispatcher(jobs.Dispatcher{Store: f.store, Log: log, Destinations: cfg.Destinations(), Zone: zone,
			Quiet:   quiet,
			PerHour: cfg.Alerts.MessagesPerHour, Summary: summary, Base: "http://" + cfg.Listen}),
	}
	if how.demo {
		w.Dispatcher.Destinations, w.Heartbeat.URL = nil, "" // a demo sends no notifications
	}
	return w, nil
}

// ways describes the notification channels for the page.
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
