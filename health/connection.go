package health

// ConnectionCause is why a connection to Garmin is not in force.
type ConnectionCause uint8

// The causes. After the first three the connection has ended.
const (
	CauseNone          ConnectionCause = iota // it is in force
	CauseTokensRefused                        // Garmin refuses the tokens
	CauseRefreshLost                          // it does, and its answer to an earlier refresh was lost
	CauseEndedAtGarmin                        // the person ended it at Garmin
	CauseEndedHere                            // it was ended here, and at Garmin
	CauseEndedOnlyHere                        // it was ended here, and Garmin was not reached
	CauseReplaced                             // the person connected again
	CauseErased                               // the person is being erased
)
