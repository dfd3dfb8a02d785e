package ui

import (
	"strconv"
	"time"

	"garner/health"
	"garner/ui/chart"
	"garner/ui/text"
)

// percent is a share in whole per cent; 100 only where nothing is missing.
func percent(s health.Share) string {
	switch {
	case s.Of == 0:
		return missing
	case s.Got == s.Of:
		return "100" + thin + "%"
	}
	return strconv.Itoa(min(s.Got*100/s.Of, 99)) + thin + "%"
}

func (r CoverageRow) longest() string {
	if r.Longest == 0 {
		return missing
	}
	return Plural(r.Longest, "day", "days") + " of " + r.LongestOf
}

// span says from when to when a gap reaches.
func (g GapRow) span() string {
	if g.From == g.To {
		return Date(g.From)
	}
	return Dates(g.From, g.To)
}

// commonHelp is the help that most of the gaps share; empty if they are few.
func commonHelp(gaps []GapRow) string {
	count, common := map[string]int{}, ""
	for _, g := range gaps {
		count[g.Help]++
		if count[g.Help] > max(len(gaps)/2, 2) {
			common = g.Help
		}
	}
	return common
}

func (v PersonCoverageView) yearTitle() string {
	var all health.Share
	for _, row := range v.Rows {
		all.Got += row.Share.Got
		all.Of += row.Share.Of
	}
	return "Coverage of " + v.Person.Name + " in " + strconv.Itoa(v.Year) + ": " + percent(all) +
		" of the expected data; the gaps are listed below"
}

func (v PersonCoverageView) yearRows() []chart.YearRow {
	out := make([]chart.YearRow, 0, len(v.Rows))
	for _, row := range v.Rows {
		days := make([]chart.Absence, 0, len(row.Days))
		for _, d := range row.Days {
			days = append(days, d.State.Absence)
		}
		out = append(out, chart.YearRow{Title: row.Type.Title, Days: days})
	}
	return out
}

// monthTitle names the table of the chosen month.
func (v PersonCoverageView) monthTitle() string {
	return "Coverage by type and day, " + v.Month.String() + " " + strconv.Itoa(v.Year)
}

// monthDay is a day of the chosen month; d counts from 1.
func (v PersonCoverageView) monthDay(d int) health.Day {
	return health.DayOf(time.Date(v.Year, v.Month, d, 0, 0, 0, 0, time.UTC).Unix(), 0)
}

func (v PersonCoverageView) monthDays() int {
	return time.Date(v.Year, v.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// coverCell is a day of the month's table.
type coverCell struct {
	State health.DayState
	Title string
	URL   string
}

// month returns the days of the chosen month for one type.
func (v PersonCoverageView) month(row CoverageTypeRow) []coverCell {
	first := v.monthDay(1)
	begin := int(first - health.DayOf(time.Date(v.Year, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), 0))
	out := make([]coverCell, 0, 31)
	for i := range v.monthDays() {
		day := first + health.Day(i)
		state := row.Days[begin+i].State
		c := coverCell{State: state, Title: row.Type.Title + ", " + Date(day) + ": " + text.State(state)}
		if day <= v.Today {
			c.URL = dayURL(v.Person.Slug, day)
		}
		out = append(out, c)
	}
	return out
}
