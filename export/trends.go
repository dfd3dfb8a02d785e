package export

import (
	"bufio"
	"io"

	"garner/query"
)

// WriteTrends writes metrics over the same days as CSV: a line for each day, and two
// columns for each metric: its value, empty for none, and its state, a key of
// health.Absence.
func WriteTrends(out io.Writer, person string, list []query.Trend) error {
	w := bufio.NewWriterSize(out, 64<<10)
	header := []string{"person", "calendar_date"}
	for i := range list {
		header = append(header, column(list[i].Name, list[i].Unit), list[i].Name+"_state")
	}
	line := AppendRow(nil, header...)
	w.Write(line) //nolint:errcheck // Flush returns the first error
	if len(list) == 0 {
		return w.Flush()
	}
	for at, day := range list[0].Days {
		line = appendText(line[:0], person)
		line = append(append(line, ','), day.Day.String()...)
		for i := range list {
			d := &list[i].Days[at]
			line = append(line, ',')
			if d.Has {
				line = appendMetric(line, list[i].Metric, d.Value)
			}
			line = appendText(append(line, ','), d.State.Key())
		}
		if _, err := w.Write(append(line, "\r\n"...)); err != nil {
			return err
		}
	}
	return w.Flush()
}
