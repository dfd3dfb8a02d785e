package text

import "garner/health"

var absences = [...]string{
	health.Present:     "It arrived and is complete.",
	health.NotExpected: "Before the connection, in the future, paused, not shared, or this device cannot measure it.",
	health.Awaited:     "Not late yet: the watch has not synced.",
	health.Missing:     "Data was expected but did not arrive.",
	health.Partial:     "Part of it arrived; the hatched part did not.",
	health.OffBody:     "The watch reports it: not worn, too much motion, or unmeasurable.",
	health.Failed:      "It arrived and is stored, but could not be processed. See the inbox.",
	health.Provisional: "The watch calls it provisional; a final version usually follows.",
}

// Absence is what a kind of absence means: the sentence of the legend.
func Absence(a health.Absence) string {
	if int(a) < len(absences) {
		return absences[a]
	}
	return absences[health.NotExpected]
}

var absenceWords = [...]string{
	health.Present: "arrived", health.NotExpected: "not expected", health.Awaited: "not yet", health.Missing: "missing",
	health.Partial: "partly there", health.OffBody: "not measured", health.Failed: "not processed",
	health.Provisional: "may still change",
}

// AbsenceWord is a kind of absence in a word or two.
func AbsenceWord(a health.Absence) string {
	if int(a) < len(absenceWords) {
		return absenceWords[a]
	}
	return absenceWords[health.NotExpected]
}

var reasonWords = [...]string{
	health.Future: "in the future", health.BeforeFirst: "before the first data",
	health.NothingYet: "waiting for first data",
	health.AsItComes:  "as it comes", health.Unsupported: "not supported", health.Paused: "paused",
	health.NotShared: "not shared", health.Disconnected: "disconnected", health.Unworn: "off wrist",
	health.Unmeasured: "not measured", health.NothingThere: "asked, Garmin has nothing", health.NotAsked: "not asked yet",
}

// ReasonWord is a reason, the same on every page and in every mail; empty for none.
func ReasonWord(r health.Reason) string {
	if int(r) < len(reasonWords) {
		return reasonWords[r]
	}
	return ""
}

// noneRecorded is the word of a day without what comes only now and then, such as a weight.
const noneRecorded = "none recorded"

// State is the kind of absence of a day, with the reason if there is one.
func State(s health.DayState) string {
	if s == (health.DayState{Absence: health.NotExpected, Why: health.AsItComes}) {
		return noneRecorded
	}
	if why := ReasonWord(s.Why); why != "" && why != AbsenceWord(s.Absence) {
		return AbsenceWord(s.Absence) + ", " + why
	}
	return AbsenceWord(s.Absence)
}
