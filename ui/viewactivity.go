package ui

import (
	"time"

	"garner/health"
	"garner/ui/chart"
)

// ActivityView answers: how did it go?
type ActivityView struct {
	Person         PersonLink
	Units          Units
	Name, Sentence string
	sport          sport
	Start          time.Time
	Day            health.Day
	// Home is the zone where the person lives: a clock of another one is named.
	Home    *time.Location
	Numbers []NamedValue
	// Samples is the address of what was recorded; empty if nothing was.
	Samples string
	// Track is nil without places.
	Track *chart.Track
	// Colours are what the colour of the track can say, none if there is no choice; Colour is
	// what it says.
	Colours []Choice
	Colour  TrackColour
	// Axes are the ways to draw the streams; the current one is Chosen.
	Axes    []Choice
	Streams chart.Streams
	List    []chart.Stream
	// Twin is the streams as a table, CSV all samples as a file.
	Twin  StreamTwin
	CSV   string
	Laps  []LapRow
	Zones []ZoneRow
	// ZonesNote says whose zones they are, or that they are not known.
	ZonesNote string
	// Parts are those of a multisport activity, Whole what it is a part of.
	Parts []Link
	Whole *Link
	Files []FileLink
	// Exports are downloads of the activity in forms that other programs read.
	Exports  []Link
	Versions []VersionLine
	Devices  []string
	Origins  health.Origins
}

// NamedValue is a number with what it is.
type NamedValue struct{ Label, Text string }

// LapRow is a lap, from From to To seconds after the start.
type LapRow struct {
	Index                        int
	Time, Distance, Speed, Pulse string
}

// ZoneRow is the time in a heart rate zone; Share is of the longest.
type ZoneRow struct {
	Name  string
	Time  time.Duration
	Share float64
}

// VersionLine is a version of what is shown.
type VersionLine struct {
	Title    string
	Received time.Time
	Delivery int64
	Current  bool
}
