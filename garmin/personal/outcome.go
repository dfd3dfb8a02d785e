package personal

// Outcome is what an answer has for one day or one activity.
type Outcome uint8

// The outcomes. Nothing is an empty answer (204, 404 for a day, an empty list),
// Placeholder a record without any value, as Garmin gives for days without a watch.
const (
	Nothing Outcome = 1 + iota
	Placeholder
	Data
)
