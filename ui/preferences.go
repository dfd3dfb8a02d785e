package ui

import (
	"cmp"
	"time"

	"garner/health"
	"garner/ui/text"
)

// Preferences are how a reader wants pages to be. The zero value shows each
// person in their own units, by 24 hours, with weeks from Monday.
type Preferences struct {
	// Units are for all people; those of the person who is shown hold where it
	// leaves them open.
	Units Units
	Clock text.Clock
	// WeekStart is the day that weeks begin with.
	WeekStart WeekStart
	// Zone is the reader's own; nil for UTC.
	Zone *time.Location
}

// Or fills what p leaves open from the defaults.
func (p Preferences) Or(defaults Preferences) Preferences {
	return Preferences{Units: p.Units.or(defaults.Units), Clock: cmp.Or(p.Clock, defaults.Clock),
		WeekStart: cmp.Or(p.WeekStart, defaults.WeekStart), Zone: cmp.Or(p.Zone, defaults.Zone)}
}

// UnitsOf are the units in which the reader sees a person whose own are units.
func (p Preferences) UnitsOf(units health.Units) Units { return p.Units.or(Units(units)) }

func (u Units) or(defaults Units) Units { return Units(health.Units(u).Or(health.Units(defaults))) }

// WeekStart is the day that weeks begin with. The zero value is Monday.
type WeekStart string

// The days that weeks begin with somewhere.
const (
	Monday   WeekStart = "monday"
	Saturday WeekStart = "saturday"
	Sunday   WeekStart = "sunday"
)

// Weekday is the day that weeks begin with.
func (w WeekStart) Weekday() time.Weekday {
	switch w {
	case Saturday:
		return time.Saturday
	case Sunday:
		return time.Sunday
	}
	return time.Monday
}

// begins reports whether a week begins with the day.
func (w WeekStart) begins(d health.Day) bool { return d.Midnight().Weekday() == w.Weekday() }
