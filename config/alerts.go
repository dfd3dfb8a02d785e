package config

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"garner/jobs/notify"
)

// checker is a channel that can tell what is wrong with its settings.
type checker interface{ Check() error }

// validateAlerts adds the faults of [mail] and [alerts].
func (l *loading) validateAlerts(c *Config) {
	if _, err := notify.ParseQuietHours(c.Alerts.QuietHours); err != nil {
		l.fault("alerts.quiet_hours", "%v", err)
	}
	if _, err := c.Zone(); err != nil {
		l.fault("alerts.time_zone", "must be a time zone such as Europe/Berlin, got %q", c.Alerts.TimeZone)
	}
	if c.Alerts.MessagesPerHour < 2 {
		l.fault("alerts.messages_per_hour", "must be 2 or more, got %d", c.Alerts.MessagesPerHour)
	}
	if c.Alerts.Summary != "" {
		l.validateSchedule("alerts.summary", "alerts.time_zone", c.Alerts.Summary)
	}
	if c.Mail.Host != "" && (c.Mail.From == "" || len(c.Mail.To) == 0) {
		l.fault("mail.host", "is set, so mail.from and mail.to are also needed")
	}
	if c.Alerts.WebhookURL != "" && c.Alerts.WebhookSecret == "" {
		l.fault("alerts.webhook_url", "is set, so alerts.webhook_secret is also needed")
	}
	told := map[string]bool{"webhook": c.Alerts.WebhookSecret == ""}
	for _, place := range c.Destinations() {
		if told[place.Kind] {
			continue // what is wrong with one address is wrong with the next
		}
		key := map[string]string{"mail": "mail.host", "ntfy": "alerts.ntfy_url", "webhook": "alerts.webhook_url"}[place.Kind]
		if channel, ok := place.Channel.(checker); ok {
			if err := channel.Check(); err != nil {
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

// Zone is the reader's zone.
func (c *Config) Zone() (*time.Location, error) {
	if c.Alerts.TimeZone == "" {
		return time.Local, nil
	}
	return time.LoadLocation(c.Alerts.TimeZone)
}

// Destinations are where notifications go.
func (c *Config) Destinations() []notify.Destination {
	var out []notify.Destination
	if c.Mail.Host != "" {
		for _, to := range c.Mail.To {
			channel := notify.Mail{Host: c.Mail.Host, Port: c.Mail.Port, Username: c.Mail.Username,
				Password: string(c.Mail.Password), From: c.Mail.From, TLS: c.Mail.TLS, To: to}
			out = append(out, notify.Destination{Kind: "mail", Address: to, Channel: channel})
		}
	}
	if url := c.Alerts.NtfyURL; url != "" {
		channel := notify.Ntfy{URL: string(url), Token: string(c.Alerts.NtfyToken)}
		out = append(out, notify.Destination{Kind: "ntfy", Address: label(url), Channel: channel})
	}
	if url := c.Alerts.WebhookURL; url != "" {
		channel := notify.Webhook{URL: string(url), Secret: string(c.Alerts.WebhookSecret)}
		out = append(out, notify.Destination{Kind: "webhook", Address: label(url), Channel: channel})
	}
	return out
}

// label tells an address from others and returns no secret away: a topic, or the
// path of a hook, is as good as a password.
func label(address Secret) string {
	sum := sha256.Sum256([]byte(address))
	return address.Host() + " (" + hex.EncodeToString(sum[:3]) + ")"
}
