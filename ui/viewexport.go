package ui

import "garner/health"

// ExportView is the form of what to download.
type ExportView struct {
	// People are those to choose from. Person is the slug of the chosen one, empty
	// for all; Name is their name in a sentence.
	People       []PersonLink
	Person, Name string
	// From and To are the range as typed, ISO dates; empty is open.
	From, To string
	Ranges   []ExportRange
	// Problem is what is wrong with what was sent; BadDates says that it is the
	// range.
	Problem  string
	BadDates bool
	// JSON means that JSON Lines are chosen instead of CSV.
	JSON bool
	// Types are those with records, None the titles of the others.
	Types []ExportType
	None  []string
	// Others are the files that are of no type.
	Others []ExportFile
	// Dictionary is the address of the data dictionary.
	Dictionary string
	// Empty says why there is nothing to download.
	Empty *Empty
}

// ExportRange is a range of days at one press; On where it is the one shown.
type ExportRange struct {
	Key, Text string
	On        bool
}

// ExportFile is one file to choose.
type ExportFile struct {
	// Key is its name in the form.
	Key, Title string
	// Unit is that of a series.
	Unit string
	// Holds says what a row of it is.
	Holds   string
	Checked bool
}

// ExportType is a type's records, with its tables and series.
type ExportType struct {
	ExportFile
	// About counts its tables and series.
	About          string
	Records        int
	Oldest, Newest health.Day
	Parts          []ExportFile
}

// open reports whether a table or series is chosen otherwise than its type, so that
// the list shows it.
func (t ExportType) open() bool {
	for _, part := range t.Parts {
		if part.Checked != t.Checked {
			return true
		}
	}
	return false
}

// extent says how many records there are, and of which days.
func (t ExportType) extent() string {
	return Plural(t.Records, "record", "records") + " since " + Date(t.Oldest) + ", newest " + Date(t.Newest)
}
