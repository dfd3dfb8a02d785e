package text

import "garner/query"

var outcomeWords = [...]string{
	query.WindowPlanned:      "planned",
	query.WindowRateLimited:  "rate-limited",
	query.WindowAsked:        "asked",
	query.WindowAccepted:     "accepted",
	query.WindowArrived:      "data arrived",
	query.WindowArrivedEmpty: "arrived empty",
	query.WindowAlreadyAsked: "refused: already asked",
	query.WindowTooEarly:     "refused: too early",
	query.WindowNotPermitted: "not permitted",
	query.WindowFailed:       "failed",
	query.WindowCanceled:     "canceled",
}

// Outcome is what became of a request for history, the same on every page and in every
// command.
func Outcome(o query.Outcome) string {
	if int(o) < len(outcomeWords) {
		return outcomeWords[o]
	}
	return ""
}
