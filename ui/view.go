// Package ui shows pages. A page is a view model, plain values that a handler
// fills, and a templ component that renders it; nothing here reads a database
// or a clock.
//
// Every time.Time is shown in its own location: handlers give instants the
// offset of the record that they come from.
package ui

import (
	"time"

	"garner/health"
)

// Page is what every page needs besides its own view.
type Page struct {
	Title  string
	Active Nav
	// Damaged reports, once the page has been read, whether damaged data are left out of
	// pages; nil for no.
	Damaged func() bool
	// ReadOnly says that garner.db is damaged, so that nothing can be changed.
	ReadOnly bool
	// Demo shows the banner; DemoProgress is its second half, such as
	// "412 of 730 days sent", empty when all is there.
	Demo         bool
	DemoProgress string
	// DemoLoads says that the demo has not loaded all of its past yet.
	DemoLoads bool
	// People are those that the reader may look at, none if there are more than
	// MenuPeople; PeopleTotal counts them. Person is the one whose page this is, nil on
	// pages about the whole household.
	People      []PersonLink
	PeopleTotal int
	Person      *PersonLink
	// Values is the person whose values the navigation leads to, nil if the reader may
	// not read any.
	Values *PersonLink
	// Cycle means that Values has switched on the page about their cycle, and that the
	// reader may read it.
	Cycle bool
	// Account is who is signed in, nil where no sign-in is needed.
	Account *AccountLink
	// Operates means that the reader runs the installation: they see what is about
	// all of it. Changes means that they may change how Person is watched.
	Operates, Changes bool
	// SignedOut leaves the navigation out: no one is signed in.
	SignedOut bool
	// PlainHTTP means that the page came in clear text over a network.
	PlainHTTP bool
	// Theme is light or dark, empty to follow the system.
	Theme string
	// KeysOff means that single-key shortcuts are switched off.
	KeysOff bool
	// Path is the page's own address, to come back to after a form.
	Path string
	// Preferences are the reader's. Now is on the clock of their zone.
	Preferences
	Now     time.Time
	Version string
	// Trouble counts deliveries that need someone; it shows at Inbox.
	Trouble int
	// OpenIncidents counts incidents that are open; it shows at Alerts.
	OpenIncidents int
	// Plots means that the page has figures with data-samples, Map that it has a map:
	// each loads its library and script.
	Plots, Map bool
	// Preload is an address that their scripts read; empty for none.
	Preload string
	// Tiles are what a map shows below the track.
	Tiles Tiles
}

// Nav is an entry of the navigation.
type Nav string

// The entries.
const (
	NavHome       Nav = "home"
	NavDay        Nav = "day"
	NavSleep      Nav = "sleep"
	NavHeart      Nav = "heart"
	NavStress     Nav = "stress"
	NavTrends     Nav = "trends"
	NavCalendar   Nav = "calendar"
	NavActivities Nav = "activities"
	NavBody       Nav = "body"
	NavBreathing  Nav = "breathing"
	NavSnapshots  Nav = "snapshots"
	NavCycle      Nav = "womens-health"
	NavSync       Nav = "sync"
	NavAlerts     Nav = "alerts"
	NavData       Nav = "data"
	NavCoverage   Nav = "coverage"
	NavBackfill   Nav = "backfill"
	NavInbox      Nav = "inbox"
	NavPeople     Nav = "people"
	NavExport     Nav = "export"
	NavSettings   Nav = "settings"
	NavHelp       Nav = "help"
)

// AccountLink names an account. Admin is its role.
type AccountLink struct {
	Name  string
	Admin bool
}

// PersonLink names a person and where their pages are.
type PersonLink struct{ Name, Slug string }

// Link is a named address on this box.
type Link struct{ Text, URL string }

// Value is a number with its unit as Garmin sends it, or nothing.
type Value struct {
	V        float64
	OK       bool
	Unit     health.Unit
	Decimals int
	// Text is shown instead of the number, for words such as a status.
	Text string
	// Height means that the length is an ascent or an elevation, which is read
	// in metres or feet however great it is.
	Height bool
	// Pool means that the length is swum in a pool: it is read in metres or yards.
	Pool bool
	// Delta means that the number is a difference: -0.5 °C is -0.9 °F.
	Delta bool
}

// Val is a value that is there.
func Val(v float64, unit health.Unit, decimals int) Value {
	return Value{V: v, OK: true, Unit: unit, Decimals: decimals}
}

// Word is a value that is a word.
func Word(text string) Value { return Value{Text: text, OK: text != ""} }

// Status is how something is doing; each has a shape, a colour and a word.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Late    Status = "late"
	Down    Status = "down"
	NoData  Status = "none"
	Running Status = "running"
)

var statusSymbols = map[Status]string{OK: "●", Late: "◐", Down: "▲", NoData: "○", Running: "▶"}

// Symbol is the shape that goes with the colour.
func (s Status) Symbol() string { return statusSymbols[s] }
