package simulator

import (
	"encoding/binary"
	"encoding/hex"
	"time"
)

// Person is a person who does not exist, and whose watch pushes all the same.
type Person struct {
	// Index is the person's place in World.People.
	Index int
	Name  string
	// UserID is Garmin's API user id, 32 hex digits.
	UserID string
	// Token is the userAccessToken of the OAuth 1 era, empty for most.
	Token string
	// Zone is where the person lives; on trips the watch shows another one.
	Zone *time.Location
	// Imperial is true for a person who thinks in miles and pounds.
	Imperial bool
	// Devices are the models in use, the one worn all day first.
	Devices []string

	traits
	habits
	story
}

// traits are what a body is like.
type traits struct {
	age                 int
	height              float64 // m
	weight              float64 // kg
	rest, peak          float64 // bpm
	hrv                 float64 // ms
	breaths             float64 // per minute, asleep
	vo2                 float64 // mL/kg/min
	tension             float64 // level of stress on a quiet afternoon
	oximeter, skin      bool    // what the watch can measure
	pressure, menstrual bool    // what the person keeps records of
}

// habits are what a usual week is like.
type habits struct {
	bed, wake   int     // minutes from midnight
	bounce      float64 // how restless the day is: 1 is usual
	week        []habit
	nightsOff   float64 // share of nights without the watch
	nightless   bool    // never wears the watch at night, and enters no nights
	splits      float64 // share of nights in two parts
	hoursOff    float64 // share of days with hours without the watch
	scale       bool    // owns a scale that sends body composition
	manualEntry float64 // share of days with a workout typed in by hand
}

// story is what happens to a person once.
type story struct {
	trips     []trip
	ill       []dates
	unsynced  []dates // days without the phone: everything comes afterwards
	unworn    []dates // days on which the watch lay at home
	withdrawn []dates // days without the permission for activities
	entered   []dates // nights without the watch, entered by hand
	races     []dates // days with a triathlon
}

// identify returns the person the ids that Garmin would have given.
func (w *World) identify(p *Person, token bool) {
	r := w.stream(p.Index, forPerson, -1)
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	p.UserID = hex.EncodeToString(id[:])
	binary.BigEndian.PutUint64(id[:8], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	if token {
		s := hex.EncodeToString(id[:])
		p.Token = s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
	}
}
