package ui

import (
	"cmp"
	"net/url"

	"garner/health"
)

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
	// Format is FormatSpreadsheet, "csv" or "json".
	Format string
	// Types are those with records, None the titles of the others.
	Types []ExportType
	None  []string
	// Others are the files that are of no type.
	Others []ExportFile
	// Dictionary is the address of the data dictionary, Columns that of the one for
	// programs.
	Dictionary, Columns string
	// Preview is the beginning of a file; nil if none is asked for.
	Preview *ExportPreview
	// Empty says why there is nothing to download.
	Empty *Empty
}

// FormatSpreadsheet is CSV that spreadsheets open without being asked anything.
const FormatSpreadsheet = "spreadsheet"

// ExportPreview is the beginning of a file, as it would be downloaded.
type ExportPreview struct {
	// Key and Name are those of the file.
	Key, Name string
	// Header and Rows are the cells of a CSV file, Lines those of JSON Lines.
	Header []string
	Rows   [][]string
	Lines  []string
	// Whole means that the file has no more rows.
	Whole bool
	// Bytes is about how large the file is; 0 where it is not known.
	Bytes int64
}

// about says how much of the file is shown.
func (v ExportPreview) about() string {
	n := len(v.Rows) + len(v.Lines)
	switch {
	case n == 0:
		return "The file has no rows for this choice."
	case v.Whole:
		return "The whole file: " + Plural(n, "row", "rows") + "."
	case v.Bytes > 0:
		return "The first " + Count(n) + " rows. The file has about " + Bytes(v.Bytes) + "."
	}
	return "The first " + Count(n) + " rows."
}

// exportFormats are the formats to choose from.
var exportFormats = []struct{ Key, Name, For string }{
	{FormatSpreadsheet, "Spreadsheet", "CSV that opens with a double click: UTF-8 with a byte order mark"},
	{"csv", "Data tools", "CSV for pandas, R or a database: UTF-8 without a mark"},
	{"json", "JSON Lines", "for programs: each record as sent, with its tables and series"},
}

// format is the chosen format; Spreadsheet if none is.
func (v ExportView) format() string { return cmp.Or(v.Format, FormatSpreadsheet) }

// previews are the files of which a preview can be shown.
func (v ExportView) previews() (list []ExportFile) {
	for _, t := range v.Types {
		list = append(list, t.ExportFile)
		for _, part := range t.Parts {
			part.Title = t.Title + ": " + part.Title
			list = append(list, part)
		}
	}
	return append(list, v.Others...)
}

// previewed reports whether a file is the one that the preview shows.
func (v ExportView) previewed(key string) bool { return v.Preview != nil && v.Preview.Key == key }

// everything is the address of every file.
func (v ExportView) everything() string {
	q := url.Values{"preset": {"everything"}}
	if v.Person != "" {
		q.Set("person", v.Person)
	}
	return "/export.zip?" + q.Encode()
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
