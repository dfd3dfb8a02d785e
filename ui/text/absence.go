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
