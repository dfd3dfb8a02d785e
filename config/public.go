package config

import "fmt"

// public are the keys whose values say nothing about people, places and secrets.
var public = []string{
	"jobs.workers", "mail.port", "mail.tls",
	"alerts.person_silent_after", "alerts.grace", "alerts.check_every", "alerts.quiet_hours", "alerts.messages_per_hour",
	"alerts.summary", "alerts.heartbeat_every",
	"tls.mode",
	"backfill.key", "backfill.window_days", "backfill.automatic", "backfill.on_connect_days", "backfill.schedule",
	"backfill.earliest",
	"personal.calls_per_second", "personal.parallel", "personal.schedule", "personal.settle",
	"retention.deliveries", "retention.personal", "retention.orphans",
	"limits.body_bytes", "limits.queue_rows", "limits.queue_bytes", "limits.backlog_rows", "limits.backlog_bytes",
	"limits.min_free_bytes", "limits.orphan_elements", "limits.write_timeout", "limits.read_timeout",
	"log.level", "map.max_zoom",
}

// Public is the configuration for strangers, by key: the values of those that are
// public, and of the others only whether they are set.
func (c *Config) Public() map[string]string {
	out, all := map[string]string{}, values(*c)
	for key := range all {
		out[key] = "not set"
		if c.IsSet(key) {
			out[key] = "set"
		}
	}
	for _, key := range public {
		out[key] = fmt.Sprint(all[key])
	}
	return out
}
