package ui

import (
	"net/url"
	"time"

	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// NewDataIndex is the list of a person's types.
func NewDataIndex(person PersonLink, types []query.TypeExtent) DataIndexView {
	v := DataIndexView{Person: person}
	for _, t := range types {
		row := TypeRow{TypeExtent: t, About: typeAbout(t.Fields, t.Series, t.Tables), Why: chart.NotExpected}
		if t.Records > 0 {
			row.Why = chart.Present
		}
		v.Types = append(v.Types, row)
	}
	return v
}

// typeAbout says in a few words what records of a type can hold.
func typeAbout(fields, series, tables int) string {
	text := Plural(fields, "field", "fields")
	if series > 0 {
		text += ", " + Plural(series, "series", "series")
	}
	if tables > 0 {
		text += ", " + Plural(tables, "table", "tables")
	}
	return text
}

// TableForm is what was asked of a table: whose records, in which units and on
// which clock, and the range as typed with what is wrong with it.
type TableForm struct {
	Person   PersonLink
	Units    Units
	Clock    text.Clock
	From, To string
	Error    string
	// All means all columns.
	All bool
	// Demo leaves out that records are simulated: there all are.
	Demo bool
}

// NewDataTable is a page of a table. Where no range was typed, the form shows the
// one that was chosen.
func NewDataTable(f TableForm, t *query.Table) DataTableView {
	v := DataTableView{Person: f.Person, Units: f.Units, Key: t.Key, Title: t.Title, From: f.From, To: f.To,
		Error: f.Error, Device: t.Device, Origins: t.Origins, All: f.All, Left: t.Left,
		About: typeAbout(len(t.Columns)+t.Left, len(t.Series), len(t.Tables))}
	v.Columns = []Column{{Label: "Date", Text: true}, {Label: "Start", Text: true}}
	for _, c := range t.Columns {
		v.Columns = append(v.Columns, Column{Label: c.Label, Help: fieldHelp(t.Key, c.Name), Unit: c.Unit,
			Text: !c.Number})
	}
	if v.From+v.To == "" && t.Stored {
		v.From, v.To = t.From.String(), t.To.String()
	}
	for i := range t.Rows {
		v.Rows = append(v.Rows, f.row(&t.Rows[i]))
	}
	if len(v.Rows) == 0 && v.Error == "" {
		v.Empty = emptyTable(&v, t)
	}
	v.linkDownloads(t)
	return v
}

func emptyTable(v *DataTableView, t *query.Table) *Empty {
	if !t.Stored && t.PersonalOnly {
		return &Empty{What: t.Title + " of " + v.Person.Name + ", one row per record.",
			Why:  "No records have arrived: these come only with a key for Garmin’s Personal API, if Garmin has them.",
			Next: &Link{Text: "Connection and key", URL: connectionURL(v.Person.Slug)}}
	}
	if !t.Stored {
		return &Empty{What: t.Title + " of " + v.Person.Name + ", one row per record.",
			Why:  "No records have arrived: the watch may not measure it, or it is not shared.",
			Next: &Link{Text: "All types", URL: dataURL(v.Person.Slug)},
			When: "After the next sync of a watch that measures it."}
	}
	all := url.Values{"from": {t.First.String()}, "to": {t.Last.String()}}
	return &Empty{What: t.Title + " from " + v.From + " to " + v.To + ".",
		Why: "There are no records in this range.  Stored records range from " + t.First.String() + " to " +
			t.Last.String() + ".",
		Next: &Link{Text: "Show all", URL: tableURL(v.Person.Slug, t.Key) + "?" + all.Encode()}}
}

// linkDownloads leads to the downloads of what the table shows.
func (v *DataTableView) linkDownloads(t *query.Table) {
	address := func(name, value string) string {
		q := url.Values{name: {value}, "from": {v.From}, "to": {v.To}}
		return personURL(v.Person.Slug) + "/export/" + url.PathEscape(t.Key) + "?" + q.Encode()
	}
	columns := url.Values{"from": {v.From}, "to": {v.To}}
	if !v.All {
		columns.Set("columns", "all")
	}
	v.Others = tableURL(v.Person.Slug, t.Key) + "?" + columns.Encode()
	v.CSV, v.JSON = address("format", "csv"), address("format", "json")
	v.Export = personURL(v.Person.Slug) + "/export?" + url.Values{"from": {v.From}, "to": {v.To}}.Encode()
	for _, table := range t.Tables {
		v.Tables = append(v.Tables, Link{Text: table.Title + " (CSV)", URL: address("table", table.Name)})
	}
	for _, series := range t.Series {
		v.Tables = append(v.Tables, Link{Text: series.Title + " (CSV)", URL: address("series", series.Name)})
	}
}

func (f *TableForm) row(r *query.TableRow) DataRow {
	row := DataRow{Day: r.Day, Delivery: r.Delivery, Tentative: r.Tentative, Merged: r.Merged,
		Simulated: r.Simulated && !f.Demo, Cells: []Value{Word(r.Day.String()), f.start(r.Start)}}
	for _, c := range r.Cells {
		row.Cells = append(row.Cells, f.cell(c))
	}
	return row
}

func (f *TableForm) start(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Word(t.Format(f.Clock.Minutes()) + " " + Zone(t))
}

func (f *TableForm) cell(c query.Cell) Value {
	switch c.Kind {
	case query.CellNumber:
		v := Val(c.Number, c.Unit, 1)
		if c.Number == float64(int64(c.Number)) {
			v.Decimals = 0
		}
		v.Height, v.Delta = c.Height, c.Delta
		return v
	case query.CellInstant:
		return Word(c.Instant.Format("2006-01-02 "+f.Clock.Minutes()) + " " + Zone(c.Instant))
	case query.CellText:
		return Word(c.Text)
	}
	return Value{}
}
