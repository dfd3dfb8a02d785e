package export

import (
	"bufio"
	"io"
	"math"
	"strconv"

	"garner/garmin"
	"garner/health"
	"garner/query"
)

// Trends are metrics over the same days, as a file.
type Trends struct {
	Person string
	List   []query.Trend
	// Before are the same metrics over as many days before, nil without comparison.
	Before []query.Trend
	// Notes are those on the days.
	Notes []health.Note
}

// Write writes CSV: a line for each day, with columns for each metric: its value, empty for
// none; its state, a key of health.Absence, or so_far for a day that is not over; the mean
// of the 7 days that end with the day and how many of them have a value; the ends of the
// usual range; and the value of the same day of the period before, whose date is
// before_calendar_date. The last column is the note on the day. A metric that is a status
// has neither means nor ranges.
func (t Trends) Write(out io.Writer) error {
	w := bufio.NewWriterSize(out, 64<<10)
	w.Write(AppendRow(nil, t.header()...)) //nolint:errcheck // Flush returns the first error
	if len(t.List) == 0 {
		return w.Flush()
	}
	var line []byte
	for at := range t.List[0].Days {
		line = t.appendDay(line[:0], at)
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (t Trends) header() []string {
	out := []string{"person", "calendar_date"}
	if len(t.Before) > 0 {
		out = append(out, "before_calendar_date")
	}
	for i := range t.List {
		m := t.List[i].Metric
		out = append(out, column(m.Name, m.Unit), m.Name+"_state")
		if !isStatus(m) {
			out = append(out, column(m.Name+"_mean_7_days", m.Unit), m.Name+"_mean_7_days_count",
				column(m.Name+"_usual_low", m.Unit), column(m.Name+"_usual_high", m.Unit))
		}
		if i < len(t.Before) {
			out = append(out, column(m.Name+"_before", m.Unit))
		}
	}
	return append(out, "note")
}

// appendDay writes the line of a day.
func (t Trends) appendDay(line []byte, at int) []byte {
	day := t.List[0].Days[at].Day
	line = append(append(appendText(line, t.Person), ','), day.String()...)
	if len(t.Before) > 0 {
		line = append(append(line, ','), t.Before[0].Days[at].Day.String()...)
	}
	for i := range t.List {
		m, d := t.List[i].Metric, &t.List[i].Days[at]
		line = appendDayValue(append(line, ','), m, d)
		line = appendText(append(line, ','), stateOf(d))
		if !isStatus(m) {
			line = appendUsual(line, d)
		}
		if i < len(t.Before) {
			line = appendDayValue(append(line, ','), m, &t.Before[i].Days[at])
		}
	}
	return append(appendText(append(line, ','), health.NoteOn(t.Notes, day)), "\r\n"...)
}

// isStatus reports whether the values of a metric are words.
func isStatus(m health.Metric) bool {
	_, ok := garmin.MetricWord(m.Name, 0)
	return ok
}

func appendDayValue(b []byte, m health.Metric, d *query.TrendDay) []byte {
	if !d.Has {
		return b
	}
	return appendMetric(b, m, d.Value)
}

// appendUsual writes the mean of a day, its number of days and the usual range, each after
// a comma.
func appendUsual(b []byte, d *query.TrendDay) []byte {
	b = append(b, ',')
	if d.Mean.N > 0 {
		b = appendRounded(b, d.Mean.Value)
	}
	b = strconv.AppendInt(append(b, ','), int64(d.Mean.N), 10)
	if !d.Known {
		return append(b, ",,"...)
	}
	return appendRounded(append(appendRounded(append(b, ','), d.Usual.Low), ','), d.Usual.High)
}

// appendRounded writes what was computed: digits after the fourth are noise of the division.
// What is beyond a number is empty.
func appendRounded(b []byte, x float64) []byte {
	const scale = 1e4
	if math.IsInf(x*scale, 0) || math.IsNaN(x) {
		return b
	}
	return strconv.AppendFloat(b, math.Round(x*scale)/scale, 'f', -1, 64)
}

func stateOf(d *query.TrendDay) string {
	if d.SoFar {
		return "so_far"
	}
	return d.State.Key()
}
