package export

import (
	"io"
	"strconv"
	"strings"

	"garner/query"
)

// WriteMonth writes CSV: a line for each day of a month with the state of its summary, a key
// of health.Absence, its time asleep and its steps, each empty for none and with a state of
// its own, its activities by name and its note.
func WriteMonth(out io.Writer, person string, m *query.Month) error {
	b := AppendRow(nil, "person", "calendar_date", "state", "sleep_s", "sleep_state", "steps", "steps_state", "activities",
		"note")
	for i := range m.Days {
		d := &m.Days[i]
		names := make([]string, len(d.Activities))
		for k := range d.Activities {
			names[k] = d.Activities[k].Name
		}
		b = AppendRow(b, person, d.Day.String(), d.Summary.Key(), dayNumber(&d.Sleep), stateOf(&d.Sleep), dayNumber(&d.Steps),
			stateOf(&d.Steps), strings.Join(names, "; "), d.Note)
	}
	_, err := out.Write(b)
	return err
}

// dayNumber is the value of a day, empty for none.
func dayNumber(d *query.TrendDay) string {
	if !d.Has {
		return ""
	}
	return strconv.FormatFloat(d.Value, 'f', -1, 64)
}
