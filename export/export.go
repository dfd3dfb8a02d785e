package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/query"
)

// Row is a record with the name of its person.
type Row struct {
	Person string
	*health.Record
	begins int64 // its start if the element has one, else 0
}

// Rows yields the records to write, in the order to write them.
type Rows = iter.Seq2[Row, error]

// Of adds the person to some records.
func Of(person string, records iter.Seq2[*health.Record, error]) Rows {
	return func(yield func(Row, error) bool) {
		for rec, err := range records {
			if !yield(Row{Person: person, Record: rec}, err) {
				return
			}
		}
	}
}

// Read yields the records of a person that are to be written. JSON Lines have
// every current version; CSV leaves out simulated ones if there are real
// ones.
func (w *What) Read(ctx context.Context, q *query.Reader, p Person, from, to health.Day) Rows {
	return Of(p.Name, q.Records(ctx, p.ID, w.Type.Key, from, to, w.Form == JSON))
}

// Chain yields one after the other.
func Chain(list ...Rows) Rows { return Chained(list...) }

// Chained yields one sequence after the other.
func Chained[T any](list ...iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, rows := range list {
			for row, err := range rows {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

// Without leaves out the rows for whose error told returns true; none for nil.
func Without(rows Rows, told func(error) bool) Rows {
	if told == nil {
		return rows
	}
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err != nil && told(err) {
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Form is a file format.
type Form string

// The formats.
const (
	CSV  Form = "csv"
	JSON Form = "json"
)

// Mark is the byte order mark. Some spreadsheets take a CSV file for UTF-8 only if it
// begins with one; most programs take it for a part of the first column's name.
const Mark = "\ufeff"

// What selects the part of a type's records to write: the records themselves, or
// one of their child tables, or one of their series.
type What struct {
	Type   *garmin.Type
	Table  string
	Series string
	Form   Form
}

// Name is the file name for what is written, without a folder.
func (w What) Name() string { return fileName(w.Key(), w.Form) }

// Check returns what is wrong with the request, with the valid values.
func (w What) Check() error {
	switch {
	case w.Form != CSV && w.Form != JSON:
		return fmt.Errorf("format %q: want csv or json", w.Form)
	case w.Table != "" && w.Series != "":
		return fmt.Errorf("a table and a series cannot be in one file")
	case w.Form == JSON && w.Table+w.Series != "":
		return fmt.Errorf("json contains whole elements; tables and series need csv")
	case w.Table != "" && w.table() == nil:
		return fmt.Errorf("%s has no table %q; it has: %s", w.Type.Key, w.Table,
			names(w.Type.Tables, func(t garmin.Table) string { return t.Name }))
	case w.Series != "" && w.series() == nil:
		return fmt.Errorf("%s has no series %q; it has: %s", w.Type.Key, w.Series,
			names(w.Type.Series, func(s garmin.Series) string { return s.Name }))
	}
	return nil
}

func names[T any](list []T, name func(T) string) string {
	out := ""
	for i, v := range list {
		if i > 0 {
			out += ", "
		}
		out += name(v)
	}
	if out == "" {
		return "none"
	}
	return out
}

func (w What) table() *garmin.Table {
	for i := range w.Type.Tables {
		if w.Type.Tables[i].Name == w.Table {
			return &w.Type.Tables[i]
		}
	}
	return nil
}

func (w What) series() *garmin.Series {
	for i := range w.Type.Series {
		if w.Type.Series[i].Name == w.Series {
			return &w.Type.Series[i]
		}
	}
	return nil
}

// Parts returns all parts of a type: its records and, for CSV, each table and each
// series.
func Parts(t *garmin.Type, form Form) []What {
	parts := []What{{Type: t, Form: form}}
	if form != CSV {
		return parts
	}
	for _, table := range t.Tables {
		parts = append(parts, What{Type: t, Table: table.Name, Form: form})
	}
	for _, series := range t.Series {
		parts = append(parts, What{Type: t, Series: series.Name, Form: form})
	}
	return parts
}

// Write writes rows to out and returns how many lines it wrote, the header not
// counted. It stops at the first error.
func Write(out io.Writer, what What, rows Rows) (n int, err error) {
	if err := what.Check(); err != nil {
		return 0, err
	}
	w := &writer{out: bufio.NewWriterSize(out, 64<<10), what: what}
	w.begin()
	for row, err := range rows {
		if err != nil {
			return w.lines, err
		}
		v, err := element.Unpack(row.Body)
		if err != nil {
			return w.lines, fmt.Errorf("%s of %s: %w", what.Type.Key, row.Day, err)
		}
		if err := w.row(row, v); err != nil {
			return w.lines, err
		}
	}
	return w.lines, w.out.Flush()
}

// writer is a file being written.
type writer struct {
	out   *bufio.Writer
	what  What
	lines int
	id    []byte // the identity cells of the current row
	line  []byte
}

func (w *writer) begin() {
	if w.what.Form == CSV {
		w.line = appendHeader(w.line[:0], w.what)
		w.flushLine()
		w.lines--
	}
}

// flushLine passes the line on; the buffered writer keeps the first error until
// Flush.
func (w *writer) flushLine() {
	w.out.Write(w.line) //nolint:errcheck // see above
	w.lines++
}

func (w *writer) row(row Row, v element.Value) error {
	if w.what.Type.SaysStart(v) {
		row.begins = row.Start
	}
	switch {
	case w.what.Form == JSON:
		w.line = appendJSONLine(w.line[:0], row, v)
		w.flushLine()
	case w.what.Series != "":
		w.series(row, v)
	case w.what.Table != "":
		w.table(row, v)
	default:
		w.record(row, v)
	}
	// An error of an earlier line shows here, so that the work ends when the reader
	// has gone.
	_, err := w.out.Write(nil)
	return err
}

func (w *writer) record(row Row, v element.Value) {
	w.line = appendIdentity(w.line[:0], row)
	for i := range w.what.Type.Fields {
		w.line = append(w.line, ',')
		w.line = appendValue(w.line, w.what.Type.Fields[i].Value(v))
	}
	w.line = append(w.line, ',')
	if extra := w.what.Type.Extra(v); len(extra) > 0 {
		w.line = appendText(w.line, string(extra))
	}
	w.line = append(w.line, "\r\n"...)
	w.flushLine()
}

func (w *writer) table(row Row, v element.Value) {
	table := w.what.table()
	w.id = appendIdentity(w.id[:0], row)
	for item := range table.Rows(v) {
		w.line = append(w.line[:0], w.id...)
		for i := range table.Fields {
			w.line = append(w.line, ',')
			w.line = appendValue(w.line, table.Fields[i].Value(item))
		}
		w.line = append(w.line, "\r\n"...)
		w.flushLine()
	}
}

func (w *writer) series(row Row, v element.Value) {
	series := w.what.series()
	w.id = append(appendIdentity(w.id[:0], row), ',')
	clock := clock{offset: row.Offset}
	series.Each(v, row.Start, func(ms int64, n element.Num) bool {
		w.line = append(w.line[:0], w.id...)
		w.line = clock.append(w.line, ms)
		w.line = append(w.line, ',')
		reason, none := "", false
		if series.Reason != nil {
			reason, none = series.Reason(n.Float())
		}
		if !none {
			w.line = n.AppendText(w.line)
		}
		if series.Reason != nil {
			w.line = append(w.line, ',')
			w.line = append(w.line, reason...)
		}
		w.line = append(w.line, "\r\n"...)
		w.flushLine()
		return true
	})
}
