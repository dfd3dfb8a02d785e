package ui

import (
	"time"

	"garner/health/history"
	"garner/query"
)

// BackfillView answers for one person: how far back are we, and what did Garmin
// answer?
type BackfillView struct {
	Said
	Person PersonLink
	Summary
	// Progress is nil if nothing was asked for.
	Progress *BackfillProgress
	// Announce is for screen readers. It changes rarely.
	Announce string
	// Grid has the windows of a year; nil if there are none.
	Grid *BackfillGrid
	// Form is nil where nothing can be asked for: Cannot then says why.
	Form   *BackfillForm
	Cannot *Empty
	// Cancel is how many windows are planned.
	Cancel int
	Report BackfillReport
}

// BackfillProgress counts the windows of the newest connection.
type BackfillProgress struct {
	Total, Answered, Arrived int
	// Accepted are those whose data has not come yet.
	Accepted int
	// Then says when the next is asked for; empty if none is planned.
	Then string
}

// BackfillGrid is a year of windows by type.
type BackfillGrid struct {
	Year int
	// Years are all that have windows, newest first.
	Years []int
	// Months are those of the year that have windows, newest first.
	Months []time.Month
	Rows   []BackfillRow
}

// BackfillRow is one type in the months of a grid.
type BackfillRow struct {
	Type SyncType
	// Note says why the type cannot be asked for, or from when; empty for neither.
	Note  string
	Cells [][]BackfillMark
}

// BackfillMark is what became of the windows that touch a month.
type BackfillMark struct {
	Outcome     history.Outcome
	Word, Title string
}

// BackfillReport lists what was asked, newest first.
type BackfillReport struct {
	Lines []BackfillLine
	// Total counts all; Type is the one that is shown, with an empty key for all.
	Total      int
	Type       SyncType
	Prev, Next string
}

// BackfillLine is one request.
type BackfillLine struct {
	query.BackfillWindow
	Type        SyncType
	Range, Word string
}

// BackfillForm chooses what to ask for, as typed.
type BackfillForm struct {
	Action string
	// Types can be chosen. Chosen are keys, none for all.
	Types              []SyncType
	Chosen             []string
	From, To           string
	FromError, ToError string
	TypeError          string
}

// Wrong reports whether there is a fault in it.
func (f *BackfillForm) Wrong() bool { return f.FromError+f.ToError+f.TypeError != "" }

// chosen is the one type that is chosen; empty for all or several.
func (f *BackfillForm) chosen() string {
	if len(f.Chosen) == 1 {
		return f.Chosen[0]
	}
	return ""
}

// BackfillPlanView shows what would be asked for, before it is.
type BackfillPlanView struct {
	Person   PersonLink
	Status   Status
	Sentence string
	Form     BackfillForm
	// Cannot says why nothing of the person can be asked for; nil if something can.
	Cannot *Empty
	// Windows can be asked for, Rest cannot; both newest first.
	Windows, Rest []BackfillPart
	// Requests is how many windows there are.
	Requests int
}

// BackfillPart is a range that is the same for some types.
type BackfillPart struct {
	Range string
	Days  int
	Types []string // titles
	All   bool     // all types that were planned for, of several
	Why   string
}

// BackfillPeopleView answers how far the history of people is.
type BackfillPeopleView struct {
	Summary
	Rows       []BackfillPersonRow
	Prev, Next string
}

// BackfillPersonRow is one person.
type BackfillPersonRow struct {
	query.BackfillPerson
	Person               PersonLink
	Connection, Historic string
	Then                 string
}
