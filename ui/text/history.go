package text

import "garner/health/history"

var notAskable = [...]string{
	history.InFuture:          "in the future",
	history.TooNew:            "too new: Garmin itself still sends these days",
	history.WithoutBackfill:   "Garmin does not send this type again",
	history.WithoutConnection: "not connected to Garmin",
	history.NeedsReconnect:    "the person must connect again",
	history.HistoryOff:        "Historical data is not shared",
	history.TypeOff:           "this type is not shared",
	history.AlreadyPlanned:    "already planned",
	history.AlreadyAccepted:   "already asked, and Garmin accepted",
	history.AlreadyAsked:      "already asked elsewhere: only connecting again allows it again",
	history.AnswerUnknown:     "already asked, and the answer was lost: Garmin may have accepted",
	history.RefusedLately:     "Garmin refused it less than a week ago",
	history.BeforeEarliest:    "before the earliest date that Garmin gives",
	history.BeforeFloor:       "before the configured earliest date",
}

// NotAskable is why Garmin cannot be asked for some history, the same on every page and in
// every command; empty for what can be.
func NotAskable(r history.Reason) string {
	if int(r) < len(notAskable) {
		return notAskable[r]
	}
	return ""
}
