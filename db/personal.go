package db

import (
	"log/slog"
	"strings"
	"time"

	"garner/health"
)

// personalPrefix begins the user ids that Garner gives to people with a key for the
// Personal API, since Garmin's answers name none.
const personalPrefix = "personal-"

// IsPersonalID reports whether a user id is one that Garner gave.
func IsPersonalID(userID string) bool { return strings.HasPrefix(userID, personalPrefix) }

// KeyState is the state of a person's key for the Personal API.
type KeyState uint8

// The states. A refused key is not used again: the person needs a new one.
const (
	KeyInUse KeyState = iota
	KeyRefused
	KeyRemoved
)

// PersonalKey is what is known of a person's key, without the key.
type PersonalKey struct {
	Person int64
	// UserID is what Garner calls the person in deliveries.
	UserID string
	State  KeyState
	// Generation grows with each key of the person.
	Generation int64
	// Since is when the person's first key was stored, Stored when this one was.
	Since, Stored time.Time
	// Ends is the key's last day as the person said; 0 if unknown.
	Ends health.Day
	// Refused is when Garmin refused the key, and Fault what it said.
	Refused time.Time
	Fault   string
	// FirstDay is the first day of the account, 0 if unknown.
	FirstDay health.Day
	// Zone is the person's time zone as Garmin has it, an IANA name; empty if unknown.
	Zone string
	// BearerEnds is zero while there is no bearer.
	BearerEnds time.Time
	// Resume is before when no call is made, since Garmin said so; zero for none.
	Resume time.Time
}

// KeySecrets are a person's key and the bearer that Garmin gave for it.
type KeySecrets struct {
	Key, Bearer string
	BearerEnds  time.Time
}

// String hides the secrets.
func (s KeySecrets) String() string { return "***" }

// GoString hides the secrets.
func (s KeySecrets) GoString() string { return "***" }

// LogValue hides the secrets.
func (s KeySecrets) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON hides the secrets.
func (s KeySecrets) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

// PulledState is what the Personal API last answered for an item.
type PulledState uint8

// The states. The middle three are those of personal.Outcome.
const (
	PullToAsk PulledState = iota
	PullNothing
	PullPlaceholder
	PullData
	PullFailed
)

// Pulled is the newest answer for an item: a day or an activity.
type Pulled struct {
	Person   int64
	Endpoint string
	// Item is a day since 1970-01-01, an activity's id, or 0, as the endpoint asks.
	Item  int64
	Day   health.Day
	State PulledState
	// Asked is the newest call that was answered; zero for none.
	Asked time.Time
	// Tries counts failed calls in a row.
	Tries int
	// Due is before when it is not asked again.
	Due time.Time
	// Final means that the answer will not change any more.
	Final bool
	// Answer is a hash of the newest answer and its path, 0 for none. Kept is when that
	// answer was stored: one that equals it is not stored again.
	Answer int64
	Kept   time.Time
}

// PullCall is one call of the Personal API. It is written down before it is made.
type PullCall struct {
	ID, Person int64
	Endpoint   string
	// Item is the first day, an activity's id, or 0; Days is how many days from it on.
	Item int64
	Days int
	// Ended is zero while the call runs, or if its answer was lost.
	Began, Ended time.Time
	// Status is the HTTP status, 0 if no answer came.
	Status   int
	State    PulledState
	Bytes    int64
	Delivery int64
	Fault    string
}
