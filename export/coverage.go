package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"

	"garner/garmin/element"
	"garner/query"
)

// Coverage is the file of the coverage of each type on each day.
type Coverage struct{ Form Form }

// CoverageRow is a day of a person and type with its state.
type CoverageRow struct {
	Person string
	query.CoverageDay
}

// Key names the file in forms and addresses.
func (Coverage) Key() string { return "coverage" }

// Name is the file name without a folder.
func (c Coverage) Name() string { return fileName(c.Key(), c.Form) }

// Holds describes a row.
func (Coverage) Holds() string {
	return "Received and missing data, one row per person, type and day on which data was expected"
}

// Write writes the coverage of all people of a source.
func (c Coverage) Write(ctx context.Context, out io.Writer, from *Source) (rows int, err error) {
	var list []iter.Seq2[CoverageRow, error]
	for _, p := range from.People {
		list = append(list, CoverageOf(p.Name, from.Reader.CoverageDays(ctx, p.ID, from.From, from.To)))
	}
	return WriteCoverage(out, c.Form, Chained(list...))
}

func (c Coverage) asked(key string) bool { return key == c.Key() }

func (Coverage) there(has func(typ string) bool) bool { return anyType(has) }

// CoverageOf adds the person to some days.
func CoverageOf(person string, days iter.Seq2[query.CoverageDay, error]) iter.Seq2[CoverageRow, error] {
	return func(yield func(CoverageRow, error) bool) {
		for day, err := range days {
			if !yield(CoverageRow{person, day}, err) {
				return
			}
		}
	}
}

var coverageHeader = []string{"person", "type", "calendar_date", "state"}

// WriteCoverage writes one line for each row and returns how many. The states are
// the keys of health.Absence, present among them. It stops at the first error.
func WriteCoverage(out io.Writer, form Form, rows iter.Seq2[CoverageRow, error]) (n int, err error) {
	if form != CSV && form != JSON {
		return 0, fmt.Errorf("format %q: want csv or json", form)
	}
	w := bufio.NewWriterSize(out, 64<<10)
	var line []byte
	if form == CSV {
		line = AppendRow(line, coverageHeader...)
		w.Write(line) //nolint:errcheck // Flush returns the first error
	}
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if form == CSV {
			line = AppendRow(line[:0], row.Person, row.Type, row.Day.String(), row.State.Key())
		} else {
			line = appendCoverageJSON(line[:0], row)
		}
		if _, err := w.Write(line); err != nil {
			return n, err
		}
		n++
	}
	return n, w.Flush()
}

func appendCoverageJSON(b []byte, row CoverageRow) []byte {
	b = element.AppendQuoted(append(b, `{"person":`...), row.Person)
	b = element.AppendQuoted(append(b, `,"type":`...), row.Type)
	b = element.AppendQuoted(append(b, `,"calendar_date":`...), row.Day.String())
	b = element.AppendQuoted(append(b, `,"state":`...), row.State.Key())
	return append(b, "}\n"...)
}
