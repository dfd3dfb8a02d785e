package export

import (
	"bufio"
	"context"
	"io"

	"garner/garmin"
	"garner/health"
)

// Columns is the file that describes every column of every CSV file, one row each:
// the data dictionary for programs.
type Columns struct{}

// Key names the file in forms and addresses.
func (Columns) Key() string { return "dictionary" }

// Name is the file name without a folder. It is CSV in every export.
func (c Columns) Name() string { return c.Key() + ".csv" }

// Holds describes a row.
func (Columns) Holds() string {
	return "The meaning and unit of every column, one row per file and column"
}

func (c Columns) asked(key string) bool { return key == c.Key() }

func (Columns) there(func(typ string) bool) bool { return true }

// identityMeans says what the columns of identity are.
var identityMeans = map[string]string{
	"person": "Name of the person", "calendar_date": "The person's own date",
	"start_time_utc": "Start, in UTC", "start_time_local": "Start, on the clock of the watch",
	"utc_offset_s": "How far the clock of the watch is ahead of UTC", "summary_id": "Garmin's id of the record",
	"device": "The Garmin device that the record comes from", "origin": "How the record came",
	"extra":    "What the element has beyond these columns, as JSON",
	"time_utc": "Time of the sample, in UTC", "time_local": "Time of the sample, on the clock of the watch",
	"reason": "Why a sample has no value", "type": "Data type", "state": "Whether the data are there, or why not",
}

// Write writes the same rows for all people and days.
func (Columns) Write(_ context.Context, out io.Writer, _ *Source) (rows int, err error) {
	w := bufio.NewWriter(out)
	put := func(cells ...string) { w.Write(AppendRow(nil, cells...)) } //nolint:errcheck // Flush returns the first error
	put("file", "column", "unit", "meaning", "garmin_name")
	for _, what := range Records(CSV) {
		known := what.columns()
		for _, name := range Header(what) {
			f, ok := known[name]
			if !ok {
				f = garmin.Field{Label: identityMeans[name]}
			}
			if name == "utc_offset_s" && !ok {
				f.Unit = health.Second
			}
			put(what.Name(), name, string(f.Unit), f.Label, f.JSON)
			rows++
		}
	}
	for _, name := range []string{"person", "calendar_date"} {
		put(Metrics{CSV}.Name(), name, "", identityMeans[name], "")
	}
	for _, m := range garmin.Metrics() {
		label := m.Label
		if m.Rule != "" {
			label += ". " + m.Rule
		}
		put(Metrics{CSV}.Name(), column(m.Name, m.Unit), string(m.Unit), label, "")
	}
	for _, name := range coverageHeader {
		put(Coverage{CSV}.Name(), name, "", identityMeans[name], "")
	}
	return rows + 2 + len(garmin.Metrics()) + len(coverageHeader), w.Flush()
}

// columns are the declared columns of a CSV file, by name.
func (w What) columns() map[string]garmin.Field {
	fields := w.Type.Fields
	switch {
	case w.Table != "":
		fields = w.table().Fields
	case w.Series != "":
		s := w.series()
		fields = []garmin.Field{{Name: column(s.Name, s.Unit), JSON: s.JSON, Label: s.Label, Unit: s.Unit}}
	}
	out := map[string]garmin.Field{}
	for _, f := range fields {
		out[f.Name] = f
	}
	return out
}
