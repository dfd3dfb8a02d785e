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
	Waiting:  {"waiting", Running, "Stored but not processed yet. Retries wait here too."},
	Fetching: {"fetching", Running, "Garmin sent a ping; the data it announces is being fetched."},
	Done:     {"done", OK, "Processed. All its elements are stored as records."},
	Parked:   {"parked", Down, "Stored, but part of it could not be processed. It can be processed again."},
	Quarantined: {"quarantined", Late,
		"The client id is not yours. It is not processed until you accept it."},
	Orphaned: {"unknown person", Late,
		"Waiting for a person to be linked: no person has its Garmin user id."},
	Aside: {"set aside", NoData, "Parked, reviewed and removed from the list of failures. It can be processed again."},
}

// Word is the state for people.
func (s State) Word() string { return stateTexts[s].word }

// Status is the state's colour and shape.
func (s State) Status() Status { return stateTexts[s].status }

// Meaning is the sentence of the help page.
func (s State) Meaning() string { return stateTexts[s].meaning }

// glossary are the words that pages use.
var glossary = []struct{ Word, Meaning string }{
	{"person", "Someone whose Garmin data is stored here."},
	{"delivery", "One request body from Garmin, stored exactly as it arrived."},
	{"record", "One night, day, activity and so on, in its current version."},
	{"version", "The content of a record in one delivery. Garmin often sends several versions; one of them is current."},
	{"connection", "One consent of a person at Garmin, from linking until it ends. Connecting again begins a new one " +
		"and keeps all data."},
	{"request", "A range of days of one type that Garner asked Garmin to send again. The command line calls it a window."},
	{"accepted", "Garmin accepted a request. Its data arrives later by itself, and the same days cannot be asked for " +
		"again until the person connects again."},
	{"ping", "A short message of Garmin that data is ready. Garner then fetches the data."},
	{"Historical data", "The permission to ask for days before the person connected. It is off by default on Garmin’s " +
		"consent page."},
	{"metric", "A number with a unit, such as the resting heart rate of a day."},
	{"ours", "A metric that Garmin does not send. Garner derives it by a documented rule."},
	{"band", "The usual range of this person. It is Garner’s estimate and may differ from the watch."},
	{"coverage", "Which of the expected days of a type have arrived, and why the others have not."},
	{"gap", "Expected data that is missing, not processed, or only partly there."},
	{"off wrist", "The watch was not worn, so nothing could be measured. It is no gap: nothing was lost."},
	{"tentative", "Garmin may still send a final version, as for a night on the morning after."},
	{"Body Battery", "Garmin’s estimate of energy, from 5 to 100. Garner shows it as sent."},
	{"HRV status", "Garmin’s own verdict on the heart rate variability of some nights. Garner’s band is another thing: " +
		"the usual range of 28 days."},
	{"watch clock", "The time that the watch showed. Garner knows its offset from UTC, not its time zone."},
}

// legendKinds are the absences in the order of the legend.
var legendKinds = chart.Kinds
