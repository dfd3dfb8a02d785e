package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/health"
	"garner/query"
)

// MonthView answers: what was on the days of this month?
type MonthView struct {
	Person PersonLink
	Units  Units
	*query.Month
	Sentence string
	Weekdays [7]string
	// Column is where the first day stands, 1 for the first day of a week.
	Column int
}

// NewMonth shows a month.
func NewMonth(p Page, person PersonLink, units Units, m *query.Month) MonthView {
	v := MonthView{Person: person, Units: units, Month: m, Weekdays: p.WeekStart.names(),
		Column: p.WeekStart.row(m.First) + 1}
	active, missing := 0, 0
	for i := range m.Days {
		if len(m.Days[i].Activities) > 0 {
			active++
		}
		if m.Days[i].Summary.Gap() {
			missing++
		}
	}
	v.Sentence = fmt.Sprintf("%s: activities on %s.", v.title(), Plural(active, "day", "days"))
	if missing > 0 {
		v.Sentence = fmt.Sprintf("%s: activities on %s, data missing on %s.", v.title(), Plural(active, "day", "days"),
			Plural(missing, "day", "days"))
	}
	return v
}

func (v MonthView) title() string { return v.First.Midnight().Format("January 2006") }

// year and month are those of the month that is so many months away.
func (v MonthView) url(months int) string {
	at := v.First.Midnight().AddDate(0, months, 0)
	return calendarURL(v.Person.Slug, at.Year(), at.Month())
}

func (v MonthView) yearURL() string { return calendarURL(v.Person.Slug, v.First.Midnight().Year(), 0) }

func (v MonthView) steps(d query.MonthDay) string {
	words := Count(int(d.Steps.Value)) + " steps"
	if d.Day == v.Today {
		words += " so far"
	}
	return words
}

// stepsOf are the steps in a column of them.
func (v MonthView) stepsOf(d query.MonthDay) string {
	if d.Day == v.Today {
		return Count(int(d.Steps.Value)) + " so far"
	}
	return Count(int(d.Steps.Value))
}

// past are the days up to today, the newest first.
func (v MonthView) past() (out []query.MonthDay) {
	for _, d := range slices.Backward(v.Days) {
		if d.Day <= v.Today {
			out = append(out, d)
		}
	}
	return out
}

// activities are those of a day in a cell.
func (v MonthView) activities(d query.MonthDay) string {
	words := make([]string, len(d.Activities))
	for i, a := range d.Activities {
		words[i] = v.activity(a)
	}
	return strings.Join(words, "; ")
}

func (v MonthView) sleep(d query.MonthDay) string {
	return Duration(time.Duration(d.Sleep.Value)*time.Second) + " asleep"
}

// column is the class of the place of the first day.
func (v MonthView) column(d health.Day) string {
	if d != v.First {
		return ""
	}
	return "col-" + strconv.Itoa(v.Column)
}

// activity is an activity in a few words.
func (v MonthView) activity(a query.Activity) string {
	if distance := sportOf(a.Sport).distance(a.Meters); distance.OK {
		return a.Name + ", " + v.Units.Format(distance)
	}
	return a.Name + ", " + Duration(a.Duration)
}
