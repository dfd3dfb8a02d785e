package ui

import (
	"strings"
	"time"

	"garner/query"
)

// SettingsView is what an account sets for itself.
type SettingsView struct {
	Said
	Password PasswordForm
	Sessions []query.Session
	// Current is the ID of the session that asks.
	Current     string
	Preferences PreferencesForm
	// Mail, Sharing and Looked are nil for an account without a person.
	Mail    *MailForm
	Sharing *query.Sharing
	Looked  *AuditList
}

// PasswordForm changes the password. It never keeps what was typed.
type PasswordForm struct {
	// Error stands above the form, OldError and NewError at their fields.
	Error, OldError, NewError string
}

// PreferencesForm is how the account reads pages; an empty field means as the
// household.
type PreferencesForm struct {
	Units                  Units
	Clock, WeekStart, Zone string
	ZoneError              string
	// Household is what applies where a field is empty.
	Household Preferences
}

// MailForm is where incidents about the account's own person are mailed.
type MailForm struct{ Address, Error string }

// AuditList is a page of the audit log. Newer and Older are the addresses of other
// pages, empty if there are none.
type AuditList struct {
	Entries      []query.AuditEntry
	Newer, Older string
}

// AuditView is the audit log with its filter: a slug of People and the id of one of
// Accounts, empty and 0 for all.
type AuditView struct {
	List     AuditList
	People   []PersonLink
	Accounts []query.AccountInfo
	Person   string
	Account  int64
}

// option is a choice of a select.
type option struct{ Value, Text string }

func (f PreferencesForm) clockOptions() []option {
	household := "24 hours"
	if f.Household.Clock == "12" {
		household = "12 hours"
	}
	return []option{{"", "As the household: " + household}, {"24", "24 hours (19:05)"}, {"12", "12 hours (7:05 pm)"}}
}

func (f PreferencesForm) weekOptions() []option {
	days := map[WeekStart]string{"": "Monday", Monday: "Monday", Saturday: "Saturday", Sunday: "Sunday"}
	return []option{{"", "As the household: " + days[f.Household.WeekStart]}, {string(Monday), "Monday"},
		{string(Saturday), "Saturday"}, {string(Sunday), "Sunday"}}
}

// zoneHint says what an empty zone means.
func (f PreferencesForm) zoneHint() string {
	household := time.UTC.String()
	if zone := f.Household.Zone; zone == time.Local {
		household = "that of the machine"
	} else if zone != nil {
		household = zone.String()
	}
	return "Such as Europe/Oslo. Leave empty for the household’s: " + household + "."
}

// auditTexts are what accounts did, by query.AuditEntry.Action.
var auditTexts = map[string]string{
	"signed_in": "signed in", "sign_ins_failed": "sign-ins failed", "signed_out": "signed out",
	"session_ended": "ended a session", "password_changed": "set a password", "link_created": "created a one-time link",
	"account_added": "added an account", "account_changed": "changed an account", "account_removed": "removed an account",
	"person_added": "added a person", "sharing_changed": "changed sharing", "payload_read": "read a delivery",
	"exported": "exported values", "settings_changed": "changed settings",
	"note_changed": "changed a note", "secret_rotated": "rotated a secret",
	"invited": "made a link to connect to Garmin", "connected": "connected to Garmin",
	"disconnected": "disconnected from Garmin", "erased": "erased a person’s data",
	"history_asked": "asked for history", "history_canceled": "canceled requests for history",
	"token_added": "made an API token", "token_removed": "revoked an API token",
	"key_stored": "entered a key for the Personal API", "key_removed": "removed the key for the Personal API",
	"pull_asked": "asked the Personal API for days",
}

// actor is who did it.
func actor(e query.AuditEntry) string {
	if e.Actor == "" {
		return "no account"
	}
	return e.Actor
}

// whereFrom is whom an entry concerns and from which address it came, in a line.
func whereFrom(e query.AuditEntry) string {
	if e.Person == nil {
		return e.Address
	}
	return strings.TrimSuffix(e.Person.Name+", "+e.Address, ", ")
}

// did is what was done; an action of a later version keeps its own name.
func did(e query.AuditEntry) string {
	if text, ok := auditTexts[string(e.Action)]; ok {
		return text
	}
	return string(e.Action)
}
