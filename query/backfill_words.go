package query

var outcomeWords = [...]string{
	WindowPlanned:      "planned",
	WindowRateLimited:  "rate-limited",
	WindowAsked:        "asked",
	WindowAccepted:     "accepted",
	WindowArrived:      "data arrived",
	WindowArrivedEmpty: "arrived empty",
	WindowAlreadyAsked: "refused: already asked",
	WindowTooEarly:     "refused: too early",
	WindowNotPermitted: "not permitted",
	WindowFailed:       "failed",
	WindowCanceled:     "canceled",
}

// Word is the outcome as text, the same on every page and in every command.
func (o Outcome) Word() string {
	if int(o) < len(outcomeWords) {
		return outcomeWords[o]
	}
	return ""
}
