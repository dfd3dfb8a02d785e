package ui

import (
	"time"

	"garner/health"
	"garner/ui/chart"
)

// SyncType is one of Garmin's types: its key in addresses, its title in
// sentences and lists, and a short title for the head of a narrow column.
type SyncType struct{ Key, Title, Short string }

// Said is what a page says about the change that was just made: a notice such
// as "Paused until Tue 1 Dec.", or what went wrong. Both may be empty.
type Said struct{ Notice, Error string }

// Diagnosis is what is known, what follows from it, and what to do, each in
// whole sentences.
type Diagnosis struct {
	Known, Follows []string
	Next           string
	Fix            *Link
}

// SyncView answers: is data arriving, and if not, whose side is it on?
type SyncView struct {
	Summary
	// Lamps are the chain in its order: Garmin to Garner, Garner to stored,
	// stored to you.
	Lamps   []Lamp
	Volumes []Volume
	// Types are the columns of the matrix, Rows its people: one page of them.
	Types []SyncType
	Rows  []SyncRow
	// Query, Sorting and Troubled are the filters in force.
	Query    string
	Sorting  Sorting
	Troubled bool
	// Total counts everyone, Matching those that the filters leave, First is
	// the place of the first row among these, from 1.
	Total, Matching, First int
	// Prev and Next are addresses of other pages, empty for none.
	Prev, Next string
}

// Lamp is one link of the chain.
type Lamp struct {
	From, To string
	Status   Status
	// Line says in a few words how it is; Detail and Link are optional.
	Line   string
	Detail string
	Link   *Link
}

// Volume is what came of one type for everyone, by days.
type Volume struct {
	Type SyncType
	// Words is the finding: "about 9 a day, as usual".
	Words  string
	Status Status
	Days   []VolumeDay // oldest first, 28 of them
}

// VolumeDay is one day's count. State is Present where the day was heard
// throughout, so that 0 is a measured 0; Awaited for today, and NotExpected
// or Missing where Garner was off or had not begun.
type VolumeDay struct {
	Day   health.Day
	Count int
	State chart.Absence
}

// SyncRow is one person of the matrix.
type SyncRow struct {
	Person PersonLink
	State  SyncState
	// Received is when the newest data came, zero if none ever did.
	Received time.Time
	// Note is optional: "paused until Tue 1 Dec".
	Note string
	// Share is how much of what was expected on the last 14 days came.
	Share health.Share
	// Cells are in the order of SyncView.Types.
	Cells []SyncCell
}

// SyncCell is one type of one person.
type SyncCell struct {
	State    SyncState
	Received time.Time
	Note     string
}

// Clocks are three instants that are easily taken for each other. Each may be
// zero.
type Clocks struct {
	// Sampled is the newest instant that any sample or record reaches, in the
	// offset of its record; Received when the delivery with it came; Processed
	// when it had been read.
	Sampled, Received, Processed time.Time
	// Delivery is the id of that delivery, 0 for none.
	Delivery int64
}

// PersonSyncView is how one person's data arrive.
type PersonSyncView struct {
	Said
	Person    PersonLink
	State     SyncState
	Sentence  string
	Diagnosis Diagnosis
	Clocks    Clocks
	// Facts are about the connection: linked since, what was granted, notices.
	Facts []SyncFact
	Pairs []SyncTypeRow
	// Incidents are those of this person, newest first.
	Incidents []IncidentRow
	Limit     LimitForm
	Pause     PauseForm
	// Paused are the pauses in force or to come that concern this person.
	Paused []PauseRow
}

// SyncFact is something known about a connection. At may be zero.
type SyncFact struct {
	Term, Text string
	At         time.Time
	Status     Status
}

// SyncTypeRow is one type in the list of a person's types.
type SyncTypeRow struct {
	Type     SyncType
	State    SyncState
	Received time.Time
	// Usual, Next and Limit are words: "usually by 08:30", "today by 08:30",
	// "48 h". Each may be empty.
	Usual, Next, Limit string
}

// TypeSyncView is how one type of one person arrives.
type TypeSyncView struct {
	Said
	Person    PersonLink
	Type      SyncType
	State     SyncState
	Sentence  string
	Diagnosis Diagnosis
	// Strip is the arrival of the last 90 days, oldest first; Arrived counts
	// the days with something, in words: "81 of 90 days".
	Strip   []chart.DayMark
	Arrived string
	Clocks  Clocks
	// Usual and Next are words: "by 08:30 on most days", "today by 08:30".
	Usual, Next string
	// LimitIs is "36 h"; LimitHow says how it came about.
	LimitIs, LimitHow string
	Incidents         []IncidentRow
	Limit             LimitForm
	Pause             PauseForm
	Paused            []PauseRow
	// NotApplicable means that someone called the type not applicable.
	NotApplicable bool
}

// LimitForm is "tell me when nothing arrives for longer than …", in hours.
type LimitForm struct {
	// Hours as typed; empty for the default. Default is what holds then:
	// "48 h, as for everyone".
	Hours, Default string
	Error          string
}
