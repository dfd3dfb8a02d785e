package text

import "garner/health"

var connectionCauses = [...]string{
	health.CauseTokensRefused: "Garmin refuses the tokens",
	health.CauseRefreshLost:   "Garmin refuses the tokens; its answer to an earlier refresh was lost",
	health.CauseEndedAtGarmin: "disconnected at Garmin",
	health.CauseEndedHere:     "disconnected here",
	health.CauseEndedOnlyHere: "disconnected here without reaching Garmin",
	health.CauseReplaced:      "replaced by a new connection",
	health.CauseErased:        "the person is being erased",
}

// ConnectionCause says why a connection is not in force; empty if it is.
func ConnectionCause(c health.ConnectionCause) string {
	if int(c) < len(connectionCauses) {
		return connectionCauses[c]
	}
	return ""
}
