package query

import (
	"cmp"
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Month is the days of a month of a person.
type Month struct {
	First health.Day
	// Before and After report whether the months beside it can have data.
	Before, After bool
	Today         health.Day
	Days          []MonthDay
	// Devices are the names of the devices in use, the last used first.
	Devices []string
}

// MonthDay is what a day had.
type MonthDay struct {
	Day health.Day
	// Sleep is in seconds asleep.
	Sleep, Steps TrendDay
	// Summary is the state of the day's summary.
	Summary health.DayState
	// Note is what was written about the day, empty for nothing.
	Note string
	// Activities are in order of time, without parts of multisport activities and second
	// recordings.
	Activities []Activity
}

// Month is a month of a person. It returns db.ErrNotFound for one of a year that cannot
// have data.
func (q *Reader) Month(ctx context.Context, person *db.Person, first health.Day) (*Month, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return nil, err
	}
	years, today, err := q.years(ctx, person)
	if err != nil {
		return nil, err
	}
	begin := first.Midnight()
	if !slices.Contains(years, begin.Year()) {
		return nil, db.ErrNotFound
	}
	last := health.DayOf(begin.AddDate(0, 1, -1).Unix(), 0)
	out := &Month{First: first, Today: today, Before: slices.Contains(years, (first - 1).Midnight().Year()),
		After: slices.Contains(years, (last + 1).Midnight().Year())}
	trends, err := q.Trends(ctx, person, []string{"sleep", "steps"}, first, last)
	if err != nil {
		return nil, err
	}
	notes, err := q.DayNotes(ctx, person.ID, first, last)
	if err != nil {
		return nil, err
	}
	for i := range int(last-first) + 1 {
		day := MonthDay{Day: first + health.Day(i), Sleep: trends[0].Days[i], Steps: trends[1].Days[i]}
		day.Note = health.NoteOn(notes, day.Day)
		out.Days = append(out.Days, day)
	}
	if err := q.summaries(ctx, person.ID, out); err != nil {
		return nil, err
	}
	out.Devices, err = q.Devices(ctx, person.ID, first, last)
	if err != nil {
		return nil, err
	}
	return out, q.activitiesOf(ctx, person.ID, out)
}

// summaries sets the states of the days' summaries.
func (q *Reader) summaries(ctx context.Context, person int64, out *Month) error {
	c, err := q.known(ctx, person)
	if err != nil {
		return err
	}
	states, err := c.States(ctx, garmin.Dailies.Key, out.First, out.Days[len(out.Days)-1].Day)
	for i := range states {
		out.Days[i].Summary = states[i]
	}
	return err
}

// activitiesOf adds the activities of each day.
func (q *Reader) activitiesOf(ctx context.Context, person int64, out *Month) error {
	last := out.Days[len(out.Days)-1].Day
	alone, err := q.daysAlone(ctx, person, out.First, last)
	if err != nil {
		return err
	}
	rows, _, err := q.activityRows(ctx, person, alone, out.First, last)
	slices.SortStableFunc(rows, func(a, b ActivityRow) int { return cmp.Compare(a.Start, b.Start) })
	for i := range rows {
		if !rows[i].Part && !rows[i].Second {
			day := &out.Days[rows[i].Day-out.First]
			day.Activities = append(day.Activities, rows[i].Activity)
		}
	}
	return err
}

// FirstOfMonth is the first day of a month.
func FirstOfMonth(year int, month time.Month) health.Day {
	return health.DayOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Unix(), 0)
}
