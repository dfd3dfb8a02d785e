package ui

import (
	"time"

	"garner/health"
)

// CoverageView answers: what is missing, ever?
type CoverageView struct {
	Sentence string
	Status   Status
	Detail   string
	// People are one page of the household.
	People []CoverageRow
	// Gaps are the longest ones first, as far as GapsTotal tells not all.
	Gaps      []GapRow
	GapsTotal int
	// Person (a slug), Type (a key) and OnlyGaps are the filters in force.
	Person, Type string
	OnlyGaps     bool
	// AllPeople and Types are what can be chosen.
	AllPeople []PersonLink
	Types     []SyncType
	// Total counts everyone. Prev and Next are addresses of other pages of
	// people, MoreGaps of the next page of gaps, empty for none.
	Total      int
	Prev, Next string
	MoreGaps   string
}

// CoverageRow is one person of the household.
type CoverageRow struct {
	Person PersonLink
	// Days28 and Days365 count expected pairs of day and type.
	Days28, Days365 health.Share
	// Longest is the longest gap in days, LongestOf its type's title.
	Longest   int
	LongestOf string
	// Open counts the gaps that nothing has filled yet.
	Open int
}

// GapRow is some days on end on which something was expected and did not come,
// or came in part, or could not be processed.
type GapRow struct {
	Person PersonLink
	Type   SyncType
	// From and To are both within the gap.
	From, To health.Day
	Kind     health.Absence
	// Why says more than the kind does, optional: "the permission was off".
	Why string
	// Help is what can be done about it, as a sentence; Link where.
	Help string
	Link *Link
	// Ask leads to the request that can be made for it, or to why none can.
	Ask *Link
	// Pull is where the Personal API is asked for it, by a form; empty if it cannot be.
	Pull string
	// Open means that it reaches up to today.
	Open bool
}

// Days is how long the gap is.
func (g GapRow) Days() int { return int(g.To-g.From) + 1 }

// PersonCoverageView is one person's calendar of a year.
type PersonCoverageView struct {
	Person   PersonLink
	Sentence string
	Status   Status
	Year     int
	// Years are all years with anything expected, oldest first.
	Years []CoverageYear
	// Rows are the types; each has one entry for each day of the year.
	Rows []CoverageTypeRow
	// Month is shown as a table below the year; 0 for none.
	Month time.Month
	// Today ends what is shown in links; days after it lead nowhere.
	Today health.Day
	Gaps  []GapRow
	Empty *Empty
}

// CoverageYear is a year to go to.
type CoverageYear struct {
	Year  int
	Share health.Share
}

// CoverageTypeRow is one type through a year.
type CoverageTypeRow struct {
	Type  SyncType
	Share health.Share
	// Days begin with 1 January of the year.
	Days []CoverageDay
}

// CoverageDay is one type on one day. Share is how much of a partial day came.
type CoverageDay struct {
	State health.DayState
	Share float64
}
