package query

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// ActivityFilter selects and sorts activities; the zero value is all of them, newest
// first.
type ActivityFilter struct {
	// Sport is Garmin's name of the kind, Device the device's; empty for any.
	Sport, Device string
	// From and To are the first and last day, 0 for open.
	From, To health.Day
	// Least and Most are distances in metres, 0 for any.
	Least, Most float64
	// GPS leaves out what has no place of its start.
	GPS bool
	// Sort is a column, ActivityByDate or empty for the date. Reverse turns its order
	// round: newest, most and fastest come first without.
	Sort    string
	Reverse bool
	// After is the id of the last activity of the page before; empty for the first.
	After string
	// Limit is how many activities a page has, 0 for all.
	Limit int
	// WeekStart is the day on which weeks begin.
	WeekStart time.Weekday
	// Choices asks for Kinds and Devices. Without, a page of all activities by date is read
	// alone, which is much less.
	Choices bool
}

// The columns to sort by.
const (
	ActivityByDate     = "date"
	ActivityBySport    = "sport"
	ActivityByName     = "name"
	ActivityByDistance = "distance"
	ActivityByTime     = "time"
	ActivityBySpeed    = "speed"
	ActivityByBPM      = "hr"
	ActivityByAscent   = "climb"
)

// ActivityList is a page of a person's activities.
type ActivityList struct {
	Rows []ActivityRow
	// Weeks are the totals of the weeks of Rows by their first day, of all activities
	// that the filter leaves; only if sorted by date.
	Weeks map[health.Day]ActivityWeek
	// Found counts what the filter leaves, All what there is: what was recorded twice, and
	// parts with their whole, once.
	Found, All int
	// Kinds and Devices are those of all activities, sorted; none if only a page was read.
	Kinds, Devices []string
	// More means that there is another page.
	More    bool
	Origins health.Origins
	// Home is the zone where the person lives.
	Home *time.Location
}

// ActivityRow is an activity of a list.
type ActivityRow struct {
	Activity
	ActivitySummary
	// Week is the first day of its week.
	Week health.Day

	part garmin.Part
}

// ActivityWeek is the sum of a week, counted as the sums of a day are: what was recorded
// twice counts once.
type ActivityWeek struct {
	Count          int
	Meters, Ascent float64
	Time           time.Duration
}

// Activities returns a page of a person's activities; the viewer must be allowed to read
// the person's values.
func (q *Reader) Activities(ctx context.Context, person int64, f ActivityFilter) (*ActivityList, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	days, err := q.activityDays(ctx, person)
	if err != nil {
		return nil, err
	}
	out := &ActivityList{}
	if out.Home, err = q.homeZone(ctx, person); err != nil {
		return nil, err
	}
	from, to, err := days.window(ctx, q, person, &f)
	if err != nil {
		return nil, err
	}
	all, origins, err := q.activityRows(ctx, person, days.alone, from, to)
	if err != nil {
		return nil, err
	}
	out.Origins = origins
	rows := f.choose(all)
	if f.plain() {
		out.All, err = q.activityCount(ctx, person, days)
		out.Found = out.All
	} else {
		out.Found = countOf(rows)
		out.choices(all)
	}
	if err != nil {
		return nil, err
	}
	f.sort(rows)
	out.Rows, out.More = f.page(rows)
	if f.Sort == "" || f.Sort == ActivityByDate {
		out.Weeks = weeksOf(rows, out.Rows)
	}
	return out, nil
}

// choose gives rows their week and leaves out those that do not fit.
func (f *ActivityFilter) choose(all []ActivityRow) (rows []ActivityRow) {
	for i := range all {
		if all[i].Week = f.weekOf(all[i].Day); f.keeps(&all[i]) {
			rows = append(rows, all[i])
		}
	}
	return rows
}

// choices are what a filter can ask for.
func (l *ActivityList) choices(all []ActivityRow) {
	for i := range all {
		l.Kinds, l.Devices = append(l.Kinds, all[i].Sport), append(l.Devices, all[i].Device)
	}
	l.All, l.Kinds, l.Devices = countOf(all), distinct(l.Kinds), distinct(l.Devices)
}

// countOf is how many activities rows are.
func countOf(rows []ActivityRow) int {
	parts := make([]garmin.Part, len(rows))
	for i := range rows {
		parts[i] = rows[i].part
	}
	return len(countedActivities(parts))
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(s string) bool { return s == "" })
}

// activityRows are the activities of a person on days from from to to, those of which only
// samples came among them: alone are the days that may have such.
func (q *Reader) activityRows(ctx context.Context, person int64, alone []db.DayCount,
	from, to health.Day) (rows []ActivityRow, origins health.Origins, err error) {
	var list []unpacked
	for u, err := range intact(q.Store.Each(ctx, person, garmin.Activities.Key, from, to)) {
		if err != nil {
			return nil, 0, err
		}
		list = append(list, u)
	}
	for _, day := range alone {
		if day.Day < from || day.Day > to {
			continue
		}
		r := &dayReader{q: q, ctx: ctx, person: person, Day: Day{Date: day.Day}}
		sampled, err := r.detailsAlone()
		if err != nil {
			return nil, 0, err
		}
		list = append(list, sampled...)
	}
	parts := partsOf(list)
	wholes, second := garmin.Wholes(parts), secondRecordings(parts)
	for i, u := range list {
		row := ActivityRow{Activity: activityOf(u), ActivitySummary: summaryOf(u.v), part: parts[i]}
		row.ID, row.Part = u.NaturalKey(), wholes[garmin.PartOf(u.v)]
		row.Second = second[u.Key]
		rows = append(rows, row)
		origins |= u.AllOrigins()
	}
	return rows, origins, nil
}

// weekOf is the first day of a day's week.
func (f *ActivityFilter) weekOf(d health.Day) health.Day {
	return d - health.Day((int(d.Midnight().Weekday())-int(f.WeekStart)+7)%7)
}

func (f *ActivityFilter) keeps(r *ActivityRow) bool {
	return (f.Sport == "" || r.Sport == f.Sport) && (f.Device == "" || r.Device == f.Device) &&
		(f.From == 0 || r.Day >= f.From) && (f.To == 0 || r.Day <= f.To) && r.Meters >= f.Least &&
		(f.Most == 0 || r.Meters <= f.Most) && (!f.GPS || r.GPS)
}

// sort puts rows in order; those that are equal are newest first.
func (f *ActivityFilter) sort(rows []ActivityRow) {
	key := map[string]func(a, b *ActivityRow) int{
		ActivityBySport:    func(a, b *ActivityRow) int { return strings.Compare(a.Sport, b.Sport) },
		ActivityByName:     func(a, b *ActivityRow) int { return strings.Compare(a.Name, b.Name) },
		ActivityByDistance: func(a, b *ActivityRow) int { return cmp.Compare(b.Meters, a.Meters) },
		ActivityByTime:     func(a, b *ActivityRow) int { return cmp.Compare(b.Duration, a.Duration) },
		ActivityBySpeed:    func(a, b *ActivityRow) int { return cmp.Compare(b.MetersPerSecond, a.MetersPerSecond) },
		ActivityByBPM:      func(a, b *ActivityRow) int { return cmp.Compare(b.BPM, a.BPM) },
		ActivityByAscent:   func(a, b *ActivityRow) int { return cmp.Compare(b.Ascent, a.Ascent) },
	}[f.Sort]
	slices.SortFunc(rows, func(a, b ActivityRow) int {
		first := 0
		if key != nil {
			first = key(&a, &b)
		}
		first = cmp.Or(first, cmp.Compare(b.Start, a.Start), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.ID, b.ID))
		if f.Reverse {
			return -first
		}
		return first
	})
}

// page cuts the page after an activity. Where that is gone, it is the first.
func (f *ActivityFilter) page(rows []ActivityRow) (page []ActivityRow, more bool) {
	at := slices.IndexFunc(rows, func(r ActivityRow) bool { return f.After != "" && r.ID == f.After }) + 1
	rows = rows[at:]
	if f.Limit == 0 || len(rows) <= f.Limit {
		return rows, false
	}
	return rows[:f.Limit], true
}

// weeksOf sums up the weeks of a page from all rows.
func weeksOf(all, page []ActivityRow) map[health.Day]ActivityWeek {
	days := map[health.Day][]garmin.Part{}
	for _, r := range all {
		days[r.Day] = append(days[r.Day], r.part)
	}
	out := map[health.Day]ActivityWeek{}
	for _, r := range page {
		if _, done := out[r.Week]; !done {
			out[r.Week] = sumOfWeek(r.Week, days)
		}
	}
	return out
}

// sumOfWeek sums up the week that begins with a day.
func sumOfWeek(first health.Day, days map[health.Day][]garmin.Part) (sum ActivityWeek) {
	for day := first; day < first+7; day++ {
		for _, x := range garmin.DeriveActivities(day, slices.Concat(days[day-1], days[day])) {
			switch x.Metric {
			case "activity_count":
				sum.Count += int(x.Value)
			case "activity_time":
				sum.Time += time.Duration(x.Value) * time.Second
			case "activity_distance":
				sum.Meters += x.Value
			case "activity_ascent":
				sum.Ascent += x.Value
			}
		}
	}
	sum.Meters, sum.Ascent = finite(sum.Meters), finite(sum.Ascent)
	return sum
}

// finite is 0, which is not known, for a sum beyond what a number can be.
func finite(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	return x
}
