package ui

import (
	"slices"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// HomeView answers: is everyone fine, and is everything arriving?
type HomeView struct {
	Summary
	Cards []PersonCard
	// Query is what the table was searched for. Total counts people before
	// the search; from CompactAbove people on, cards give way to a table.
	Query string
	Total int
	// Sorting is how the table is sorted.
	Sorting Sorting
	// Next is the address of the next page of people, empty on the last.
	Next string
	// SetUp is offered if it is not nil.
	SetUp *query.SetUp
}

// CompactAbove is the number of people up to which each has a card.
const CompactAbove = query.MostCards

// PersonCard is one person on Home.
type PersonCard struct {
	Person PersonLink
	Units  Units
	Status Status
	// DataUpTo is the last instant that any record reaches, Received when the
	// newest delivery came. Zero if nothing ever came.
	DataUpTo, Received time.Time
	// Simulated means that Garmin's Data Generator made up some of what is shown.
	Simulated bool
	// Private means that the values are not shared with the reader.
	Private bool
	// Note replaces the values while nothing came, or explains a silence.
	Note string
	// Day is the newest day with data and where the card leads.
	Day health.Day
	// Today is the person's date. What is of another day carries its own.
	Today health.Day
	Night *Night
	// NightWhy says why there is no night of today.
	NightWhy health.DayState
	// Each value is shown with its age when it is not of today.
	RestingHR, HRV, BodyBattery, Steps Vital
	// The sparklines show the weeks up to today; without marks there is none.
	RestingSpark, HRVSpark, SleepSpark Spark
	Activity                           *ActivityLine
	// ActivityWhy says why there is no activity.
	ActivityWhy health.DayState
	// Devices as Garmin names them, for the attribution.
	Devices []string
	// Strip is the delivery of the last days, oldest first, up to today.
	Strip []chart.DayMark
}

// URL is where the card leads: to the person's newest day, or to how their data
// arrive if values are not shared.
func (c PersonCard) URL() string {
	if c.Private {
		return syncURL(c.Person.Slug)
	}
	return personURL(c.Person.Slug)
}

// Spark is a sparkline with what it shows in words.
type Spark struct {
	Title string
	Marks []chart.TrendMark
}

// nightOld reports whether the night is not the last one.
func (c PersonCard) nightOld() bool { return c.Night != nil && c.Night.Day != c.Today }

// activityOld reports whether the activity is of no day of the strip.
func (c PersonCard) activityOld() bool {
	return health.DayOf(c.Activity.Start.Unix(), 0) <= c.Today-health.Day(len(c.Strip))
}

// Night is the last sleep in short.
type Night struct {
	// Note is how long it was beside the usual, empty without one; Status is its shape.
	Note       string
	Status     Status
	Day        health.Day
	Start, End time.Time
	// Asleep is the time asleep, without being awake.
	Asleep time.Duration
	// Score is 0 if the device gives none.
	Score     int
	ScoreWord string
	Stages    []chart.Block
	Tentative bool
}

// staged reports whether stages came, not only the sleep itself.
func (n Night) staged() bool {
	return slices.ContainsFunc(n.Stages, func(b chart.Block) bool { return b.Class != "asleep" && b.Class != "nap" })
}

// Vital is a value against what is usual for this person.
type Vital struct {
	Value
	// Low and High are the person's own band, both 0 if there is none yet.
	Low, High float64
	// Note is the comparison in words: "in your range", "3 below your usual".
	Note string
	// Status colours the note's shape; empty for none.
	Status Status
	// Age says of which day a value is that is not of today, or that today is not over.
	Age string
	// Old means that the value is not of today.
	Old bool
	// Why says why there is no value.
	Why health.DayState
}

// ActivityLine is an activity in one line.
type ActivityLine struct {
	Name     string
	Start    time.Time
	Duration time.Duration
	Distance Value
	Calories Value
	HeartAvg Value
	URL      string
	Device   string
	Files    []FileLink
	// Part means that it is a part of the multisport activity before it.
	Part bool
	// Second means that a longer recording of it counts.
	Second bool
}
