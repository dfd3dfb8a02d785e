package export

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"

	"garner/query"
)

// WriteRecording writes what was recorded during an activity as CSV, a line for each
// sample, with the columns and units of the series of the export. A value that a sample
// does not have is empty.
func WriteRecording(out io.Writer, person string, d *query.ActivityDetail) error {
	w := bufio.NewWriterSize(out, 64<<10)
	header := []string{"person", "activity_id", "device", "time_utc", "time_local"}
	for _, c := range d.Columns {
		header = append(header, column(c.Name, c.Unit))
	}
	w.Write(AppendRow(nil, header...)) //nolint:errcheck // Flush returns the first error
	same := strings.TrimSuffix(string(AppendRow(nil, person, d.ID, d.Device)), "\r\n")
	at := clock{offset: &d.Offset}
	var line []byte
	for i, t := range d.T {
		line = append(append(line[:0], same...), ',')
		line = at.append(line, d.Begin*1000+int64(math.Round(t*1000)))
		for _, c := range d.Columns {
			if line = append(line, ','); !math.IsNaN(c.Values[i]) {
				line = strconv.AppendFloat(line, c.Values[i], 'f', -1, 64)
			}
		}
		if _, err := w.Write(append(line, "\r\n"...)); err != nil {
			return err
		}
	}
	return w.Flush()
}
