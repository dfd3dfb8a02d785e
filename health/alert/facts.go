package alert

import "time"

// Rules are the global settings.
type Rules struct {
	// SilentAfter is the silence after which an incident opens.
	SilentAfter time.Duration
	// Grace follows each time in which no data could be received, and a problem must
	// be gone this long before its incident ends.
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
	// Usual was learned from the arrivals of all people.
	Usual Rhythm
	// Stopped are the spans in which the type was missing for all people.
	Stopped []Span
	// Volume counts what came on each of the last days, oldest first; the last
	// is the newest complete UTC day.
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
	// Running is the time in which Garner ran, reachable or not.
	Running *ObservableTime
	// Silences are the spans in which no data arrived at all.
	Silences []Span
	// Usual was learned from the arrivals of all people together.
	Usual  Rhythm
	Types  []Type
	People []Person
	// Paused means that all alerts are paused.
	Paused bool
	// Open are the open incidents. Each lasts until its end is certain.
	Open   map[Subject]Incident
	Inside Inside
	// Arrivals returns the unix hours, rising, in which new data of a person came
	// since an instant. It is called for few people.
	Arrivals func(person int64, since time.Time) []int64
}

// Person is what is known of one person.
type Person struct {
	ID   int64
	Name string
	// Since is when the person was added.
	Since time.Time
	// News is when the newest data came: the arrival that brought samples
	// newer than any before. Zero if no data ever came.
	News time.Time
	// Reach is the time up to which the person's data reaches. What Garmin delivers
	// late means nothing for later times.
	Reach time.Time
	// Parked is when an element of theirs that could not be processed came last: no
	// data, but it shows that the person syncs.
	Parked time.Time
	// Limit is the person's own; 0 for the default.
	Limit time.Duration
	Usual Rhythm
	// Pauses are those that touch the last weeks.
	Pauses []Span
	// Left is when the person ended the connection, as far as is known. Rejoined is
	// when they connected again; zero if they did not, or if only the permissions
	// tell.
	Left, Rejoined time.Time
	// Refused means that Garmin refuses the tokens of the person, who must consent anew;
	// AnswerLost, that its answer with newer tokens was lost.
	Refused, AnswerLost bool
	// Granted are the permissions that Garmin named last, Former those that it
	// named before; nil if it never did. Changed is when it named the last.
	Granted, Former []string
	Changed         time.Time
	// Key is the person's for the Personal API; nil without one. Pushed means that
	// Garmin sends data of the person, too.
	Key    *Key
	Pushed bool
	// Given are all permissions that Garmin ever confirmed; nil if it never did.
	Given []string
	Types []PersonType
}

// PersonType is one type of one person.
type PersonType struct {
	Type int // index in Facts.Types
	News time.Time
	// Reach is how far its newest data reach.
	Reach time.Time
	// Parked is when an element that could not be processed came last.
	Parked time.Time
	Limit  time.Duration // its own; 0 for the person's or the default
	Usual  Rhythm
	// Off means that the admin marked the type as not applicable; Never, that no way in
	// that the person has brings it.
	Off    bool
	Never  bool
	Pauses []Span
}

// unsupported reports whether the type is not expected from the person at all.
func (p *PersonType) unsupported() bool { return p.Off || p.Never }

// Inside is the state of Garner itself.
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
	// DiskFree and DiskWanted are bytes; below DiskWanted the disk is low.
	// DiskFree is negative if it could not be read.
	DiskFree, DiskWanted int64
	// LogLongSince is since when the log of a database is longer than it should be,
	// zero if none is; LogFile and LogBytes are of the longest.
	LogLongSince time.Time
	LogFile      string
	LogBytes     int64
	// MailSince is since when notifications cannot be delivered; MailError is what
	// the server answered.
	MailSince time.Time
	MailError string
	// ClockAhead is how far this machine's clock is ahead of others' (negative:
	// behind), if it is certainly wrong.
	// ClockUnchecked says that nothing compared it recently, though something
	// should.
	ClockAhead     time.Duration
	ClockUnchecked bool
	// Unprobed means that no public address is configured.
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
	// Certificates are the TLS certificates of this server; none without HTTPS.
	Certificates []Certificate
	Backups      Backups
	// Off are the times of at least OffNotice in which Garner did not run, of
	// the last OffSince.
	Off []Span
}
