package ui

import (
	"time"

	"garner/query"
)

// AlertsView answers: what should I know, and was I notified?
type AlertsView struct {
	Said
	Sentence string
	Status   Status
	Detail   string
	// Open incidents, most far-reaching first; Total counts also those that are
	// not shown. Past ones, newest first.
	Open  []Incident
	Total int
	Past  []IncidentRow
	// Newer and Older are addresses of other pages of past incidents.
	Newer, Older string
	Rules        []RuleRow
	Rule         RuleForm
	Pauses       []PauseRow
	Pause        PauseForm
	Channels     []ChannelRow
	// Notifications are the latest, newest first.
	Notifications []query.Notification
	// AllPeople and Types are what rules and pauses can be about.
	AllPeople []PersonLink
	Types     []SyncType
}

// Incident is one silence or fault, from the moment it became one to recovery.
type Incident struct {
	ID int64
	// Headline in plain words: "Nothing from Ben since Saturday 21:10".
	Headline string
	Status   Status
	// Person and Type are nil if it is about everyone or all types.
	Person *PersonLink
	Type   *SyncType
	// Closed is zero while it is open.
	Since, Opened, Closed time.Time
	Diagnosis             Diagnosis
	// Timeline is opened, sent to whom by which channel, reminded, recovered.
	Timeline []Step
	// Pausable means that a pause makes sense; Pause is its form.
	Pausable bool
	Pause    PauseForm
}

// IncidentRow is an incident in one line.
type IncidentRow struct {
	ID            int64
	Headline      string
	Status        Status
	Since, Closed time.Time
}

// IncidentView is one incident on its own page.
type IncidentView struct {
	Said
	Incident
	// Acknowledge is the kind to send where someone must say that they have
	// seen to it; empty otherwise.
	Acknowledge   string
	Notifications []query.Notification
}

// RuleRow is a rule as a sentence.
type RuleRow struct {
	ID int64
	// Person and Type are nil for anyone and anything.
	Person *PersonLink
	Type   *SyncType
	// Hours as typed, Error what is wrong with them.
	Hours, Error string
	// Text is the whole sentence of a rule that is set in garner.toml and can
	// only be read here; Setting names the setting. Empty for other rules.
	Text, Setting string
}

// RuleForm adds a rule: person is a slug, type a key, empty for all.
type RuleForm struct {
	Person, Type, Hours string
	// HoursError stands at the field, Error above the form.
	HoursError, Error string
}

// PauseRow is a pause.
type PauseRow struct {
	ID int64
	// Person and Type are nil for everyone and all types.
	Person *PersonLink
	Type   *SyncType
	// Until is the first instant after the pause.
	From, Until time.Time
	Reason      string
}

// PauseForm adds a pause: person is a slug, type a key, empty for all. From
// and Until are ISO dates; the day of Until is still part of the pause.
type PauseForm struct {
	Person, Type        string
	From, Until, Reason string
	// These stand at their fields, Error above the form.
	FromError, UntilError, ReasonError, Error string
}

// ChannelRow is a notification channel: mail, ntfy, webhook, heartbeat.
type ChannelRow struct {
	// SetUp is the page that sets it up, empty for none.
	SetUp string
	// Key is what the test form posts: "mail".
	Key, Title string
	// To says where it leads, without secrets: "ada@example.org by mail.example.org".
	// It is empty if the channel is not set up.
	To string
	// Write is what to put into garner.toml, as lines of a file.
	Write string
	query.Channel
	Status Status
}

// Configured reports whether the channel has a destination.
func (c ChannelRow) Configured() bool { return c.To != "" }

var notificationTexts = map[query.NotificationState]struct {
	word   string
	status Status
}{
	query.NotificationSent:     {"sent", OK},
	query.NotificationWaiting:  {"waiting", Running},
	query.NotificationFailed:   {"failed", Down},
	query.NotificationHeld:     {"held for quiet hours", NoData},
	query.NotificationDigest:   {"in a digest", OK},
	query.NotificationUnneeded: {"not sent: the problem ended before the quiet hours did", NoData},
}
