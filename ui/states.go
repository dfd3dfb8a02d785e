package ui

import "garner/ui/chart"

// stateText is what the inbox says of a state.
type stateText struct {
	word    string
	status  Status
	meaning string
}

// States in the order of the tabs.
var States = []State{Waiting, Fetching, Done, Parked, Quarantined, Orphaned, Aside}

var stateTexts = map[State]stateText{
	Waiting:     {"waiting", Running, "Received and safe, not yet applied. Retries wait here too."},
	Fetching:    {"fetching", Running, "Garmin sent a notice; its data are being fetched."},
	Done:        {"done", OK, "Applied. Every number in it has found its place."},
	Parked:      {"parked", Down, "Stored, but part of it could not be processed. It can be processed again."},
	Quarantined: {"quarantined", Late, "The client id is not yours. It is not applied until you accept it."},
	Orphaned:    {"orphaned", Late, "It belongs to an unknown Garmin user. It is applied once that person is added."},
	Aside:       {"set aside", NoData, "Looked at and put away. Kept, and can be tried again."},
}

// Word is the state for people.
func (s State) Word() string { return stateTexts[s].word }

// Status is the state's colour and shape.
func (s State) Status() Status { return stateTexts[s].status }

// Meaning is the sentence of the help page.
func (s State) Meaning() string { return stateTexts[s].meaning }

// glossary are the words that pages use.
var glossary = []struct{ Word, Meaning string }{
	{"person", "Somebody whose Garmin data are kept here."},
	{"delivery", "One message from Garmin, kept exactly as it arrived."},
	{"record", "One night, day, activity or the like, in the version that stands."},
	{"version", "One account of a record. Garmin often sends several; the best one stands and the others are remembered."},
	{"metric", "A number with a unit, such as the resting heart rate of a day."},
	{"ours", "A metric that Garmin does not send and that is derived here by a stated rule."},
	{"band", "The range that is usual for this very person. It is an estimate of ours and may differ from the watch."},
	{"watch clock", "What the watch showed. It tells the distance from UTC, never a place."},
}

// shortcuts are the keys that the script knows.
var shortcuts = []struct{ Keys, Does string }{
	{"← →", "On a day: the day before or after. Within the lanes: the moment before or after."},
	{"Home End", "Within the lanes: the first or last moment of the day."},
	{"Tab Enter", "Everything can be reached and used by keyboard."},
}

// legendKinds are the absences in the order of the legend.
var legendKinds = chart.Kinds
