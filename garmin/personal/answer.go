package personal

import "garner/health"

// Answer is what an answer of an endpoint is, read.
type Answer struct {
	// Callback is a body in the form of a callback: the elements by the keys of their
	// types. Empty if there are none.
	Callback []byte
	// Days is what the answer has for each day that was asked for, by an endpoint of days.
	Days map[health.Day]Outcome
	// Outcome is that of the whole answer.
	Outcome Outcome
	// Elsewhere is how many days it has that were not asked for. What it says of them is
	// left out.
	Elsewhere int
	// Activities are those that a list names.
	Activities []Listing
	// Zone is the person's time zone, where the answer says it: an IANA name.
	Zone string
}

// Listing is an activity in a list.
type Listing struct {
	ID  int64
	Day health.Day
	// Manual activities have no file.
	Manual bool
}
