package query

import (
	"context"
	"errors"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// activityDays are the days with activities, and those with activities of which only
// samples came.
type activityDays struct{ told, alone []db.DayCount }

func (q *Reader) activityDays(ctx context.Context, person int64) (*activityDays, error) {
	told, err := q.Store.DayCounts(ctx, person, garmin.Activities.Key)
	if err != nil {
		return nil, err
	}
	alone, err := q.daysAlone(ctx, person, -forever, forever)
	return &activityDays{told, alone}, err
}

// daysAlone are the days from from to to with activities of which only samples came.
func (q *Reader) daysAlone(ctx context.Context, person int64, from, to health.Day) ([]db.DayCount, error) {
	return q.Store.UnmatchedDays(ctx, person, garmin.ActivityDetails.Key, garmin.Activities.Key, from, to)
}

// activityCount is how many activities a person has, by the sums of days. Until a day has
// one, each of its records counts.
func (q *Reader) activityCount(ctx context.Context, person int64, days *activityDays) (n int, err error) {
	readings, err := q.Store.ReadingsOf(ctx, person, "", 0, forever)
	summed := map[health.Day]bool{}
	for _, r := range readings {
		if slices.Contains(garmin.MetricTypes(r.Metric), garmin.Activities) {
			summed[r.Day] = true
		}
		if r.Metric == "activity_count" {
			n += int(r.Value)
		}
	}
	for _, c := range slices.Concat(days.told, days.alone) {
		if !summed[c.Day] {
			n += c.Records
		}
	}
	return n, err
}

// plain reports whether a page of all activities by date is wanted, and nothing else.
func (f *ActivityFilter) plain() bool {
	return f.Limit > 0 && !f.Choices && !f.Reverse && (f.Sort == "" || f.Sort == ActivityByDate) &&
		*f == ActivityFilter{Sort: f.Sort, After: f.After, Limit: f.Limit, WeekStart: f.WeekStart}
}

// clockDays is by how many days the order of days may differ from that of starts: clocks
// are up to 14 hours from UTC.
const clockDays = 2

// window are the days that hold a page and all of its weeks, in order of starts: all days
// unless the page is plain.
func (d *activityDays) window(ctx context.Context, q *Reader, person int64, f *ActivityFilter) (from, to health.Day,
	err error) {
	if !f.plain() {
		return 0, forever, nil
	}
	to, sure := forever, forever // all activities up to sure come after the page before
	if f.After != "" {
		last, err := q.activityRecord(ctx, person, garmin.Activities, f.After)
		if errors.Is(err, db.ErrNotFound) {
			last, err = q.activityRecord(ctx, person, garmin.ActivityDetails, f.After)
		}
		switch {
		case errors.Is(err, db.ErrNotFound), errors.Is(err, db.ErrDamaged):
		case err != nil:
			return 0, 0, err
		default:
			to, sure = f.weekOf(last.Day+clockDays)+6, last.Day-clockDays
		}
	}
	return d.since(f, sure), to, nil
}

// since is the first day of a page that has all activities up to sure, and perhaps some
// later ones.
func (d *activityDays) since(f *ActivityFilter, sure health.Day) health.Day {
	n := 0
	for told, alone := len(d.told)-1, len(d.alone)-1; told >= 0 || alone >= 0; {
		next, list := &told, d.told
		if told < 0 || alone >= 0 && d.alone[alone].Day > d.told[told].Day {
			next, list = &alone, d.alone
		}
		c := list[*next]
		*next--
		if c.Day > sure {
			continue
		}
		if n += c.Records; n > f.Limit {
			return f.weekOf(c.Day - clockDays)
		}
	}
	return 0
}
