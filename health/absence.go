package health

// Absence is why a value is missing, for now or for good.
type Absence uint8

// The seven kinds. Present means that the value is there.
const (
	Present Absence = iota
	NotExpected
	Awaited
	Missing
	Partial
	OffBody
	Failed
	Provisional
)

// Absences are the seven kinds in the order of the legend.
var Absences = []Absence{NotExpected, Awaited, Missing, Partial, OffBody, Failed, Provisional}

// absences are the key and the symbol of each kind.
var absences = [...]struct{ key, symbol string }{
	Present: {"present", "●"}, NotExpected: {"not_expected", "·"}, Awaited: {"awaited", "◌"}, Missing: {"missing", "▨"},
	Partial: {"partial", "◪"}, OffBody: {"off_body", "○"}, Failed: {"failed", "!"}, Provisional: {"tentative", "◔"},
}

// Key names the kind in classes, exports and the API.
func (a Absence) Key() string { return absences[a.known()].key }

// Symbol is the shape shown with the color, so that color is never the only
// sign.
func (a Absence) Symbol() string { return absences[a.known()].symbol }

// known is the kind, NotExpected for one that is none.
func (a Absence) known() Absence {
	if int(a) < len(absences) {
		return a
	}
	return NotExpected
}

// Came reports whether a record is there, complete or not.
func (a Absence) Came() bool { return a == Present || a == Partial || a == OffBody || a == Provisional }

// Expected reports whether it counts: data came, or was due and did not.
func (a Absence) Expected() bool { return a.Came() || a.Gap() }

// Gap reports whether expected data is missing.
func (a Absence) Gap() bool { return a == Missing || a == Failed || a == Partial }

// Reason is a more precise cause of an absence than its kind.
type Reason uint8

// The reasons. The first ones go with NotExpected, Unworn and Unmeasured with
// OffBody, the last with Missing: whether the Personal API was asked.
const (
	NoReason Reason = iota
	Future
	BeforeFirst
	NothingYet
	AsItComes
	Unsupported
	Paused
	NotShared
	Disconnected
	Unworn
	Unmeasured
	NothingThere
	NotAsked
)

var reasonKeys = [...]string{
	Future: "future", BeforeFirst: "before_first", NothingYet: "nothing_yet", AsItComes: "as_it_comes",
	Unsupported: "unsupported", Paused: "paused", NotShared: "not_shared", Disconnected: "disconnected",
	Unworn: "unworn", Unmeasured: "unmeasured", NothingThere: "nothing_there", NotAsked: "not_asked",
}

// Key names the reason in the API; empty for none.
func (r Reason) Key() string {
	if int(r) < len(reasonKeys) {
		return reasonKeys[r]
	}
	return ""
}

// DayState is the state of one type of a person on one day.
type DayState struct {
	Absence
	Why Reason
}

// Within is the state of one measure that a record of this state does not have:
// if the record came without it, it was not measured.
func (s DayState) Within() DayState {
	switch s.Absence {
	case Present, Provisional, Partial:
		return DayState{OffBody, Unmeasured}
	}
	return s
}

// With is the state of one measure of a type of this state, of which has tells whether
// there is a value. A value of a record that is not counted as there is still a value.
func (s DayState) With(has bool) DayState {
	switch {
	case !has:
		return s.Within()
	case !s.Came() || s.Absence == OffBody:
		return DayState{}
	}
	return s
}
