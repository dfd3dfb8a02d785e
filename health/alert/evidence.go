package alert

import "time"

// Condition is something that holds now and makes, or keeps open, an incident.
type Condition struct {
	Subject
	// Since is when it began: the last news before a silence.
	Since time.Time
	// Over is the end of what is reported afterwards only (WasOff); else zero.
	Over     time.Time
	Evidence Evidence
	// Muted conditions keep an incident open and remind of nothing: they follow
	// from another, or nothing new is known of them.
	Muted bool
}

// Evidence is what is known at that moment and was weighed.
type Evidence struct {
	// Limit was passed. Silence is how much of the silence counts.
	Limit   time.Duration `json:"limit,omitzero"`
	Silence time.Duration `json:"silence,omitzero"`
	// Others is when data of others came last; Own when other data of the same
	// person did.
	Others time.Time `json:"others,omitzero"`
	Own    time.Time `json:"own,omitzero"`
	// Alone means that there is no one to compare with: no others, or nothing of
	// late of theirs.
	Alone bool `json:"alone,omitzero"`
	// Aside is how many messages with a wrong client id came within the silence
	// and are quarantined.
	Aside int64 `json:"aside,omitzero"`
	// Relapsed is the last news before the silence that goes on, where an
	// incident is not in its first.
	Relapsed time.Time `json:"relapsed,omitzero"`
	// Unreachable are the times within the silence in which nothing could be heard.
	Unreachable []Span `json:"deaf,omitzero"`
	// People and Of count: for how many of how many something is so.
	People int   `json:"people,omitzero"`
	Of     int   `json:"of,omitzero"`
	Count  int64 `json:"count,omitzero"`
	// Bytes and Wanted are of the disk.
	Bytes  int64 `json:"bytes,omitzero"`
	Wanted int64 `json:"wanted,omitzero"`
	// Usual is what a day usually brings; Count then is what the last days
	// brought.
	Usual  int           `json:"usual,omitzero"`
	Ahead  time.Duration `json:"ahead,omitzero"`
	Detail string        `json:"detail,omitzero"`
	// Missing are the gaps that remain, in words, and MissingMore how many
	// further ones there are.
	Missing     []string `json:"missing,omitzero"`
	MissingMore int      `json:"missing_more,omitzero"`
}

// Findings are what follows from the facts.
type Findings struct {
	Conditions []Condition
	// People are in the order of Facts.People.
	People []Finding
	// News is when anything new came for anyone.
	News time.Time
	// Acknowledged are the open incidents to which the admin or the person gave the
	// answer: a pause, a withdrawn permission. They end without a word.
	Acknowledged map[Subject]bool
}

// Finding is how one person is doing.
type Finding struct {
	State State
	// Silence is how much of the silence counts, Limit what it may reach.
	Silence, Limit time.Duration
	// Types are in the order of Person.Types.
	Types []TypeFinding
}

// TypeFinding is how one type of a person is doing.
type TypeFinding struct {
	State State
	Limit time.Duration
}
