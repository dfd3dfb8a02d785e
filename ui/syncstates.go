package ui

// SyncState is how a person, or one of their types, is doing.
type SyncState string

// The states.
const (
	SyncWaiting      SyncState = "waiting"
	SyncOnTime       SyncState = "on_time"
	SyncLate         SyncState = "late"
	SyncPartly       SyncState = "partly"
	SyncOverdue      SyncState = "overdue"
	SyncPaused       SyncState = "paused"
	SyncNotShared    SyncState = "not_shared"
	SyncDisconnected SyncState = "disconnected"
	SyncUnsupported  SyncState = "unsupported"
	SyncAsItComes    SyncState = "as_it_comes"
)

// SyncStates in the order of the legend.
var SyncStates = []SyncState{SyncOnTime, SyncPartly, SyncLate, SyncOverdue, SyncWaiting, SyncAsItComes, SyncPaused,
	SyncNotShared, SyncDisconnected, SyncUnsupported}

type syncText struct {
	word, symbol string
	status       Status
	meaning      string
}

var syncTexts = map[SyncState]syncText{
	SyncOnTime:  {"on time", "●", OK, "Data arrives no later than usual for this person."},
	SyncPartly:  {"not every type", "◐", Late, "Data of the person arrives, but a type is overdue or not shared."},
	SyncLate:    {"late", "◐", Late, "Later than usual for this person, but within the limit."},
	SyncOverdue: {"overdue", "▲", Down, "Beyond the limit. A notification is sent if a channel is set up."},
	SyncWaiting: {"waiting for first data", "○", NoData,
		"No data has arrived yet. The first arrives after the next sync of the watch."},
	SyncAsItComes: {"as it comes", "◇", OK,
		"Has no fixed rhythm, such as activities or weigh-ins, and is never late."},
	SyncPaused:    {"paused", "‖", NoData, "Alerts are paused. Data that arrives is stored as usual."},
	SyncNotShared: {"not shared", "⊘", Late, "The person has turned off this permission at Garmin."},
	SyncDisconnected: {"disconnected", "✕", Late,
		"Garmin reported that the connection was ended. Data that arrived before is kept."},
	SyncUnsupported: {"not supported", "·", NoData,
		"The device does not measure it, the way in does not bring it, or the alert was turned off. No data is expected."},
}

func (s SyncState) text() syncText {
	if t, ok := syncTexts[s]; ok {
		return t
	}
	return syncTexts[SyncWaiting]
}

// Word is the state for people.
func (s SyncState) Word() string { return s.text().word }

// Symbol is the shape that goes with the colour.
func (s SyncState) Symbol() string { return s.text().symbol }

// Status is the state's colour.
func (s SyncState) Status() Status { return s.text().status }

// Meaning is the sentence of the legend.
func (s SyncState) Meaning() string { return s.text().meaning }

// Troubled reports whether someone should look.
func (s SyncState) Troubled() bool {
	return s == SyncPartly || s == SyncLate || s == SyncOverdue || s == SyncNotShared || s == SyncDisconnected
}
