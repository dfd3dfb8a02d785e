package alert

import "time"

// Rules are what is configured for the whole box.
type Rules struct {
	// SilentAfter is the silence after which someone is spoken of.
	SilentAfter time.Duration
	// Grace follows each time in which nothing could be heard, and a trouble's
	// end must last this long before it is called over.
	Grace time.Duration
}

// Type is what the rules need to know of one of Garmin's types.
type Type struct {
	Key, Title string
	// Permission is what the person must have granted.
	Permission string
	// Rhythmic types are expected daily or more often; others come as they
	// come.
	Rhythmic bool
	// Usual was learned from everyone's arrivals.
	Usual Rhythm
	// Stopped are the spans in which the type was missing for everyone.
	Stopped []Span
	// Volume counts what came on each of the last days, oldest first; the last
	// is the newest whole UTC day.
	Volume []int
}

// Facts are everything that is known at one instant.
type Facts struct {
	Now time.Time
	// Until is the instant up to which everything received was processed: the
	// arrival of the oldest delivery that waits, or Now.
	Until          time.Time
	Rules          Rules
	ObservableTime *ObservableTime
	// Running is the time in which Garner ran, whether or not it could hear.
	Running *ObservableTime
	// Silences are the spans in which nothing arrived for anyone.
	Silences []Span
	// Usual was learned from the arrivals of everyone together.
	Usual  Rhythm
	Types  []Type
	People []Person
	// Paused means that the whole box is paused.
	Paused bool
	// Open are the open incidents. Each lasts until its end is proved.
	Open   map[Subject]Incident
	Inside Inside
	// Arrivals gives the unix hours, rising, in which something new came of a
	// person since an instant. It is asked of few.
	Arrivals func(person int64, since time.Time) []int64
}

// Person is what is known of one person.
type Person struct {
	ID   int64
	Name string
	// Since is when the person was added.
	Since time.Time
	// News is when the newest data came: the arrival that brought samples
	// newer than any before. Zero where nothing ever came.
	News time.Time
	// Reach is how far into the person's life the newest data reach. What
	// Garmin delivers late says nothing about later.
	Reach time.Time
	// Parked is when something of theirs came last that could not be
	// processed: no data, but a sign of life.
	Parked time.Time
	// Limit is the person's own; 0 for the box's.
	Limit time.Duration
	Usual Rhythm
	// Pauses are those that touch the last weeks.
	Pauses []Span
	// Left is when Garmin said that the person ended the connection.
	Left time.Time
	// Granted are the permissions that Garmin named last, Former those that it
	// named before; nil if it never did. Changed is when it named the last.
	Granted, Former []string
	Changed         time.Time
	Types           []PersonType
}

// PersonType is one type of one person.
type PersonType struct {
	Type int // place in Facts.Types
	News time.Time
	// Reach is how far its newest data reach.
	Reach time.Time
	// Parked is when something of it came last that could not be processed.
	Parked time.Time
	Limit  time.Duration // its own; 0 for the person's or the box's
	Usual  Rhythm
	// Off means that the admin called the type not applicable.
	Off    bool
	Pauses []Span
}

// Inside is what is known of Garner's own doing.
type Inside struct {
	// OldestWaiting is when the oldest delivery that waits arrived; zero for
	// none. Waiting counts them.
	OldestWaiting time.Time
	Waiting       int64
	Parked        int64
	ParkedSince   time.Time
	Quarantined   int64
	// QuarantinedAt is when the newest of them came.
	QuarantinedAt time.Time
	// DiskFree and DiskWanted are bytes; DiskWanted is where trouble begins.
	// DiskFree is negative where it could not be read.
	DiskFree, DiskWanted int64
	// MailSince is since when notices cannot be handed over; MailError is what
	// the other side said.
	MailSince time.Time
	MailError string
	// ClockAhead is how far this machine's clock is ahead of others' (negative:
	// behind), as far as it is wrong beyond doubt.
	// ClockUnchecked says that nothing compared it recently, though something
	// should.
	ClockAhead     time.Duration
	ClockUnchecked bool
	// Unprobed means that there is no public address to be reached at.
	Unprobed bool
	// UnreachableSince is since when the public address did not answer and no
	// contact came from outside.
	UnreachableSince time.Time
	UnreachableError string
	// FilesReplaced is when databases were found that do not belong together,
	// and what is missing; DamagedSince is since when stored data are known to
	// be damaged, how many, and the newest of them. Zero for never.
	FilesReplaced       time.Time
	FilesReplacedDetail string
	DamagedSince        time.Time
	DamagedCount        int64
	DamagedDetail       string
	// Off are the times of at least OffNotice in which Garner did not run, of
	// the last OffSince.
	Off []Span
}
