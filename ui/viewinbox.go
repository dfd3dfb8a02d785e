package ui

import "time"

// State is where a delivery is on its way.
type State string

// The states. A delivery is parked, orphaned … while any element of it is.
const (
	Waiting     State = "waiting"
	Fetching    State = "fetching"
	Done        State = "done"
	Parked      State = "parked"
	Quarantined State = "quarantined"
	Orphaned    State = "orphaned"
	Aside       State = "aside"
)

// InboxView answers: what did Garmin send, and what went wrong?
type InboxView struct {
	Sentence string
	Status   Status
	// State and Type are the filters in force, empty for all.
	State State
	Type  string
	Types []string
	Tabs  []StateTab
	// Groups are failures that are alike, so that one click tries all again.
	Groups  []FailureGroup
	Unknown []UnknownPerson
	Rows    []DeliveryRow
	// Older and Newest are the addresses of other pages, empty for none.
	Older, Newest string
	Empty         *Empty
}

// StateTab is a state with its count.
type StateTab struct {
	State State
	Count int
}

// FailureGroup is deliveries that failed in the same way.
type FailureGroup struct {
	// Key identifies the group in the form that tries all again.
	Key, Reason, Type string
	Count             int
	First, Last       time.Time
}

// UnknownPerson is a Garmin user id that belongs to no one here.
type UnknownPerson struct {
	GarminUserID string
	Elements     int
	First        time.Time
	// Until is when its elements will be dropped.
	Until time.Time
	Form  PersonForm
}

// DeliveryRow is one delivery of the list.
type DeliveryRow struct {
	ID       int64
	Received time.Time
	Type     string
	State    State
	People   []PersonLink
	Elements int
	Bytes    int64
	Source   string
	// Reason is the first reason of a delivery that is not done.
	Reason string
}

// DeliveryView is one delivery's story.
type DeliveryView struct {
	DeliveryRow
	Hash string
	// Sender is the result of checking who sent it, in words.
	Sender string
	Steps  []Step
	Issues []Issue
	// Records lead to what the delivery changed.
	Records []Link
	// Payload is pretty JSON, cut where Truncated. Withheld says why it is
	// not shown, or no longer kept.
	Payload   string
	Truncated bool
	Withheld  string
	// The buttons that make sense in this state.
	CanTryAgain, CanSetAside, CanAccept bool
}

// Step is one station of a delivery.
type Step struct {
	At     time.Time
	Title  string
	Detail string
	// Took is how long after the step before, 0 for the first.
	Took   time.Duration
	Status Status
}

// Issue is why an element of a delivery could not be processed.
type Issue struct {
	// Element counts from 0.
	Element int
	Code    string
	Reason  string
	Person  *PersonLink
}
