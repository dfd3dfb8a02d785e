package ui

import (
	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// DataIndexView lists the types that are kept of a person.
type DataIndexView struct {
	Person PersonLink
	Types  []TypeRow
}

// TypeRow is one type of Garmin's.
type TypeRow struct {
	query.TypeExtent
	// About says in a few words what it holds.
	About string
	// Why says why there are no records.
	Why chart.Absence
}

// DataTableView is one type's records as a table.
type DataTableView struct {
	Person     PersonLink
	Units      Units
	Key, Title string
	// About says in a few words what a record holds.
	About string
	// From and To are the range as typed, ISO dates; Error what is wrong with
	// them.
	From, To string
	Error    string
	Columns  []Column
	Rows     []DataRow
	// All means that all columns are shown, else Left are not; Others is the address
	// with the others, or without.
	All    bool
	Left   int
	Others string
	// Next is the address of the next page, empty on the last.
	Next      string
	CSV, JSON string
	// Tables lead to the downloads of the tables and series inside the records.
	Tables []Link
	// Export is the address of the Export page for the same range.
	Export string
	Empty  *Empty
	Device string
	// Origins are how the records came in.
	Origins health.Origins
}

// Column is one column of a table.
type Column struct {
	Label string
	// Help is where the dictionary explains it, empty for nowhere.
	Help string
	Unit health.Unit
	// Text columns align to the start.
	Text bool
}

// DataRow is one record.
type DataRow struct {
	Cells []Value
	// Delivery is the id of the delivery that the record came with.
	Delivery  int64
	Tentative bool
	// Simulated and Merged are explained at health.Origin and health.Version.
	Simulated, Merged bool
	// Day leads to the day's page where the record has one.
	Day health.Day
}
