package config

import (
	"encoding"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Config is everything that is set outside the pages. Every key may also be
// given by the environment as GARNER_<KEY> or GARNER_<SECTION>_<KEY>; a Secret
// also by a file, named in <key>_file.
type Config struct {
	// Listen is the address for plain HTTP. It must be a loopback address
	// until accounts exist; a proxy or a tunnel on the same machine carries the
	// rest of the world to it.
	Listen string `toml:"listen"`
	// ListenHTTPS and ListenHTTP are the addresses for HTTPS and for the
	// redirect to it. Optional; not in use yet.
	ListenHTTPS string `toml:"listen_https"`
	ListenHTTP  string `toml:"listen_http"`
	// PublicURL is how the outside reaches this box, such as
	// https://garner.example.org. Optional; callbacks from Garmin need it.
	PublicURL string `toml:"public_url"`
	// DataDir holds both databases and the callback secret.
	DataDir string `toml:"data_dir"`

	Garmin    Garmin    `toml:"garmin"`
	Jobs      Jobs      `toml:"jobs"`
	Mail      Mail      `toml:"mail"`
	Alerts    Alerts    `toml:"alerts"`
	TLS       TLS       `toml:"tls"`
	Backfill  Backfill  `toml:"backfill"`
	Retention Retention `toml:"retention"`
	Limits    Limits    `toml:"limits"`
	Backup    Backup    `toml:"backup"`
	Log       Log       `toml:"log"`
}

// Garmin is the application as Garmin's developer portal knows it.
type Garmin struct {
	// ClientID is compared with the garmin-client-id header of callbacks: a
	// wrong value puts a delivery into quarantine. Optional; empty means that
	// the header is not looked at.
	ClientID     string `toml:"client_id"`
	ClientSecret Secret `toml:"client_secret"`
	// CallbackSecret is the part of the callback URLs that only Garmin knows,
	// at least 16 letters, digits, - and _. Optional; without it one is made
	// and kept in data_dir.
	CallbackSecret Secret `toml:"callback_secret"`
	// The addresses of Garmin. Only a stand-in on loopback may have others.
	AuthorizeURL string `toml:"authorize_url"`
	TokenURL     string `toml:"token_url"`
	APIOrigin    string `toml:"api_origin"`
}

// Jobs is about the work that nobody waits for.
type Jobs struct {
	// Workers decode deliveries side by side; the default is the number of
	// CPUs. 0 pauses processing while receiving goes on.
	Workers int `toml:"workers"`
}

// Mail is how mail is sent. Without a host none is.
type Mail struct {
	Host     string `toml:"host"`
	Port     int    `toml:"port"`
	Username string `toml:"username"`
	Password Secret `toml:"password"`
	// From is the sender's address, To those who are told.
	From string   `toml:"from"`
	To   []string `toml:"to"`
	// TLS is starttls, implicit or none; empty chooses by port and host: none
	// on loopback, implicit on port 465, else starttls. Certificates are always
	// verified, and none is for loopback only.
	TLS string `toml:"tls"`
}

// Alerts is when to speak up, and by which ways besides mail.
type Alerts struct {
	// PersonSilentAfter is the silence of a person, or of one of their types,
	// after which somebody is told. A person's own slow rhythm lengthens it, to
	// 72 hours at most.
	PersonSilentAfter Duration `toml:"person_silent_after"`
	// Grace follows each time in which Garner could hear nothing, as long as
	// that time and at most this; it is also how long a trouble must be over
	// before it is called over.
	Grace      Duration `toml:"grace"`
	CheckEvery Duration `toml:"check_every"`
	// TimeZone is the reader's, by its IANA name; empty for this machine's.
	TimeZone string `toml:"time_zone"`
	// QuietHours are hours in which nothing is sent, such as "22:00-07:00".
	QuietHours string `toml:"quiet_hours"`
	// MessagesPerHour is how many notices a destination gets in any hour.
	MessagesPerHour int `toml:"messages_per_hour"`
	// Summary is when the weekly summary goes out, as a cron line on the
	// reader's clock; empty for never.
	Summary string `toml:"summary"`
	// NtfyURL is the address of a topic; NtfyToken is optional.
	NtfyURL   Secret `toml:"ntfy_url"`
	NtfyToken Secret `toml:"ntfy_token"`
	// WebhookURL takes JSON, signed with WebhookSecret by Standard Webhooks.
	WebhookURL    Secret `toml:"webhook_url"`
	WebhookSecret Secret `toml:"webhook_secret"`
	// HeartbeatURL is asked for every HeartbeatEvery while all inside is well:
	// a dead-man's switch elsewhere.
	HeartbeatURL   Secret   `toml:"heartbeat_url"`
	HeartbeatEvery Duration `toml:"heartbeat_every"`
}

// TLS is about certificates. Not in use yet.
type TLS struct {
	// Email is where the certificate authority may write to.
	Email string `toml:"email"`
}

// Backfill is about asking Garmin for history. Not in use yet.
type Backfill struct {
	// Schedule is when requests may go out, as a cron line in UTC.
	Schedule string `toml:"schedule"`
}

// Backup is about scheduled backups. Not in use yet.
type Backup struct {
	// Dir is where backups go.
	Dir string `toml:"dir"`
}

// Retention is how long things are kept. Records are kept for good.
type Retention struct {
	// Deliveries is how long the bodies of processed deliveries are kept.
	Deliveries Duration `toml:"deliveries"`
	// Orphans is how long elements of unknown people wait to be linked.
	Orphans Duration `toml:"orphans"`
}

// Limits bounds what is taken on.
type Limits struct {
	// BodyBytes is the largest callback; larger ones are answered 413.
	BodyBytes Size `toml:"body_bytes"`
	// QueueRows and QueueBytes bound what waits to be written to disk; beyond
	// them callbacks are answered 503.
	QueueRows  int  `toml:"queue_rows"`
	QueueBytes Size `toml:"queue_bytes"`
	// BacklogRows and BacklogBytes bound what is stored and not yet processed;
	// beyond them callbacks are answered 503.
	BacklogRows  int  `toml:"backlog_rows"`
	BacklogBytes Size `toml:"backlog_bytes"`
	// MinFreeBytes of the disk are left alone; below them callbacks are
	// answered 503 until there is room again.
	MinFreeBytes Size `toml:"min_free_bytes"`
	// OrphanElements is how many elements of unknown people may wait; beyond
	// it the oldest are dropped and counted.
	OrphanElements int `toml:"orphan_elements"`
	// AnswerWithin is how long a callback may wait to be made durable.
	AnswerWithin Duration `toml:"answer_within"`
	// ReadWithin is how long a sender may take to send a body.
	ReadWithin Duration `toml:"read_within"`
}

// Log is about the log on standard error.
type Log struct {
	// Level is debug, info, warn or error.
	Level string `toml:"level"`
}

// Default is what holds where nothing is configured.
func Default() Config {
	return Config{
		Listen:  "127.0.0.1:8080",
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
		Backfill:  Backfill{Schedule: "*/10 * * * *"},
		Retention: Retention{Deliveries: Duration(720 * time.Hour), Orphans: Duration(720 * time.Hour)},
		Limits: Limits{
			BodyBytes: 128 << 20, QueueRows: 4096, QueueBytes: 64 << 20, BacklogRows: 5_000_000, BacklogBytes: 64 << 30,
			MinFreeBytes: 256 << 20, OrphanElements: 1_000_000,
			AnswerWithin: Duration(8 * time.Second), ReadWithin: Duration(30 * time.Second),
		},
		Log: Log{Level: "info"},
	}
}

// Secret is text that no log and no page shows.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Duration is a length of time, written as "48h" or "1h30m".
type Duration time.Duration

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no length of time such as \"48h\"", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes a duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes a duration without parts that are zero.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Size is a number of bytes, written as a number or as "128MiB".
type Size int64

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"B", 1}, {"", 1}}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(text []byte) error {
	t := strings.TrimSpace(string(text))
	for _, u := range sizeUnits {
		head, ok := strings.CutSuffix(t, u.name)
		n, err := strconv.ParseInt(strings.TrimSpace(head), 10, 64)
		if ok && err == nil && n >= 0 && n <= (1<<62)/u.bytes {
			*s = Size(n * u.bytes)
			return nil
		}
	}
	return fmt.Errorf("%q is no size such as \"128MiB\"", text)
}

// String writes a size in the largest unit that divides it.
func (s Size) String() string {
	for i := 3; i >= 0; i-- {
		if u := sizeUnits[i]; s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// MarshalText writes a size.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

var (
	_ encoding.TextUnmarshaler = (*Duration)(nil)
	_ encoding.TextUnmarshaler = (*Size)(nil)
)
