package health

// MainSleeps finds where the main sleep of each day begins: the longest one,
// and of equal ones the later, regardless of arrival.
func MainSleeps(readings []Reading) map[Day]int64 {
	longest, out := map[Day]Reading{}, map[Day]int64{}
	for _, r := range readings {
		have, ok := longest[r.Day]
		if r.Metric != sleepMetric || ok && !LongerSleep(r.Value, r.At, have.Value, have.At) {
			continue
		}
		longest[r.Day], out[r.Day] = r, r.At
	}
	return out
}

// sleepMetric is the time asleep of one sleep.
const sleepMetric = "sleep"

// LongerSleep reports whether a sleep is the main one rather than another, by the
// time asleep in seconds and the start.
func LongerSleep(asleep float64, start int64, other float64, otherStart int64) bool {
	return asleep > other || asleep == other && start > otherStart
}

// Counts reports whether a reading counts for its day: one of a sleep does not if
// another is the day's main sleep. main is the result of MainSleeps.
func (m Metric) Counts(r Reading, main map[Day]int64) bool {
	at, ok := main[r.Day]
	return m.Fold != OfMainSleep || !ok || r.At == at
}
