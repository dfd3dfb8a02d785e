package garmin

import (
	"strings"

	"garner/garmin/element"
	"garner/health"
)

// longestSleep limits what counts as one sleep, so that one wrong number does not
// join a week of nights.
const longestSleep = 2 * 86400

// identifySleep ranks a version and finds the instant that it reaches.
// Duration excludes being awake and what could not be measured, so the end is by
// the sum of all times in the element, or the last level's end if that is
// later: no level covers what could not be measured.
func identifySleep(v element.Value, d *Decoded) {
	d.Key = itoa(d.Start)
	d.Class = sleepClass(scalar(v.Get("validation")))
	end := d.Start + min(longestSleep, seconds(v, "durationInSeconds")+seconds(v, "awakeDurationInSeconds")+
		seconds(v, "unmeasurableSleepInSeconds", "unmeasurableSleepDurationInSeconds"))
	for l := range Levels(v) {
		if l.To > end && l.To <= d.Start+longestSleep {
			end = l.To
		}
	}
	d.End, d.Reach = end, end
}

// sleepClass ranks Garmin's validation words, ignoring case; new words count as
// tentative.
func sleepClass(word string) health.Class {
	switch word = strings.ToUpper(word); {
	case word == "MANUAL", word == "AUTO_MANUAL":
		return health.Edited
	case word == "OFF_WRIST":
		return health.OffWrist
	case word == "DEVICE", strings.HasSuffix(word, "_FINAL"):
		return health.Final
	}
	return health.Tentative
}

// MainSleep returns the index of the main sleep among those of a date, -1 if there
// is none; see health.LongerSleep. A night without the watch is not a sleep,
// however long it was.
func MainSleep(sleeps []Part) int {
	main := -1
	for i, s := range sleeps {
		if sleepClass(scalar(s.Value.Get("validation"))) == health.OffWrist {
			continue
		}
		if main < 0 || health.LongerSleep(s.asleep(), s.Start, sleeps[main].asleep(), sleeps[main].Start) {
			main = i
		}
	}
	return main
}

// asleep is how long a sleep was, in seconds: its span if it has no duration.
func (p Part) asleep() float64 {
	if x, ok := p.Value.Get("durationInSeconds").Float(); ok {
		return x
	}
	return float64(p.End - p.Start)
}
