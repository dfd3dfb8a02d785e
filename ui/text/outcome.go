package text

import "garner/health/history"

var outcomeWords = [...]string{
	history.WindowPlanned:      "planned",
	history.WindowRateLimited:  "rate-limited",
	history.WindowAsked:        "asked",
	history.WindowAccepted:     "accepted",
	history.WindowArrived:      "data arrived",
	history.WindowArrivedEmpty: "arrived empty",
	history.WindowAlreadyAsked: "refused: already asked",
	history.WindowTooEarly:     "refused: too early",
	history.WindowNotPermitted: "not permitted",
	history.WindowFailed:       "failed",
	history.WindowCanceled:     "canceled",
}

// Outcome is what became of a request for history, the same on every page and in every
// command.
func Outcome(o history.Outcome) string {
	if int(o) < len(outcomeWords) {
		return outcomeWords[o]
	}
	return ""
}
