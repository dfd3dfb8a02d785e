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

type absenceText struct{ key, word, symbol string }

var absenceTexts = [...]absenceText{
	Present:     {"present", "arrived", "●"},
	NotExpected: {"not_expected", "not expected", "·"},
	Awaited:     {"awaited", "not yet", "◌"},
	Missing:     {"missing", "missing", "▨"},
	Partial:     {"partial", "partly there", "◪"},
	OffBody:     {"off_body", "not measured", "○"},
	Failed:      {"failed", "not processed", "!"},
	Provisional: {"tentative", "may still change", "◔"},
}

// Key is the word used in class names and exports.
func (a Absence) Key() string { return a.text().key }

// Word is the text for people.
func (a Absence) Word() string { return a.text().word }

// Symbol is the shape shown with the color, so that color is never the only
// sign.
func (a Absence) Symbol() string { return a.text().symbol }

func (a Absence) text() absenceText {
	if int(a) < len(absenceTexts) {
		return absenceTexts[a]
	}
	return absenceTexts[NotExpected]
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

var reasonWords = [...]string{
	Future: "in the future", BeforeFirst: "before the first data", NothingYet: "waiting for first data",
	AsItComes:   "as it comes",
	Unsupported: "not supported", Paused: "paused", NotShared: "not shared", Disconnected: "disconnected",
	Unworn: "off wrist", Unmeasured: "not measured",
	NothingThere: "asked, Garmin has nothing", NotAsked: "not asked yet",
}

// Word is the reason as text, the same on every page and in every mail;
// empty for none.
func (r Reason) Word() string {
	if int(r) < len(reasonWords) {
		return reasonWords[r]
	}
	return ""
}

// DayState is the state of one type of a person on one day.
type DayState struct {
	Absence
	Why Reason
}

// noneRecorded is the word of a day without what comes only now and then, such as a weight.
const noneRecorded = "none recorded"

// Word is the kind as text, with the reason if there is one.
func (s DayState) Word() string {
	if s == (DayState{NotExpected, AsItComes}) {
		return noneRecorded
	}
	if why := s.Why.Word(); why != "" && why != s.Absence.Word() {
		return s.Absence.Word() + ", " + why
	}
	return s.Absence.Word()
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
