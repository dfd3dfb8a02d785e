package config

import (
	"strings"
	"time"

	"garner/jobs/notify"
)

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
	l.validateChannels(c)
}

// validateChannels adds the faults of the settings of each channel.
func (l *loading) validateChannels(c *Config) {
	if c.Mail.Host != "" {
		for _, to := range c.Mail.To {
			if err := c.Mail.Channel(to).Check(); err != nil {
				l.mailFault(err)
				break // what is wrong with one address is wrong with the next
			}
		}
	}
	if c.Alerts.NtfyURL != "" {
		l.channelFault("alerts.ntfy_url", c.Alerts.Ntfy().Check())
	}
	if c.Alerts.WebhookURL != "" && c.Alerts.WebhookSecret != "" {
		l.channelFault("alerts.webhook_url", c.Alerts.Webhook().Check())
	}
	if beat := string(c.Alerts.HeartbeatURL); beat != "" {
		l.channelFault("alerts.heartbeat_url", notify.CheckURL(beat))
	}
}

// channelFault adds what is wrong with a channel, if anything is.
func (l *loading) channelFault(key string, err error) {
	if err != nil {
		l.fault(key, "%v", err)
	}
}

// mailFault adds what is wrong with mail. The error may begin with the key.
func (l *loading) mailFault(err error) {
	key, text := "mail.host", err.Error()
	if name, rest, _ := strings.Cut(text, " "); strings.HasPrefix(name, "mail.") {
		key, text = name, rest
	}
	l.fault(key, "%s", text)
}

// Zone is the reader's zone.
func (c *Config) Zone() (*time.Location, error) {
	if c.Alerts.TimeZone == "" {
		return time.Local, nil
	}
	return time.LoadLocation(c.Alerts.TimeZone)
}

// Channel returns the mail channel to one of the addresses.
func (m Mail) Channel(to string) notify.Mail {
	return notify.Mail{Host: m.Host, Port: m.Port, Username: m.Username, Password: string(m.Password), From: m.From,
		TLS: m.TLS, To: to}
}

// Ntfy returns the ntfy channel.
func (a Alerts) Ntfy() notify.Ntfy {
	return notify.Ntfy{URL: string(a.NtfyURL), Token: string(a.NtfyToken)}
}

// Webhook returns the webhook channel.
func (a Alerts) Webhook() notify.Webhook {
	return notify.Webhook{URL: string(a.WebhookURL), Secret: string(a.WebhookSecret)}
}
