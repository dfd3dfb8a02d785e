package ui

import (
	"slices"
	"strings"
	"time"

	"garner/health/alert"
	"garner/query"
)

// SetUpView is a page of the set-up.
type SetUpView struct {
	SetUp *query.SetUp
	Step  query.Step
	Form  SettingsForm
	// Notice and Error are about what was done last.
	Notice, Error string

	// Callbacks are those of all types, on the page that lists them.
	Callbacks []query.Callback
	// CallbackURL is the address of all callbacks without the type: it holds the
	// secret. Public means that it is on the public address.
	CallbackURL string
	Public      bool
	// MailReady means that a test can be sent.
	MailReady bool
	// Test is the result of the self-test of the address; nil if it did not run.
	Test []TestLine
	// People are those there are; Own is the slug of the reader's own, Account
	// whether they have an account that could be linked.
	People  []PersonLink
	Own     string
	Account bool
	Person  PersonForm
	// Key is the form for a key, Chosen the slug of whose it is; empty for someone new.
	Key    KeyForm
	Chosen string
	// Keys means that a key can be entered; Again is where the password is entered first.
	Keys  bool
	Again string
}

// TestLine is a line of the self-test: what was found, and what to do.
type TestLine struct {
	Test     string
	State    Status
	What, Do string
}

// word is the state in text, for those who see no colours.
func (l TestLine) word() string {
	return map[Status]string{OK: "ok", Late: "look at this", Down: "problem", NoData: "not tested"}[l.State]
}

// SettingsForm is a form of settings.
type SettingsForm struct {
	// Action is where it is sent; Button is what the button says.
	Action, Button string
	Fields         []SettingField
	// Error is about no one field. Again means that the password must be entered
	// again first; Back is the page to come back to.
	Error string
	Again bool
	Back  string
}

// SettingField is a setting in a form.
type SettingField struct {
	Key, Label, Help string
	Kind             FieldKind
	// Options are those of a choice.
	Options []SettingOption
	// Value is never that of a secret. IsSet means that it was set; Sealed that it is
	// a secret that cannot be decrypted.
	Value         string
	IsSet, Sealed bool
	Error         string
	// Suggest lets the script fill in the browser's time zone.
	Suggest bool
	// Fixed means that garner.toml or the environment sets it.
	Fixed bool
}

// SettingOption is a value of a choice in words.
type SettingOption struct{ Value, Text string }

// FieldKind is how a setting is entered.
type FieldKind string

// The kinds. Secrets are written and never shown.
const (
	FieldText   FieldKind = "text"
	FieldSecret FieldKind = "password"
	FieldChoice FieldKind = "choice"
	FieldZone   FieldKind = "zone"
)

// suggests says whether the script may fill the field in: where it is part of the
// set-up. In the settings, what stands in a field is what is set.
func (f SettingField) suggests() string {
	if f.Suggest {
		return "suggest"
	}
	return ""
}

// id is the field's in the page: keys have dots.
func (f SettingField) id() string { return strings.ReplaceAll(f.Key, ".", "-") }

// shown is the value as text.
func (f SettingField) shown() string {
	for _, o := range f.Options {
		if o.Value == f.Value {
			return o.Text
		}
	}
	if f.Kind == FieldSecret {
		if f.IsSet {
			return "set"
		}
		return "not set"
	}
	if f.Value == "" {
		return "not set"
	}
	return f.Value
}

// stepWords are the short name of each step, its heading and its reason.
var stepWords = map[query.Step]struct{ name, title, why string }{
	query.StepSource: {"Source", "How will data come in?",
		"Garmin gives keys of its developer programme to companies, and to some others who apply. " +
			"Everyone who owns a watch can make a key of their own, which reads their own data. " +
			"Without either you can look around with made-up people: run “garner demo”."},
	query.StepKey: {"Key", "Paste your key",
		"With it, Garner asks Garmin for your data: the newest days first, last night within a minute, then years of " +
			"history. No public address is needed."},
	query.StepAddress: {"Address", "Where can Garmin reach Garner?",
		"Garmin calls a public name over HTTPS, on port 443. A proxy, a tunnel or Garner itself can hold the certificate."},
	query.StepGarmin: {"Keys", "Enter the keys from Garmin’s portal",
		"Garmin names the client id with what it sends. Garner puts aside what comes with another id."},
	query.StepCallbacks: {"Callbacks", "Give Garmin the callback URLs",
		"Garmin sends each type of data to a URL of its own. Paste each URL into Garmin’s portal, under Endpoint " +
			"Configuration, and choose push. Everyone who knows the secret in them can send data, so keep them private."},
	query.StepMail: {"Mail", "Where should Garner send alerts?",
		"Garner can tell you when data stops coming. For that it needs a mail server that accepts its mail."},
	query.StepPreferences: {"Preferences", "Choose units, clock and time zone",
		"They hold for all pages and mails. Each account can choose others for itself."},
	query.StepHousehold: {"Household", "Who is in the household?",
		"Garner stores the data of people that it knows. What comes for others waits in the inbox until you add them."},
	query.StepBackup: {"Backup", "Make a recovery key",
		"Garner makes a backup each night. With a recovery key the backup is encrypted and contains everything that " +
			"another machine needs. Without one, people must connect to Garmin again after a restore. The key is shown " +
			"once: keep it away from this machine."},
	query.StepDone: {"Summary", "What works, and what is open",
		"Open steps can wait: everything here is also in the settings."},
}

// setUpURL is the page of a step.
func setUpURL(s query.Step) string { return "/setup/" + string(s) }

// number is the place of a step, from 1.
func (v SetUpView) number() int {
	return slices.Index(v.SetUp.Steps(), v.Step) + 1
}

// onward leads to the step after this one.
func (v SetUpView) onward() *Link {
	word := "Continue"
	if v.SetUp.States[v.Step] == query.StepOpen && (v.Form.Fields != nil || v.Step == query.StepKey) {
		word = "Skip this step"
	}
	return &Link{Text: word, URL: setUpURL(v.SetUp.After(v.Step))}
}

// callback is how a callback's state is shown.
func callbackStatus(s query.CallbackState) (Status, string) {
	switch s {
	case query.CallbackArrived:
		return OK, "arrived"
	case query.CallbackWithoutID:
		return Late, "arrived without client id"
	case query.CallbackWrongID:
		return Down, "arrived with another client id"
	}
	return NoData, "nothing yet"
}

// stepStatus is how a step's state is shown.
func stepStatus(s query.StepState) Status {
	if s == query.StepOpen {
		return NoData
	}
	return OK
}

// BoxView is the settings of the whole installation.
type BoxView struct {
	Notice string
	// Forms are by the step of the set-up that has the same.
	Forms map[query.Step]SettingsForm
	// Certificates are those of Garner itself; none if something before it holds them.
	Certificates []CertificateRow
	// Secrets are those in the callback URLs, newest first; none if the configuration
	// sets the one.
	Secrets []SecretRow
	// Files are the databases.
	Files   []FileRow
	Version string
}

// FileRow is a database with its size and that of its log in bytes.
type FileRow struct {
	Name       string
	Bytes, Log int64
}

// BoxSteps are the steps whose forms are settings of the box.
var BoxSteps = []query.Step{query.StepAddress, query.StepGarmin, query.StepMail, query.StepPreferences, query.StepMap}

// boxTitles are the headings of the forms in the settings.
var boxTitles = map[query.Step]string{query.StepAddress: "Public address", query.StepGarmin: "Garmin’s keys",
	query.StepMail: "Mail", query.StepPreferences: "Preferences of the household",
	query.StepMap: "Map tiles"}

// CertificateRow is how a certificate is.
type CertificateRow struct {
	Name, Words string
	Status      Status
}

// NewCertificates words the certificates as of now.
func NewCertificates(list []alert.Certificate, now time.Time) (out []CertificateRow) {
	for _, c := range list {
		ends := c.NotAfter.In(now.Location()).Format("2 Jan 2006")
		row := CertificateRow{Name: c.Name, Status: OK, Words: "valid until " + ends}
		switch {
		case c.NotAfter.IsZero():
			row.Status, row.Words = Down, "none yet"
		case !now.Before(c.NotAfter):
			row.Status, row.Words = Down, "expired "+ends
		case !now.Before(c.Due()):
			row.Status = Late
		}
		if c.Error != "" {
			row.Words += ": " + c.Error
		}
		out = append(out, row)
	}
	return out
}

// SecretRow is a callback secret, masked. Created and Used may be zero.
type SecretRow struct {
	Masked        string
	Created, Used time.Time
}
