package query

import (
	"context"
	"errors"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// MetricYear is a metric of a person through a year.
type MetricYear struct {
	// Trend has every day of the year; none for a person without data.
	Trend
	Year int
	// Years are those from the first with data to this one.
	Years []int
	Today health.Day
	// Fifths divide the values of the year that are not a measured 0.
	Fifths health.Fifths
	// Choices are the metrics that can be shown: numbers, not words.
	Choices []health.Metric
	// Devices are the names of the devices in use, the last used first.
	Devices []string
}

// MetricYear is a metric through a year. It returns db.ErrNotFound for a metric that
// there is not, and for a year that cannot have data.
func (q *Reader) MetricYear(ctx context.Context, person *db.Person, metric string, year int) (*MetricYear, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return nil, err
	}
	out := &MetricYear{Year: year, Choices: q.Viewer.shownMetrics(person.ID, numbers())}
	at := slices.IndexFunc(out.Choices, func(m health.Metric) bool { return m.Name == metric })
	if at < 0 {
		return nil, db.ErrNotFound
	}
	out.Metric = out.Choices[at]
	var err error
	if out.Years, out.Today, err = q.years(ctx, person); err != nil || len(out.Years) == 0 {
		return out, err
	}
	if !slices.Contains(out.Years, year) {
		return nil, db.ErrNotFound
	}
	list, err := q.Trends(ctx, person, []string{metric}, newYear(year), newYear(year+1)-1)
	if err != nil {
		return nil, err
	}
	out.Trend = list[0]
	var values []float64
	for i := range out.Days {
		if d := &out.Days[i]; d.Has && !d.Nothing(out.Metric) {
			values = append(values, d.Value)
		}
	}
	if len(values) > 0 {
		out.Fifths = health.FifthsOf(values)
	}
	out.Devices, err = q.Devices(ctx, person.ID, newYear(year), newYear(year+1)-1)
	return out, err
}

// Nothing reports whether the value is a measured 0: none of what is counted. A
// difference of 0 is a value like others.
func (d *TrendDay) Nothing(m health.Metric) bool { return d.Has && d.Value == 0 && !m.Delta }

// numbers are the metrics that are numbers.
func numbers() []health.Metric {
	return slices.DeleteFunc(slices.Clone(garmin.Metrics()), func(m health.Metric) bool {
		_, word := garmin.MetricWord(m.Name, 0)
		return word
	})
}

// years are those of a person from the first to the last with data, and this one; none
// without data. today is the person's date.
func (q *Reader) years(ctx context.Context, person *db.Person) (out []int, today health.Day, err error) {
	zone, err := q.Zone(ctx, person.ID)
	if err != nil {
		return nil, 0, err
	}
	today = dayAt(q.Now, zone)
	extents, err := q.Store.Extents(ctx, person.ID)
	if err != nil || len(extents) == 0 {
		return nil, today, err
	}
	oldest, newest := today, today
	for _, e := range extents {
		oldest, newest = min(oldest, e.Oldest), max(newest, e.Newest)
	}
	for year := oldest.Midnight().Year(); year <= newest.Midnight().Year(); year++ {
		out = append(out, year)
	}
	return out, today, nil
}

// NewestYear is the year of a person's newest data.
func (q *Reader) NewestYear(ctx context.Context, person *db.Person) (int, error) {
	day, err := q.NewestDay(ctx, person)
	if err != nil {
		return 0, err
	}
	return day.Midnight().Year(), nil
}

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
	// Activities are in order of time, without parts of multisport activities.
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

// summaries sets the states of the days' summaries; that of a person whom the watch
// does not know yet is that nothing came.
func (q *Reader) summaries(ctx context.Context, person int64, out *Month) error {
	c, err := q.Coverage(ctx, person)
	pair, ok := 0, false
	if err == nil {
		pair, ok = c.Type(garmin.Dailies.Key)
	}
	if errors.Is(err, db.ErrNotFound) || err == nil && !ok {
		for i := range out.Days {
			out.Days[i].Summary = health.DayState{Absence: health.NotExpected, Why: health.NothingYet}
		}
		return nil
	}
	if err != nil {
		return err
	}
	states, err := c.Days(ctx, pair, out.First, out.Days[len(out.Days)-1].Day)
	for i := range states {
		out.Days[i].Summary = states[i]
	}
	return err
}

// activitiesOf adds the activities of each day.
func (q *Reader) activitiesOf(ctx context.Context, person int64, out *Month) error {
	var all []unpacked
	last := out.Days[len(out.Days)-1].Day
	for rec, err := range q.Store.Each(ctx, person, garmin.Activities.Key, out.First, last) {
		if errors.Is(err, db.ErrDamaged) {
			continue
		}
		if err != nil {
			return err
		}
		u, err := unpack(rec)
		if err != nil {
			return err
		}
		all = append(all, u)
	}
	wholes := garmin.Wholes(partsOf(all))
	for _, u := range all {
		if !wholes[garmin.PartOf(u.v)] {
			day := &out.Days[u.Day-out.First]
			day.Activities = append(day.Activities, activityOf(u))
		}
	}
	return nil
}

// FirstOfMonth is the first day of a month.
func FirstOfMonth(year int, month time.Month) health.Day {
	return health.DayOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Unix(), 0)
}
