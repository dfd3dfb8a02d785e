package query

var outcomeWords = [...]string{
	WindowPlanned:      "planned",
	WindowRateLimited:  "rate-limited, asked again later",
	WindowAsked:        "asked, the answer is not known",
	WindowAccepted:     "accepted",
	WindowArrived:      "arrived",
	WindowArrivedEmpty: "accepted, nothing came",
	WindowAlreadyAsked: "already asked: only connecting again allows it again",
	WindowTooEarly:     "before the earliest date",
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
