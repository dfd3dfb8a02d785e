package export

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"garner/garmin"
	"garner/health"
	"garner/query"
)

// Metrics is the file of every daily metric.
type Metrics struct{ Form Form }

// Key names the file in forms and addresses.
func (Metrics) Key() string { return "metrics" }

// Name is the file name without a folder.
func (m Metrics) Name() string { return fileName(m.Key(), m.Form) }

// Holds describes a row.
func (Metrics) Holds() string { return "All daily metrics, one row per person and day" }

// Write writes the metrics of all people of a source.
func (m Metrics) Write(ctx context.Context, out io.Writer, from *Source) (rows int, err error) {
	var list []iter.Seq2[MetricsRow, error]
	for _, p := range from.People {
		days := from.Reader.Metrics(ctx, p.ID, from.From, from.To)
		list = append(list, MetricsOf(p.Name, days))
	}
	return WriteMetrics(out, m.Form, Chained(list...))
}

func (m Metrics) asked(key string) bool { return key == m.Key() }

func (Metrics) there(has func(typ string) bool) bool { return anyType(has) }

// MetricsRow is a day of a person with its metrics.
type MetricsRow struct {
	Person string
	query.MetricsDay
}

// MetricsOf adds the person to some days.
func MetricsOf(person string, days iter.Seq2[query.MetricsDay, error]) iter.Seq2[MetricsRow, error] {
	return func(yield func(MetricsRow, error) bool) {
		for day, err := range days {
			if !yield(MetricsRow{person, day}, err) {
				return
			}
		}
	}
}

// MetricsHeader are the columns of an export of metrics: the person, the date,
// and every daily metric with its unit.
func MetricsHeader() []string {
	out := []string{"person", "calendar_date"}
	for _, m := range garmin.Metrics() {
		out = append(out, column(m.Name, m.Unit))
	}
	return out
}

// WriteMetrics writes one line for each day of a person and returns how many. CSV
// leaves a metric empty that the day does not have, JSON Lines leave it out. It
// stops at the first error.
func WriteMetrics(out io.Writer, form Form, rows iter.Seq2[MetricsRow, error]) (n int, err error) {
	if form != CSV && form != JSON {
		return 0, fmt.Errorf("format %q: want csv or json", form)
	}
	w := bufio.NewWriterSize(out, 64<<10)
	if form == CSV {
		fmt.Fprint(w, strings.Join(MetricsHeader(), ","), "\r\n") //nolint:errcheck // Flush returns the first error
	}
	var line []byte
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if form == CSV {
			line = appendMetrics(line[:0], row)
		} else if line, err = appendMetricsJSON(line[:0], row); err != nil {
			return n, err
		}
		if _, err := w.Write(line); err != nil {
			return n, err
		}
		n++
	}
	return n, w.Flush()
}

func appendMetrics(b []byte, row MetricsRow) []byte {
	b = append(appendText(b, row.Person), ',')
	b = append(b, row.Day.String()...)
	for _, m := range garmin.Metrics() {
		b = append(b, ',')
		if x, ok := row.Values[m.Name]; ok {
			b = appendMetric(b, m, x)
		}
	}
	return append(b, "\r\n"...)
}

// appendMetric writes a value; a status by its word.
func appendMetric(b []byte, m health.Metric, x float64) []byte {
	if word, ok := garmin.MetricWord(m.Name, x); ok {
		return append(b, word...)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// AppendMetricJSON writes a value as JSON; a status by its word.
func AppendMetricJSON(b []byte, m health.Metric, x float64) []byte {
	if word, ok := garmin.MetricWord(m.Name, x); ok {
		return strconv.AppendQuote(b, word)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

func appendMetricsJSON(b []byte, row MetricsRow) ([]byte, error) {
	name, err := json.Marshal(row.Person)
	if err != nil {
		return b, err
	}
	b = append(append(b, `{"person":`...), name...)
	b = append(append(append(b, `,"calendar_date":"`...), row.Day.String()...), '"')
	for _, m := range garmin.Metrics() {
		x, ok := row.Values[m.Name]
		if !ok {
			continue
		}
		b = append(append(append(b, `,"`...), column(m.Name, m.Unit)...), `":`...)
		b = AppendMetricJSON(b, m, x)
	}
	return append(b, "}\n"...), nil
}
