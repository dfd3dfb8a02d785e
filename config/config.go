// Package config is what Garner is configured by: one TOML file and the
// environment, checked as a whole at start.
package config

import (
	"runtime"
	"time"
)

// Config is everything that Garner is configured by.
//
// Each key may come from the file, or from the environment as GARNER_<KEY> or
// GARNER_<SECTION>_<KEY>, which wins. A Secret may also come from a file that
// <key>_file or the variable with _FILE names. Every key is optional: each
// field says what holds without it. Durations are written with a unit, such as
// "48h" or "1h30m"; sizes are in bytes or have a unit, such as "128MiB".
type Config struct {
	// Listen is the host:port for plain HTTP. Default 127.0.0.1:8080. Pages are
	// for this machine and private networks only; callbacks may come from
	// anywhere, such as from a proxy.
	Listen string `toml:"listen"`
	// ListenHTTPS is the host:port for HTTPS. Default :443 with tls.mode acme or
	// files, else none.
	ListenHTTPS string `toml:"listen_https"`
	// ListenHTTP is the host:port for ACME and the redirect to HTTPS. Default
	// :80 with tls.mode acme, else none.
	ListenHTTP string `toml:"listen_http"`
	// PublicURL is the address under which the internet reaches this machine,
	// such as https://garner.example.org, without a path. Default none; Garmin
	// needs one to call.
	PublicURL string `toml:"public_url"`
	// Hosts are further names that Garner answers to, without scheme and port. With
	// tls.mode acme, public DNS names among them get a certificate. Default none.
	// Loopback, private addresses, single labels, .local, .home.arpa and the host of
	// PublicURL are always answered.
	Hosts []string `toml:"hosts"`
	// TrustedProxies are the addresses and networks of proxies whose
	// X-Forwarded-For, -Proto and -Host count. Default none.
	TrustedProxies []string `toml:"trusted_proxies"`
	// DataDir is the folder of both databases and the callback secret, relative
	// to where garner is started. Default ./data.
	DataDir string `toml:"data_dir"`

	Garmin    Garmin    `toml:"garmin" envPrefix:"GARMIN_"`
	Jobs      Jobs      `toml:"jobs" envPrefix:"JOBS_"`
	Mail      Mail      `toml:"mail" envPrefix:"MAIL_"`
	Alerts    Alerts    `toml:"alerts" envPrefix:"ALERTS_"`
	TLS       TLS       `toml:"tls" envPrefix:"TLS_"`
	Personal  Personal  `toml:"personal" envPrefix:"PERSONAL_"`
	Retention Retention `toml:"retention" envPrefix:"RETENTION_"`
	Limits    Limits    `toml:"limits" envPrefix:"LIMITS_"`
	Log       Log       `toml:"log" envPrefix:"LOG_"`
	Map       Map       `toml:"map" envPrefix:"MAP_"`

	Backfill Backfill `toml:"backfill" envPrefix:"BACKFILL_"`
	Backup   Backup   `toml:"backup" envPrefix:"BACKUP_"`

	// Set are the keys that the file or the environment sets, such as
	// mail.host. Other values may be set on pages: see Overlay.
	Set map[string]bool `toml:"-" env:"-"`
}

// Garmin is the application as Garmin's developer portal knows it.
type Garmin struct {
	// ClientID is compared with the garmin-client-id header of callbacks;
	// deliveries with another are quarantined. Default none: nothing is compared.
	ClientID string `toml:"client_id"`
	// ClientSecret belongs to ClientID. Without both, people cannot connect and what
	// pings announce is not fetched. Default none.
	ClientSecret Secret `toml:"client_secret"`
	// CallbackSecret is the part of the callback URLs that only Garmin knows:
	// 16 or more letters, digits, - and _. By default one is made and kept in
	// DataDir.
	CallbackSecret Secret `toml:"callback_secret"`
	// AuthorizeURL, TokenURL and APIOrigin are Garmin's addresses, which are
	// the defaults. Plain HTTP and private addresses are for a stand-in on
	// loopback only.
	AuthorizeURL string `toml:"authorize_url"`
	TokenURL     string `toml:"token_url"`
	APIOrigin    string `toml:"api_origin"`
}

// Jobs is the work in the background.
type Jobs struct {
	// Workers is how many deliveries are decoded at the same time, 0 to 1024.
	// Default the number of CPUs. 0 pauses processing; receiving goes on.
	Workers int `toml:"workers"`
}

// Mail is the SMTP server and the addresses for notifications.
type Mail struct {
	// Host is the SMTP server. Default none: no mail is sent.
	Host string `toml:"host"`
	// Port is 1 to 65535. Default 587.
	Port int `toml:"port"`
	// Username and Password sign in to the server. Default none: no sign-in.
	Username string `toml:"username"`
	Password Secret `toml:"password"`
	// From is the sender's address and To the recipients'. Both are needed
	// where Host is set.
	From string   `toml:"from"`
	To   []string `toml:"to"`
	// TLS is starttls, implicit or none. By default it is none on loopback,
	// implicit on port 465 and starttls elsewhere. none is refused beyond
	// loopback, and certificates are always verified.
	TLS string `toml:"tls"`
}

// Alerts is when notifications are sent, and the channels besides mail.
type Alerts struct {
	// PersonSilentAfter is the time without data of a person, or of one of
	// their types, after which an incident opens. Default 48h. The rhythm of
	// a person who syncs less often lengthens it, to 72h at most.
	PersonSilentAfter Duration `toml:"person_silent_after"`
	// Grace is the longest time to wait for queued data after Garner was down
	// or unreachable, and how long a problem must be over before its incident
	// closes. Default 1h; 0s for none.
	Grace Duration `toml:"grace"`
	// CheckEvery is the time between two checks. Default 1m.
	CheckEvery Duration `toml:"check_every"`
	// TimeZone is the reader's, by its IANA name. Default that of the machine.
	TimeZone string `toml:"time_zone"`
	// QuietHours are hours in which nothing is sent, such as 22:00-07:00, in
	// TimeZone. Default none.
	QuietHours string `toml:"quiet_hours"`
	// MessagesPerHour is how many notifications a destination gets in an hour,
	// 2 or more. Default 10; those beyond it are sent as one.
	MessagesPerHour int `toml:"messages_per_hour"`
	// Summary is when the weekly summary is sent, as a cron line in TimeZone.
	// Default Mondays at 8:00; empty for never.
	Summary string `toml:"summary"`
	// NtfyURL is the address of an ntfy topic. Default none: nothing is sent to
	// ntfy.
	NtfyURL Secret `toml:"ntfy_url"`
	// NtfyToken is the access token for NtfyURL. Default none.
	NtfyToken Secret `toml:"ntfy_token"`
	// WebhookURL receives JSON, signed as Standard Webhooks describes it.
	// Default none: no webhook is called.
	WebhookURL Secret `toml:"webhook_url"`
	// WebhookSecret signs: 24 bytes or more in base64, with or without whsec_
	// before it. Needed where WebhookURL is set.
	WebhookSecret Secret `toml:"webhook_secret"`
	// HeartbeatURL is called while Garner works as it should, for a service
	// that reports when the calls stop. Default none.
	HeartbeatURL Secret `toml:"heartbeat_url"`
	// HeartbeatEvery is the time between two calls of HeartbeatURL. Default 5m.
	HeartbeatEvery Duration `toml:"heartbeat_every"`
}

// TLS is where certificates come from.
type TLS struct {
	// Mode is off, acme or files. Default off. acme needs a PublicURL with a
	// public name.
	Mode string `toml:"mode"`
	// Email is the contact for the certificate authority. Default none.
	Email string `toml:"email"`
	// CA is the directory URL of the ACME authority and CARoot a file with the
	// certificate to trust it by. Default none.
	CA     string `toml:"ca"`
	CARoot string `toml:"ca_root"`
	// CertFile and KeyFile are the certificate and its key in PEM, for the mode
	// files. Default none.
	CertFile string `toml:"cert_file"`
	KeyFile  string `toml:"key_file"`
	// DNS is the provider of the DNS challenge: rfc2136, cloudflare or desec.
	// Default none: another challenge is used. Not in use yet.
	DNS string `toml:"dns"`
}

// Backfill is how Garner asks Garmin for history.
type Backfill struct {
	// Key is the kind of the application's key at Garmin: evaluation, for which 100
	// days of data may be asked for in a minute, or production, 10000. Default
	// evaluation.
	Key string `toml:"key"`
	// WindowDays is how many days one request has, 1 to 90; never above 30 for
	// activities. Default 30.
	WindowDays int `toml:"window_days"`
	// Automatic asks for the history of new connections and for gaps. Default true.
	Automatic bool `toml:"automatic"`
	// OnConnectDays is how many days before its beginning a new connection asks for,
	// 0 to 3650. Default 365.
	OnConnectDays int `toml:"on_connect_days"`
	// Schedule is when gaps are looked for, as a cron line in UTC. Default each day at
	// 3:30.
	Schedule string `toml:"schedule"`
	// Earliest is a date, such as 2024-01-01, before which nothing is asked for.
	// Default none.
	Earliest string `toml:"earliest"`
}

// DaysPerMinute is how many days of data Garmin lets the application ask for.
func (b *Backfill) DaysPerMinute() int64 {
	if b.Key == "production" {
		return 10_000
	}
	return 100
}

// Floor is Earliest in unix seconds, 0 for none.
func (b *Backfill) Floor() int64 {
	if at, err := time.Parse(time.DateOnly, b.Earliest); err == nil {
		return at.Unix()
	}
	return 0
}

// Personal is Garmin's Personal API, with which people read their own data with a key of
// their own.
type Personal struct {
	// Origin is its address, which is the default. Plain HTTP and private
	// addresses are for a stand-in on loopback only.
	Origin string `toml:"origin"`
	// CallsPerSecond is how many calls Garner makes in a second for all keys together,
	// 1 to 100. Default 2.
	CallsPerSecond int `toml:"calls_per_second"`
	// Parallel is how many of them are under way at the same time, 1 to 16. Default 2.
	Parallel int `toml:"parallel"`
	// Schedule is how often today and yesterday are asked for, a cron line in each
	// person's time zone. Default "@every 20m".
	Schedule string `toml:"schedule"`
	// Settle is when the days of the last week are asked for, which Garmin corrects,
	// alike. Default "0 4 * * *".
	Settle string `toml:"settle"`
}

// Map is what maps show below a track.
type Map struct {
	// Tiles is the address of map tiles, with {z}, {x} and {y}, which browsers load.
	// Default none: maps show a grid, and nothing leaves the house. Plain HTTP is for
	// private networks only.
	Tiles string `toml:"tiles"`
	// Attribution names who made the tiles. Needed where Tiles is set.
	Attribution string `toml:"attribution"`
	// MaxZoom is the highest zoom for which there are tiles, 1 to 22. Default 19.
	MaxZoom int `toml:"max_zoom"`
}

// Retention is how long data are kept, counted while Garner runs. Records are
// kept for good.
type Retention struct {
	// Deliveries is how long the bodies of processed deliveries are kept.
	// Default 720h.
	Deliveries Duration `toml:"deliveries"`
	// Personal is how long answers of the Personal API are kept once they were processed:
	// some cannot be asked for again. Default 9600h, 400 days.
	Personal Duration `toml:"personal"`
	// Orphans is how long elements of unknown people wait for someone to add
	// the person. Default 720h.
	Orphans Duration `toml:"orphans"`
}

// Limits are the most that Garner accepts. All are above 0 unless noted.
type Limits struct {
	// BodyBytes is the size of the largest callback. Default 128MiB; larger
	// ones are answered 413.
	BodyBytes Size `toml:"body_bytes"`
	// QueueRows and QueueBytes are how many deliveries, of what size, may wait
	// to be written to disk. Default 4096 and 64MiB; beyond them callbacks are
	// answered 503.
	QueueRows  int  `toml:"queue_rows"`
	QueueBytes Size `toml:"queue_bytes"`
	// BacklogRows and BacklogBytes are how many deliveries, of what size, may
	// be stored and not yet processed. Default 5000000 and 64GiB; beyond them
	// callbacks are answered 503.
	BacklogRows  int  `toml:"backlog_rows"`
	BacklogBytes Size `toml:"backlog_bytes"`
	// MinFreeBytes of the disk stay free: below them callbacks are answered
	// 503. Default 256MiB; may be 0.
	MinFreeBytes Size `toml:"min_free_bytes"`
	// OrphanElements is how many elements of unknown people may wait. Default
	// 1000000; beyond it the oldest are dropped and counted.
	OrphanElements int `toml:"orphan_elements"`
	// WriteTimeout is how long a callback may wait to be durable before it is
	// answered 503. Default 8s.
	WriteTimeout Duration `toml:"write_timeout"`
	// ReadTimeout is how long a sender may take to send a body; a large one may
	// take longer as long as 64 KiB a second arrive. Default 30s.
	ReadTimeout Duration `toml:"read_timeout"`
}

// Log is the log on standard error.
type Log struct {
	// Level is debug, info, warn or error. Default info.
	Level string `toml:"level"`
}

// Default is the configuration without a file and environment.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:8080",
		Hosts:  []string{}, TrustedProxies: []string{},
		DataDir: "./data",
		Garmin: Garmin{
			AuthorizeURL: "https://connect.garmin.com/oauth2Confirm",
			TokenURL:     "https://diauth.garmin.com/di-oauth2-service/oauth/token",
			APIOrigin:    "https://apis.garmin.com",
		},
		Jobs: Jobs{Workers: runtime.NumCPU()},
		Mail: Mail{Port: 587, To: []string{}},
		Alerts: Alerts{
			PersonSilentAfter: Duration(48 * time.Hour), Grace: Duration(time.Hour), CheckEvery: Duration(time.Minute),
			MessagesPerHour: 10, Summary: "0 8 * * 1", HeartbeatEvery: Duration(5 * time.Minute),
		},
		TLS:      TLS{Mode: "off"},
		Backfill: Backfill{Key: "evaluation", WindowDays: 30, Automatic: true, OnConnectDays: 365, Schedule: "30 3 * * *"},
		Backup:   Backup{Schedule: "30 3 * * *", KeepDaily: 7, KeepWeekly: 4, KeepMonthly: 6},
		Personal: Personal{Origin: "https://personal.connectapi.garmin.com", CallsPerSecond: 2, Parallel: 2,
			Schedule: "@every 20m", Settle: "0 4 * * *"},
		Retention: Retention{Deliveries: Duration(720 * time.Hour), Personal: Duration(9600 * time.Hour),
			Orphans: Duration(720 * time.Hour)},
		Limits: Limits{
			BodyBytes: 128 << 20, QueueRows: 4096, QueueBytes: 64 << 20,
			BacklogRows: 5_000_000, BacklogBytes: 64 << 30, MinFreeBytes: 256 << 20, OrphanElements: 1_000_000,
			WriteTimeout: Duration(8 * time.Second), ReadTimeout: Duration(30 * time.Second),
		},
		Log: Log{Level: "info"},
		Map: Map{MaxZoom: 19},
	}
}
