package config

import (
	"slices"
	"strconv"
	"strings"
)

// onPages are the keys that may be set on pages, where neither the file nor the
// environment sets them.
var onPages = []string{
	"public_url", "garmin.client_id", "garmin.client_secret",
	"mail.host", "mail.port", "mail.username", "mail.password", "mail.from", "mail.to", "mail.tls",
	"alerts.time_zone", "map.tiles", "map.attribution", "map.max_zoom",
}

// IsSet reports whether the file or the environment sets a key.
func (c *Config) IsSet(key string) bool { return c.Set[key] }

// SettingError is why a setting of a page cannot be. It shows no secret.
type SettingError struct{ Key, Text string }

// Error names the key and why.
func (e *SettingError) Error() string { return e.Key + ": " + e.Text }

// Text is the value of a key that may be set on pages, written as in an environment
// variable; *** for a secret that is set, and empty for one that is not.
func (c *Config) Text(key string) string {
	switch key {
	case "public_url":
		return c.PublicURL
	case "garmin.client_id":
		return c.Garmin.ClientID
	case "garmin.client_secret":
		return c.Garmin.ClientSecret.String()
	case "mail.host":
		return c.Mail.Host
	case "mail.port":
		return strconv.Itoa(c.Mail.Port)
	case "mail.username":
		return c.Mail.Username
	case "mail.password":
		return c.Mail.Password.String()
	case "mail.from":
		return c.Mail.From
	case "mail.to":
		return strings.Join(c.Mail.To, ", ")
	case "mail.tls":
		return c.Mail.TLS
	case "alerts.time_zone":
		return c.Alerts.TimeZone
	case "map.tiles":
		return c.Map.Tiles
	case "map.attribution":
		return c.Map.Attribution
	case "map.max_zoom":
		return strconv.Itoa(c.Map.MaxZoom)
	}
	panic("config: " + key + " is not set on pages")
}

// Overlay returns the configuration with what was set on pages: by key, written
// as in environment variables. It passes over other settings, and over keys
// that the file or the environment sets. Values that cannot be are left out;
// the errors are SettingErrors.
func Overlay(cfg Config, settings map[string]string) (Config, []error) {
	given := map[string]string{}
	for _, key := range onPages {
		if value, ok := settings[key]; ok && !cfg.IsSet(key) {
			given[key] = value
		}
	}
	known := overlaid(cfg, nil).faults // not for want of a setting
	var ignored []error
	for {
		l := overlaid(cfg, given)
		faults := slices.DeleteFunc(l.faults, func(f fault) bool { return slices.Contains(known, f) })
		if len(faults) == 0 {
			return l.cfg, ignored
		}
		for i, f := range faults {
			if !slices.Contains(faults[:i], f) { // some rules are checked for each channel as well
				ignored = append(ignored, &SettingError{f.name, f.text})
			}
		}
		leaveOut(given, faults)
	}
}

// overlaid is a configuration with settings, which are perhaps faulty. The
// places of its faults have the keys as names.
func overlaid(cfg Config, settings map[string]string) *loading {
	l := newLoading()
	l.cfg = cfg
	l.cfg.Mail.To = slices.Clone(cfg.Mail.To)
	for _, key := range onPages {
		if value, ok := settings[key]; ok {
			if err := l.parse(key, value); err != nil {
				l.fault(key, "%v", err)
			}
		}
	}
	l.validate(&l.cfg)
	return l
}

// leaveOut deletes the settings that are faulty. Where the faults are of keys
// that are set elsewhere, these are the settings of the same sections, or
// else all.
func leaveOut(given map[string]string, faults []fault) {
	blamed := func(same func(key, faulty string) bool) bool {
		before := len(given)
		for key := range given {
			if slices.ContainsFunc(faults, func(f fault) bool { return same(key, f.name) }) {
				delete(given, key)
			}
		}
		return len(given) < before
	}
	if !blamed(func(key, faulty string) bool { return key == faulty }) &&
		!blamed(func(key, faulty string) bool { return section(key) == section(faulty) }) {
		clear(given)
	}
}

// section is the part of a key before its dot; empty for a key of none.
func section(key string) string {
	name, _, ok := strings.Cut(key, ".")
	if !ok {
		return ""
	}
	return name
}
