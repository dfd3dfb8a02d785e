package chart

// Absence says why a value is not there, or not there for good.
type Absence uint8

// The seven kinds. Present is the absence of an absence.
const (
	Present Absence = iota
	NotExpected
	Awaited
	Missing
	Partial
	OffBody
	Failed
	Tentative
)

// Kinds are the seven kinds in the order of the legend.
var Kinds = []Absence{NotExpected, Awaited, Missing, Partial, OffBody, Failed, Tentative}

type absenceText struct{ key, word, symbol, meaning string }

var absences = [...]absenceText{
	Present:     {"present", "arrived", "●", "It arrived and is complete."},
	NotExpected: {"not_expected", "not expected", "·", "Before the connection, in the future, or this device cannot measure it."},
	Awaited:     {"awaited", "not yet", "◌", "Not late yet: the watch has still to sync."},
	Missing:     {"missing", "missing", "▨", "It was expected and nothing came."},
	Partial:     {"partial", "partly there", "◪", "Some of it came; the hatched rest did not."},
	OffBody:     {"off_body", "not measured", "○", "The watch says so itself: not worn, too much motion, or unmeasurable."},
	Failed:      {"failed", "not understood", "!", "It came and is kept, but could not be processed. The inbox has it."},
	Tentative:   {"tentative", "may still change", "◔", "The watch calls it provisional; a final version usually follows."},
}

// Key is the word used in class names and exports.
func (a Absence) Key() string { return a.text().key }

// Word is the word for people.
func (a Absence) Word() string { return a.text().word }

// Symbol is the shape that goes with the colour, so that colour never works
// alone.
func (a Absence) Symbol() string { return a.text().symbol }

// Meaning is the sentence of the legend.
func (a Absence) Meaning() string { return a.text().meaning }

func (a Absence) text() absenceText {
	if int(a) < len(absences) {
		return absences[a]
	}
	return absences[NotExpected]
}
