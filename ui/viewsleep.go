package ui

import (
	"time"

	"garner/health"
	"garner/ui/chart"
)

// SleepView answers: how was this night, and can it be trusted?
type SleepView struct {
	Person     PersonLink
	Night      health.Day
	Prev, Next *health.Day
	Sentence   string
	Status     Status
	// Facts are the times, the score and the usual, short pieces of one line.
	Facts []string
	// Trust is how certain the night is, Meaning what that says; empty without a night.
	Trust, Meaning string
	Simulated      bool
	Ribbon         chart.Ribbon
	Empty          *Empty
	Stages         []StageRow
	// Naps are the further sleeps.
	Naps     []Nap
	Versions []VersionRow
	Exports  []Link
	Devices  []string
	Origins  health.Origins
}

// StageRow is how long a night was in one stage.
type StageRow struct {
	Class, Word string
	Length      time.Duration
	// Percent is its share of all of them.
	Percent string
}

// VersionRow is one version of a night that arrived.
type VersionRow struct {
	Received time.Time
	Trust    string
	// Times are from when to when, empty if that is not kept.
	Times    string
	Delivery int64
	// Shown means that it is the one that pages show.
	Shown bool
}

// WeeksView answers: how are the nights of these weeks?
type WeeksView struct {
	Person   PersonLink
	Title    string
	Sentence string
	Status   Status
	Facts    []string
	// Empty is what stands there for weeks before the first sleep.
	Empty          *Empty
	Earlier, Later *health.Day
	Axis           chart.Ribbon
	Usual          []chart.Span
	Nights         []WeeksNight
	CSV            string
	Notes          []health.Note
	Devices        []string
	Origins        health.Origins
}

// WeeksNight is one row.
type WeeksNight struct {
	Day   health.Day
	Row   chart.NightRow
	State health.DayState
	// Slept means that there are times; From and To are on the record's clock.
	Slept    bool
	From, To time.Time
	Asleep   time.Duration
	Score    string
	Trust    string
	// Stages are the lengths of deep, light, REM and awake; missing ones are "–".
	Stages [4]string
}

// CompareView sets two nights side by side.
type CompareView struct {
	Person   PersonLink
	A, B     SleepView
	Sentence string
	Rows     []CompareRow
}

// CompareRow is one figure of both nights.
type CompareRow struct{ Label, A, B, Difference string }
