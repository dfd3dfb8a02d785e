package chart

import (
	"garner/health"
	"garner/ui/text"
)

// Ribbon is a day: lanes on one shared axis of true length, which is 23 or 25
// hours when the clock changed.
type Ribbon struct {
	// Person and Title name the drawing for those who do not see it.
	Title string
	// ID begins the ids of its elements, where a page has several ribbons.
	ID string
	// From and To are the day's bounds in unix milliseconds.
	From, To int64
	// Midnight is where the day itself begins, in unix milliseconds, on a
	// ribbon that begins with the night before; 0 if that is From.
	Midnight int64
	// Offset is what the watch's clock is ahead of UTC at From, in seconds.
	Offset int32
	// Seams are changes of the clock within the day.
	Seams []Seam
	// Marks are moments that the axis names, in order of time.
	Marks []Mark
	// Until is how far the data reach on a day that is not over; what lies
	// after it is awaited, not missing. 0 when the day is over.
	Until int64
	// Hours is how the reader writes times of day.
	Hours text.Clock
	Lanes []Lane
}

// Seam is the instant from which the watch showed another clock.
type Seam struct {
	At     int64
	Offset int32
}

// LaneKind is how a lane is drawn.
type LaneKind string

// The kinds of lanes.
const (
	Stages LaneKind = "stages" // a hypnogram of Blocks
	Levels LaneKind = "levels" // bars coloured by stress level
	Area   LaneKind = "area"   // a level from zero, such as Body Battery
	Line   LaneKind = "line"   // a line over the data's own range
	Bars   LaneKind = "bars"   // sums per cadence, from zero
	Dots   LaneKind = "dots"   // sparse samples
	Spans  LaneKind = "spans"  // Blocks side by side: activities, worn
)

// Lane is one strip of the ribbon.
type Lane struct {
	// Key is stable and part of ids and classes: sleep, stress, battery,
	// heart, steps, activities, spo2, respiration, worn.
	Key  string
	Kind LaneKind
	// Title names the lane, Sentence says the finding.
	Title, Sentence string
	Series          Series
	Blocks          []Block
	// Min and Max fix the scale; both 0 takes the data's range.
	Min, Max float64
	// Mark is a labelled reference line, such as the resting heart rate.
	Mark      float64
	MarkLabel string
	// Provisional means that the watch may still change what is drawn.
	Provisional bool
	// Absent is set when nothing at all is there, and says why; Why is more of
	// the reason.
	Absent Absence
	Why    health.Reason
	// Word is drawn where nothing at all is there; empty for the word of Absent.
	Word string
	// Evening is what is known of the day before, which the part before
	// Midnight belongs to: where nothing of it was due, nothing is missing.
	Evening health.DayState
	// Height is in pixels; 0 for that of its kind.
	Height int
	// Format writes a value for people; nil writes the plain number.
	Format func(float64) string
}

// DayMark is one day of a delivery strip.
type DayMark struct {
	// Label is the date for people, Date the ISO date.
	Label, Date string
	State       health.DayState
	// Share is how much of the day came, 0 to 1; Came says it in words, optional.
	Share float64
	Came  string
	Href  string
}
