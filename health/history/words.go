package history

var reasonWords = [...]string{
	InFuture:          "in the future",
	TooNew:            "too new: Garmin itself still sends these days",
	WithoutBackfill:   "Garmin does not send this type again",
	WithoutConnection: "not connected to Garmin",
	NeedsReconnect:    "the person must connect again",
	HistoryOff:        "Historical data is not shared",
	TypeOff:           "this type is not shared",
	AlreadyPlanned:    "already planned",
	AlreadyAccepted:   "already asked, and Garmin accepted",
	AlreadyAsked:      "already asked elsewhere: only connecting again allows it again",
	AnswerUnknown:     "already asked, and the answer was lost: Garmin may have accepted",
	RefusedLately:     "Garmin refused it less than a week ago",
	BeforeEarliest:    "before the earliest date that Garmin gives",
	BeforeFloor:       "before the configured earliest date",
}

// Word is the reason as text, the same on every page and in every command; empty for
// Askable.
func (r Reason) Word() string {
	if int(r) < len(reasonWords) {
		return reasonWords[r]
	}
	return ""
}
