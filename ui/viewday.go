package ui

import (
	"time"

	"garner/health"
	"garner/ui/chart"
)

// DayView answers: what happened on this day?
type DayView struct {
	Person PersonLink
	Units  Units
	Day    health.Day
	// Prev and Next are the neighbours, nil if there is nowhere to go.
	Prev, Next *health.Day
	// Clock is what the watch showed, "UTC+9"; ClockNote the rest of it,
	// "home is UTC+1" or "the clock changed at 03:00".
	Clock, ClockNote string
	// Sentence opens the page; Coverage is "22 h 10 worn".
	Sentence string
	Status   Status
	Coverage string
	// Simulated names what Garmin's Data Generator made up.
	Simulated string
	// Note is what was written about the day, and NoteForm changes it; nil for those who
	// may not.
	Note     string
	NoteForm *NoteForm
	// Night is the night that ends on the day.
	Night chart.Ribbon
	// Ribbon is the stack of lanes; without lanes the page shows Empty.
	Ribbon chart.Ribbon
	// Part leads to other parts of the day at full width.
	Part  PartLinks
	Empty *Empty
	// Tiles are the key numbers, Groups all of them.
	Tiles  []Tile
	Groups []MetricGroup
	Naps   []Nap
	// Activities of the day, in order of start.
	Activities []ActivityLine
	// Snapshots lead to the health snapshots of the day.
	Snapshots []Link
	// Exports are links to the day's rows as CSV.
	Exports []Link
	// Deliveries lead to what was received for the day.
	Deliveries []Link
	// Unlisted are the types of which something came that has no delivery of its
	// own in the list.
	Unlisted []string
	// Devices as Garmin names them, for the attribution, and how what they recorded came in.
	Devices []string
	Origins health.Origins
}

// MetricGroup is metrics that belong together: Heart, Sleep, Movement.
type MetricGroup struct {
	Title string
	Rows  []MetricRow
}

// MetricRow is one metric of the day.
type MetricRow struct {
	Name, Label string
	Value       Value
	// Median of the 28 days before.
	Median Value
	// Rule states how a derived metric comes about, empty for Garmin's own.
	Rule string
	// Received is when the value arrived, on the watch's clock of the day.
	Received time.Time
	Device   string
	// Delivery is the id of the delivery that the value came with.
	Delivery int64
	// Simulated means that Garmin's Data Generator made it up.
	Simulated bool
	Why       health.DayState
}

// Nap is a short sleep of the day.
type Nap struct {
	Start, End time.Time
	Asleep     time.Duration
	Note       string
}

// Empty is the four parts of an empty state: what will be here, why it is
// not, the one next step, and when to expect it.
type Empty struct {
	What, Why string
	Next      *Link
	When      string
}
