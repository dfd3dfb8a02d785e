package export

import (
	"context"
	"io"

	"garner/garmin"
	"garner/health"
	"garner/query"
)

// File is one file of an export. The command line, the pages and archives all
// write the same files.
type File interface {
	// Key names the file in forms and addresses, such as sleeps_naps.
	Key() string
	// Name is the file name without a folder, such as sleeps_naps.csv.
	Name() string
	// Holds describes a row of the file in a few words.
	Holds() string
	// Write writes the file and returns its number of rows, not counting the header.
	Write(ctx context.Context, out io.Writer, from *Source) (rows int, err error)

	// asked reports whether a key selects this file.
	asked(key string) bool
	// there reports whether the file has any content, given which types have
	// records.
	there(has func(typ string) bool) bool
}

// Person is the person whose data is exported.
type Person struct {
	ID   int64
	Name string
}

// Source is what the files of an export are read from.
type Source struct {
	// Reader reads one snapshot, so that all files are of the same moment.
	Reader *query.Reader
	People []Person
	// From and To are the days, both included.
	From, To health.Day
	// Damaged reports whether an error is about one damaged record, which is then
	// left out. It is called once for each.
	Damaged func(error) bool
	// Device is called with the device of each record; nil if nothing asks.
	Device func(name string)
}

// naming tells the source the device of each row.
func (s *Source) naming(rows Rows) Rows {
	if s.Device == nil {
		return rows
	}
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				s.Device(row.Device)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Plan is which files an export consists of.
type Plan struct {
	// Files are those to write, in the order that people see them.
	Files []File
	// Absent are those that were selected and have no content.
	Absent []File
	// Unknown are the keys that name no file.
	Unknown []string
}

// PlanOf decides which files an export in a format consists of: those that keys
// select, if the types have records. JSON Lines have the tables and series of a
// type in the file of its records, so their keys select that.
func PlanOf(form Form, keys []string, has func(typ string) bool) (p Plan) {
	known := map[string]bool{}
	for _, f := range Files(form) {
		chosen := false
		for _, key := range keys {
			if f.asked(key) {
				chosen, known[key] = true, true
			}
		}
		switch {
		case chosen && f.there(has):
			p.Files = append(p.Files, f)
		case chosen:
			p.Absent = append(p.Absent, f)
		}
	}
	for _, key := range keys {
		if !known[key] {
			p.Unknown = append(p.Unknown, key)
		}
	}
	return p
}

// Files lists every file that there can be in a format, in the order that people
// see them.
func Files(form Form) (out []File) {
	for _, what := range Records(form) {
		out = append(out, what)
	}
	return append(out, Metrics{form}, Coverage{form}, Dictionary{}, Columns{})
}

// Records lists the files of records that there can be in a format: for each
// type its Parts.
func Records(form Form) (out []What) {
	for _, k := range garmin.Kinds() {
		t, _ := garmin.Lookup(k.Type)
		out = append(out, Parts(t, form)...)
	}
	return out
}

// fileName is the name of a file by its key.
func fileName(key string, form Form) string {
	if form == JSON {
		return key + ".jsonl"
	}
	return key + ".csv"
}

// anyType reports whether any type has records.
func anyType(has func(typ string) bool) bool {
	for _, k := range garmin.Kinds() {
		if has(k.Type) {
			return true
		}
	}
	return false
}

// Key names the file in forms and addresses.
func (w What) Key() string {
	if part := w.Table + w.Series; part != "" {
		return w.Type.Key + "_" + part
	}
	return w.Type.Key
}

// Holds describes a row.
func (w What) Holds() string {
	switch {
	case w.Table != "" && w.table() != nil:
		return w.Type.Title + ": " + w.table().Title + ", one row per entry"
	case w.Series != "" && w.series() != nil:
		return w.Type.Title + ": " + w.series().Label + ", one row per sample"
	case w.Form == JSON:
		return w.Type.Title + ", one record per line with its tables and series"
	}
	return w.Type.Title + ", one row per record"
}

// Write writes the records of all people of a source, a person at a time.
func (w What) Write(ctx context.Context, out io.Writer, from *Source) (rows int, err error) {
	var list []Rows
	for _, p := range from.People {
		list = append(list, w.Read(ctx, from.Reader, p, from.From, from.To))
	}
	return Write(out, w, from.naming(Without(Chain(list...), from.Damaged)))
}

func (w What) asked(key string) bool {
	if w.Form != JSON {
		return key == w.Key()
	}
	for _, part := range Parts(w.Type, CSV) {
		if key == part.Key() {
			return true
		}
	}
	return false
}

func (w What) there(has func(typ string) bool) bool { return has(w.Type.Key) }
