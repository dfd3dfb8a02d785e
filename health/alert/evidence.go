package alert

import "time"

// Condition is a current problem that opens an incident or keeps it open.
type Condition struct {
	Subject
	// Since is when it began: the last news before a silence.
	Since time.Time
	// Over is the end of what is reported afterwards only (WasOff); else zero.
	Over     time.Time
	Evidence Evidence
	// Muted conditions keep an incident open without reminders: they follow
	// from another, or nothing new is known about them.
	Muted bool
}

// Evidence is what was known at that moment and used.
type Evidence struct {
	// Limit was exceeded. Silence is how much of the silence counts.
	Limit   time.Duration `json:"limit,omitzero"`
	Silence time.Duration `json:"silence,omitzero"`
	// Others is when data of others came last; Own when other data of the same
	// person did.
	Others time.Time `json:"others,omitzero"`
	Own    time.Time `json:"own,omitzero"`
	// Alone means that there is nothing to compare with: no others, or no recent data
	// of theirs.
	Alone bool `json:"alone,omitzero"`
	// AnswerLost means that an answer of Garmin with newer tokens was lost.
	AnswerLost bool `json:"answer_lost,omitzero"`
	// Aside is how many deliveries with a wrong client id came within the silence
	// and are quarantined.
	Aside int64 `json:"aside,omitzero"`
	// Relapsed is the last news before the current silence, if it is not the first
	// of the incident.
	Relapsed time.Time `json:"relapsed,omitzero"`
	// Unreachable are the times within the silence in which no data could be received.
	Unreachable []Span `json:"deaf,omitzero"`
	// People and Of count: it applies to so many People of Of.
	People int   `json:"people,omitzero"`
	Of     int   `json:"of,omitzero"`
	Count  int64 `json:"count,omitzero"`
	// Bytes and Wanted are of the disk.
	Bytes  int64 `json:"bytes,omitzero"`
	Wanted int64 `json:"wanted,omitzero"`
	// Name is of the certificate, and Ends when it ends; zero if no valid one is there.
	// Of backups, Ends is when the last good one was made; zero if there is none. Of keys,
	// it is when they end; zero if unknown.
	Name string    `json:"name,omitzero"`
	Ends time.Time `json:"ends,omitzero"`
	// Usual is the usual number of a day; Count then is that of the last
	// days.
	Usual int           `json:"usual,omitzero"`
	Ahead time.Duration `json:"ahead,omitzero"`
	// Pull is what calls of the Personal API say, and Answered when Garmin last answered
	// one.
	Pull     Pull      `json:"pull,omitzero"`
	Answered time.Time `json:"answered,omitzero"`
	Detail   string    `json:"detail,omitzero"`
	// Missing are the remaining gaps as text, and MissingMore is how many more there
	// are.
	Missing     []string `json:"missing,omitzero"`
	MissingMore int      `json:"missing_more,omitzero"`
}

// Findings are what follows from the facts.
type Findings struct {
	Conditions []Condition
	// People are in the order of Facts.People.
	People []Finding
	// News is when new data last came from anyone.
	News time.Time
	// Acknowledged are the open incidents that the admin or the person has explained
	// by a pause or a withdrawn permission. They end without a notification.
	Acknowledged map[Subject]bool
}

// Finding is the state of one person.
type Finding struct {
	State State
	// Silence is how much of the silence counts, Limit what it may reach.
	Silence, Limit time.Duration
	// Types are in the order of Person.Types.
	Types []TypeFinding
}

// TypeFinding is the state of one type of a person.
type TypeFinding struct {
	State State
	Limit time.Duration
}
