package history

// Outcome is what became of a window of history.
type Outcome uint8

// The outcomes, as docs/connections.md lists them.
const (
	WindowPlanned Outcome = iota
	WindowRateLimited
	WindowAsked
	WindowAccepted
	WindowArrived
	WindowArrivedEmpty // accepted, and nothing came for days
	WindowAlreadyAsked
	WindowTooEarly
	WindowNotPermitted
	WindowFailed
	WindowCanceled
)
