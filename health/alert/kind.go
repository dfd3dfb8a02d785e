package alert

// Kind is what an incident is about.
type Kind string

// The kinds. The first four are silences in order of priority: what is
// missing for all people is not counted for each.
const (
	NothingArrives    Kind = "nothing_arrives"
	TypeStopped       Kind = "type_stopped" // for all people
	PersonSilent      Kind = "person_silent"
	PersonTypeStopped Kind = "pair_stopped" // one type of one person, while others flow

	// NeverCame is about a person who was added and from whom no data came.
	NeverCame  Kind = "never_came"
	PersonLeft Kind = "disconnected"
	// ReconnectNeeded is about a person whose tokens Garmin refuses.
	ReconnectNeeded Kind = "must_reconnect"
	Withdrawn       Kind = "not_shared"
	Collapsed       Kind = "volume_collapsed"
	// KeyExpiring is about a person's key for the Personal API that ends soon, KeyRefused
	// about one that Garmin refuses.
	KeyExpiring Kind = "key_expiring"
	KeyRefused  Kind = "key_refused"
	// PullFailing means that the Personal API does not answer.
	PullFailing Kind = "pull_failing"

	// FilesReplaced is about databases that do not match.
	FilesReplaced Kind = "files_replaced"
	// Damaged is about damaged stored data.
	Damaged Kind = "data_damaged"

	ParkedSome  Kind = "parked"
	WrongSender Kind = "wrong_sender"
	Backlogged  Kind = "backlog"
	DiskLow     Kind = "disk_low"
	// LogLong is about a log of a database that does not get shorter.
	LogLong     Kind = "log_long"
	MailFailing Kind = "mail_failing"
	ClockWrong  Kind = "clock_wrong"
	Unreachable Kind = "unreachable"
	// CertificateEnds is about a TLS certificate that is missing or ends soon.
	CertificateEnds Kind = "certificate"
	// BackupMissing means that no backup was made for days, BackupFailed that the last one
	// could not be made, verified or copied to the second folder.
	BackupMissing Kind = "backup_missing"
	BackupFailed  Kind = "backup_failed"
	// WasOff is reported once, when Garner is back.
	WasOff Kind = "was_off"
)

// Kinds lists all kinds, most far-reaching first.
var Kinds = []Kind{FilesReplaced, Damaged, NothingArrives, Unreachable, CertificateEnds, WasOff, PullFailing,
	TypeStopped, Collapsed, PersonLeft, ReconnectNeeded, KeyRefused, KeyExpiring, NeverCame, PersonSilent, Withdrawn,
	PersonTypeStopped, Backlogged, ParkedSome, WrongSender, DiskLow, LogLong, BackupFailed, BackupMissing, MailFailing,
	ClockWrong}

// Silence reports whether incidents of the kind end by new data.
func (k Kind) Silence() bool {
	return k == NothingArrives || k == TypeStopped || k == PersonSilent || k == PersonTypeStopped
}

// Explains reports whether incidents of the kind explain why data of their time is
// missing.
func (k Kind) Explains() bool { return k.Silence() || k == WasOff || k == Unreachable }

// fact reports whether incidents of the kind are no fault to be reminded of.
func (k Kind) fact() bool {
	return k == PersonLeft || k == ReconnectNeeded || k == KeyRefused || k == Withdrawn || k == NeverCame
}

// Acknowledged reports whether incidents of the kind end when someone closes
// them: Garner cannot detect their end.
func (k Kind) Acknowledged() bool { return k == FilesReplaced || k == Damaged }

// Subject is what an incident belongs to. Person is 0 and Type empty if it
// is about all people or all types.
type Subject struct {
	Kind   Kind
	Person int64
	Type   string
}

// State is the state of a person or one of their types.
type State uint8

// The states.
const (
	// Waiting for first data: nothing ever came.
	Waiting State = iota
	OnTime
	// Late by the person's own rhythm, not yet over the limit.
	Late
	// Overdue is over the limit.
	Overdue
	// Paused by the admin.
	Paused
	// NotShared: the person withdrew the permission.
	NotShared
	// Disconnected: Garmin reported that the person ended the connection.
	Disconnected
	// Unsupported by the person's device, as far as is known.
	Unsupported
	// AsItComes is for types without a rhythm, such as activities.
	AsItComes
	// Partly is for people whose data comes, but for a type that is overdue or not shared.
	Partly
)

var stateKeys = [...]string{"waiting", "on_time", "late", "overdue", "paused", "not_shared", "disconnected",
	"unsupported", "as_it_comes", "partly"}

// String returns the key of a state, as in addresses and metrics.
func (s State) String() string { return stateKeys[s] }

// Troubled reports whether the state needs attention.
func (s State) Troubled() bool {
	return s == Late || s == Overdue || s == Disconnected || s == NotShared || s == Partly
}
