package ui

import (
	"time"

	"garner/query"
)

// PeopleView lists people and their accounts, and adds a person.
type PeopleView struct {
	People []PersonRow
	// Accounts are those without a person.
	Accounts []query.AccountInfo
	Form     PersonForm
	// Notice is the result of the last change: "Mira was added."
	Notice string
}

// PersonRow is one person of the list.
type PersonRow struct {
	Person PersonLink
	Units  Units
	// GarminUserID is the short form of the id, empty until linked.
	GarminUserID string
	Since        time.Time
	Status       Status
	StatusText   string
	Connection   query.ConnectionDetail
	// Account is the person's; nil for none.
	Account *query.AccountInfo
}

// PersonForm is the form to add a person, with what was typed kept.
type PersonForm struct {
	Name         string
	GarminUserID string
	// NameError and IDError stand at their fields, Error above the form.
	NameError, IDError, Error string
}

// ErrorView is said when something went wrong.
type ErrorView struct {
	Status int
	// What happened, and what was not lost by it.
	What, Kept string
	Next       *Link
	// ID is to be quoted; it stands in the log too. Empty for none.
	ID string
}
