package alert

// Kind is what an incident is about.
type Kind string

// The kinds. The first four are silences in their order of inhibition: what is
// missing for everyone is not counted.
const (
	NothingArrives    Kind = "nothing_arrives"
	TypeStopped       Kind = "type_stopped" // for all people
	PersonSilent      Kind = "person_silent"
	PersonTypeStopped Kind = "pair_stopped" // one type of one person, while others flow

	// NeverCame is about a person who was added and of whom nothing followed.
	NeverCame  Kind = "never_came"
	PersonLeft Kind = "disconnected"
	Withdrawn  Kind = "not_shared"
	Collapsed  Kind = "volume_collapsed"

	// FilesReplaced is about databases that do not belong together.
	FilesReplaced Kind = "files_replaced"
	// Damaged is about stored data that are not what was stored.
	Damaged Kind = "data_damaged"

	ParkedSome  Kind = "parked"
	WrongSender Kind = "wrong_sender"
	Backlogged  Kind = "backlog"
	DiskLow     Kind = "disk_low"
	MailFailing Kind = "mail_failing"
	ClockWrong  Kind = "clock_wrong"
	Unreachable Kind = "unreachable"
	// WasOff is reported once, when Garner is back.
	WasOff Kind = "was_off"
)

// Kinds lists all kinds, most far-reaching first.
var Kinds = []Kind{FilesReplaced, Damaged, NothingArrives, Unreachable, WasOff, TypeStopped, Collapsed, PersonLeft,
	NeverCame, PersonSilent, Withdrawn, PersonTypeStopped,
	Backlogged, ParkedSome, WrongSender, DiskLow, MailFailing, ClockWrong}

// Silence reports whether incidents of the kind end by new data.
func (k Kind) Silence() bool {
	return k == NothingArrives || k == TypeStopped || k == PersonSilent || k == PersonTypeStopped
}

// Acknowledged reports whether incidents of the kind end when someone says that
// they have seen to it: Garner cannot tell by itself.
func (k Kind) Acknowledged() bool { return k == FilesReplaced || k == Damaged }

// Subject is what an incident belongs to. Person is 0 and Type empty if it
// is about everyone or all types.
type Subject struct {
	Kind   Kind
	Person int64
	Type   string
}

// State is how a person or one of their types is doing.
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
	// Disconnected: Garmin says that the person ended the connection.
	Disconnected
	// Unsupported by the person's device, as far as is known.
	Unsupported
	// AsItComes is for types without a rhythm, such as activities.
	AsItComes
)

var stateKeys = [...]string{"waiting", "on_time", "late", "overdue", "paused", "not_shared", "disconnected",
	"unsupported", "as_it_comes"}

// String returns the key of a state, as in addresses and metrics.
func (s State) String() string { return stateKeys[s] }

// Troubled reports whether someone should look.
func (s State) Troubled() bool {
	return s == Late || s == Overdue || s == Disconnected || s == NotShared
}
