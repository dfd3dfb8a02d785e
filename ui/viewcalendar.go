package ui

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// CalendarView answers: which days of a year stand out, and which are missing?
type CalendarView struct {
	Person PersonLink
	Units  Units
	// Year is the one that is shown; Years are those that can be.
	Year  int
	Years []int
	// Metric is the one that is shown, Choices those that can be chosen.
	Metric   health.Metric
	Choices  []MetricChoice
	Sentence string
	// Facts are the highest and lowest day.
	Facts []Link
	Note  string
	Heat  chart.Heat
	// Fifths are the ranges of the levels that have days, lowest first.
	Fifths []FifthRow
	Months []CalendarMonth
	Empty  *Empty
	// Devices are the names of those in use.
	Devices []string
	// Notes are those on the days of the year.
	Notes []health.Note
}

// MetricChoice is a group of metrics to choose from.
type MetricChoice struct {
	Title   string
	Metrics []health.Metric
}

// FifthRow is a level of the heat map with the values of its days.
type FifthRow struct {
	Level int
	Range string
}

// CalendarMonth is the table of a month.
type CalendarMonth struct {
	Month time.Month
	Days  []query.TrendDay
}

// NewCalendar shows a metric through a year.
func NewCalendar(p Page, person PersonLink, units Units, year *query.MetricYear) CalendarView {
	v := CalendarView{Person: person, Units: units, Year: year.Year, Years: year.Years, Metric: year.Metric,
		Choices: metricChoices(year.Choices), Devices: year.Devices, Notes: year.Notes}
	if len(year.Days) == 0 {
		v.Sentence = "No data of " + person.Name + " yet."
		v.Empty = &Empty{What: "This page shows every day of a year, by how its values compare with the others.",
			Why: "Nothing came from " + person.Name + " yet.", Next: &Link{"See what arrives", syncURL(person.Slug)},
			When: "It fills up with the first day that arrives."}
		return v
	}
	v.summarize(year)
	v.Heat = v.heat(p, year)
	v.Fifths = v.fifths(year)
	for _, d := range year.Days {
		if d.Day > year.Today && !d.Has {
			continue // its table would say "in the future" again and again
		}
		if month := d.Day.Midnight().Month(); len(v.Months) == 0 || v.Months[len(v.Months)-1].Month != month {
			v.Months = append(v.Months, CalendarMonth{Month: month})
		}
		last := &v.Months[len(v.Months)-1]
		last.Days = append(last.Days, d)
	}
	return v
}

// summarize writes the sentence and the days that stand out.
func (v *CalendarView) summarize(year *query.MetricYear) {
	var with, missing int
	var low, high *query.TrendDay
	for i := range year.Days {
		switch d := &year.Days[i]; {
		case d.Has:
			with++
			if low == nil || d.Value < low.Value {
				low = d
			}
			if high == nil || d.Value > high.Value {
				high = d
			}
		case d.State.Gap():
			missing++
		}
	}
	v.Sentence = fmt.Sprintf("%s in %d: a value on %s.", v.Metric.Label, v.Year, Plural(with, "day", "days"))
	if missing > 0 {
		v.Sentence = fmt.Sprintf("%s in %d: a value on %s, missing on %s.", v.Metric.Label, v.Year,
			Plural(with, "day", "days"), Count(missing))
	}
	if year.Today <= year.Days[len(year.Days)-1].Day {
		v.Note = "The year so far."
	}
	if low == nil || low.Day == high.Day {
		return
	}
	v.Facts = []Link{{"highest " + v.value(high) + " on " + ShortDate(high.Day), dayURL(v.Person.Slug, high.Day)},
		{"lowest " + v.value(low) + " on " + ShortDate(low.Day), dayURL(v.Person.Slug, low.Day)}}
}

func (v CalendarView) value(d *query.TrendDay) string { return v.write(d.Value) }

func (v CalendarView) write(x float64) string { return v.Units.Format(valueOf(v.Metric, x)) }

// heat is the drawing; the tab key stops at the newest day with a value.
func (v CalendarView) heat(p Page, year *query.MetricYear) chart.Heat {
	first := year.Days[0].Day
	h := chart.Heat{ID: "heat", Title: v.Metric.Label + " of " + v.Person.Name + " in " + strconv.Itoa(v.Year),
		Weekdays: p.WeekStart.names(), First: p.WeekStart.row(first)}
	stop := 0
	for i := range year.Days {
		d := &year.Days[i]
		mark := chart.HeatDay{Day: d.Day, State: d.State.Absence, Label: Date(d.Day) + ": " + text.State(d.State)}
		if d.Has {
			mark.Level, mark.Label = v.level(year, d), Date(d.Day)+": "+v.value(d)
		}
		mark.Note = health.NoteOn(year.Notes, d.Day)
		if d.Day <= year.Today {
			mark.Href = dayURL(v.Person.Slug, d.Day)
			if d.Has || i == 0 {
				stop = i
			}
		}
		h.Days = append(h.Days, mark)
	}
	h.Days[stop].Stop = h.Days[stop].Href != ""
	return h
}

// level is the fifth that a value belongs to, unless it is a measured nothing.
func (v CalendarView) level(year *query.MetricYear, d *query.TrendDay) int {
	if d.Nothing(v.Metric) {
		return chart.LevelZero
	}
	return year.Fifths.Of(d.Value)
}

// fifths are the lowest and highest value of each level.
func (v CalendarView) fifths(year *query.MetricYear) (out []FifthRow) {
	of := map[int][]float64{}
	for i := range year.Days {
		if d := &year.Days[i]; d.Has {
			level := v.level(year, d)
			of[level] = append(of[level], d.Value)
		}
	}
	for level := 1; level <= 5; level++ {
		if list := of[level]; len(list) > 0 {
			low, high := v.write(slices.Min(list)), v.write(slices.Max(list))
			if low != high {
				low += " to " + high
			}
			out = append(out, FifthRow{level, low})
		}
	}
	return out
}

// prev and next are the years beside the one shown, 0 for none.
func (v CalendarView) prev() int { return v.beside(-1) }

func (v CalendarView) next() int { return v.beside(1) }

func (v CalendarView) beside(step int) int {
	if slices.Contains(v.Years, v.Year+step) {
		return v.Year + step
	}
	return 0
}

// metricChoices are metrics in the groups of a day's table.
func metricChoices(list []health.Metric) (out []MetricChoice) {
	rest := slices.Clone(list)
	for _, order := range metricOrder {
		group := MetricChoice{Title: order.title}
		for _, name := range order.names {
			if i := slices.IndexFunc(rest, func(m health.Metric) bool { return m.Name == name }); i >= 0 {
				group.Metrics = append(group.Metrics, rest[i])
				rest = slices.Delete(rest, i, i+1)
			}
		}
		if len(group.Metrics) > 0 {
			out = append(out, group)
		}
	}
	if len(rest) > 0 {
		out = append(out, MetricChoice{"Body and fitness", rest})
	}
	return out
}

// row is the place of a day in its week, 0 for the first.
func (w WeekStart) row(d health.Day) (n int) {
	for !w.begins(d) {
		d--
		n++
	}
	return n
}

// names are the short names of weekdays in the order of a week.
func (w WeekStart) names() (out [7]string) {
	for d := health.Day(0); d < 7; d++ {
		out[w.row(d)] = d.Midnight().Format("Mon")
	}
	return out
}

func calendarURL(slug string, year int, month time.Month) string {
	url := personURL(slug) + "/calendar/" + strconv.Itoa(year)
	if month > 0 {
		url += "/" + strconv.Itoa(int(month))
	}
	return url
}

func (v CalendarView) yearURL(year int) string {
	return calendarURL(v.Person.Slug, year, 0) + "?m=" + v.Metric.Name
}

// zero is how a measured nothing reads.
func (v CalendarView) zero() string { return v.Units.Format(valueOf(v.Metric, 0)) + ", measured" }
