package ui

import (
	"time"

	"garner/health"
)

// ActivitiesView answers: what was done?
type ActivitiesView struct {
	Person   PersonLink
	Units    Units
	Sentence string
	Form     ActivityForm
	Columns  []SortColumn
	Groups   []ActivityGroup
	// Next and First are pages of the list, empty if there is none; CSV is what is
	// shown, all pages of it.
	Next, First, CSV string
	// Filter leads to the form with its choices; empty where the form stands.
	Filter  string
	Empty   *Empty
	Origins health.Origins
	Devices []string
	// Home is the zone where the person lives: a clock of another one is named.
	Home *time.Location
}

// ActivityForm is the filter as typed, distances in the reader's kilometres or miles.
type ActivityForm struct {
	Sport, Device, From, To, Least, Most string
	GPS                                  bool
	// Sort and Direction are kept when the filter changes.
	Sort, Direction string
	// Asked means that the form was asked for.
	Asked bool
	// Error is what is wrong with it.
	Error string
	// Sports and Devices are what can be chosen, by value and text.
	Sports, Devices []Choice
	DistanceUnit    string
}

// Choice is an option of a select.
type Choice struct {
	Value, Text string
	Chosen      bool
}

// SortColumn is a column's header, which leads to the list sorted by it.
type SortColumn struct {
	Orders []SortOrder
	Number bool
	// Sorted is ascending, descending or empty.
	Sorted string
}

// SortOrder is the list sorted by one thing that a column has.
type SortOrder struct {
	Label, URL string
	Chosen     bool
}

// ActivityGroup is the activities of a week with their sums; without a title, all of a
// list that is not sorted by date.
type ActivityGroup struct {
	Title, Sums string
	Rows        []ActivityItem
}

// ActivityItem is an activity of a list.
type ActivityItem struct {
	URL, Name string
	Start     time.Time
	Day       health.Day
	sport     sport
	Duration  time.Duration
	Distance  Value
	Speed     Value
	HeartRate Value
	Ascent    Value
	Device    string
	Part      bool
	// Second means that a longer recording of it counts.
	Second bool
	// Track means that there may be an image of its track.
	Track bool
}
