package ui

import (
	"time"

	"garner/query"
)

// State is where a delivery is on its way.
type State query.DeliveryState

// The states. A delivery is parked, orphaned … while any element of it is.
const (
	Waiting     = State(query.DeliveryWaiting)
	Fetching    = State(query.DeliveryFetching)
	Done        = State(query.DeliveryDone)
	Parked      = State(query.DeliveryParked)
	Quarantined = State(query.DeliveryQuarantined)
	Orphaned    = State(query.DeliveryOrphaned)
	Aside       = State(query.DeliveryAside)
)

// InboxView answers: what did Garmin send, and what went wrong?
type InboxView struct {
	Sentence string
	Status   Status
	// State and Type are the filters in force, empty for all.
	State State
	Type  string
	Types []string
	// Titles are the names of types for people.
	Titles map[string]string
	Tabs   []StateTab
	// Failures are deliveries that failed in the same way, so that one click
	// processes all of them again.
	Failures []query.Failure
	Unknown  []UnknownPerson
	Rows     []DeliveryRow
	// Older and Newest are the addresses of other pages, empty for none.
	Older, Newest string
	Empty         *Empty
}

// StateTab is a state with its count.
type StateTab struct {
	State State
	Count int
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
	Elements int
	Bytes    int64
	// More counts the deliveries of the same minute, type and person that are folded into the
	// row, and List leads to all of them; 0 for none.
	More int
	List string
	// Reason is the first reason of a delivery that is not done.
	Reason string
	// For names those whose data it has, as far as a list knows.
	For string
}

// DeliveryView is one delivery and what became of it.
type DeliveryView struct {
	DeliveryRow
	// People are the linked people whose elements it has.
	People []PersonLink
	Source string
	// Asked is the path that an answer of the Personal API answers; empty for others.
	Asked string
	Hash  string
	// Sender is the result of checking who sent it, in words.
	Sender string
	Steps  []Step
	Issues []Issue
	// Payload is pretty JSON, cut where Truncated. Withheld says why it is
	// not shown, or no longer kept.
	Payload   string
	Truncated bool
	Withheld  string
	// Actions are the buttons that make sense in this state.
	Actions []query.DeliveryAction
}

// Step is one thing that happened to a delivery or in an incident.
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
	State   State
	Reason  string
}
