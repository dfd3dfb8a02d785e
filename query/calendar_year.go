package query

import (
	"context"
	"fmt"
	"slices"

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
	// Notes are those on the days of the year.
	Notes []health.Note
}

// ErrNoMetric means that there is no metric of a name, or none that the viewer is shown.
var ErrNoMetric = fmt.Errorf("%w: no such metric", db.ErrNotFound)

// MetricYear is a metric through a year. It returns ErrNoMetric for a metric that there
// is not, and db.ErrNotFound for a year that cannot have data.
func (q *Reader) MetricYear(ctx context.Context, person *db.Person, metric string, year int) (*MetricYear, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return nil, err
	}
	out := &MetricYear{Year: year, Choices: q.Viewer.offeredMetrics(person, numbers())}
	at := slices.IndexFunc(out.Choices, func(m health.Metric) bool { return m.Name == metric })
	if at < 0 {
		return nil, ErrNoMetric
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
	if out.Notes, err = q.DayNotes(ctx, person.ID, newYear(year), newYear(year+1)-1); err != nil {
		return nil, err
	}
	out.Devices, err = q.MetricDevices(ctx, person.ID, []string{metric}, newYear(year), newYear(year+1)-1)
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
