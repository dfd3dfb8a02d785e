package query

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// TypeExtent is what is stored of one of a person's types.
type TypeExtent struct {
	TypeRef
	// Fields, Series and Tables count what a record of the type can hold.
	Fields, Series, Tables int
	// Records is 0 if there are none; then the rest is zero too.
	Records        int
	Oldest, Newest health.Day
	Received       time.Time
}

func typeExtent(t *garmin.Type) TypeExtent {
	return TypeExtent{TypeRef: TypeRef{t.Key, t.Title}, Fields: len(t.Fields), Series: len(t.Series),
		Tables: len(t.Tables)}
}

// Types returns every type that can have records, with a person's extent.
func (q *Reader) Types(ctx context.Context, person int64) ([]TypeExtent, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	extents, err := q.Store.Extents(ctx, person)
	if err != nil {
		return nil, err
	}
	byType := map[string]db.Extent{}
	for _, e := range extents {
		byType[e.Type] = e
	}
	fresh, err := q.Store.FreshnessOf(ctx, person)
	var out []TypeExtent
	for _, t := range garmin.Types {
		if !t.HasRecords() || q.Viewer.hides(person, t.Key) {
			continue
		}
		row := typeExtent(t)
		if e, ok := byType[t.Key]; ok {
			row.Records, row.Oldest, row.Newest, row.Received = e.Records, e.Oldest, e.Newest, fresh[t.Key].Received
		}
		out = append(out, row)
	}
	return out, err
}

// TableRange selects the records of a page of a table.
type TableRange struct {
	// From and To are the first and last day. Recent, if not 0, takes so many
	// days up to the newest record instead.
	From, To health.Day
	Recent   int
	// Until is the newest day of the page; 0 for that of the range. A page has whole
	// days, Limit records or, for a day with more, as many as it has.
	Until health.Day
	Limit int
	// All means all columns, not only the main ones.
	All bool
}

// Table is a page of the records of a person's type.
type Table struct {
	TypeRef
	// From and To are the days of the range.
	From, To health.Day
	// Stored reports whether there are any records of the type; First and Last are
	// their days.
	Stored bool
	// PersonalOnly means that it comes with a key only.
	PersonalOnly bool
	First, Last  health.Day
	// Columns are fields of the type, Left counts those that are not shown. Series and
	// Tables are the other parts of its records.
	Columns        []Column
	Left           int
	Series, Tables []Part
	// Rows are the newest first, their cells in the order of Columns.
	Rows []TableRow
	// Next is the newest day of the next page, 0 on the last.
	Next health.Day
	// Device is what measured the newest record of the page.
	Device string
	// Origins are how the records of the page came in.
	Origins health.Origins
}

// Column is one field of a type.
type Column struct {
	// Name is that of the field in files.
	Name, Label string
	// Unit is empty if the cells are instants.
	Unit health.Unit
	// Number means that its cells are numbers.
	Number bool
}

// Part is a series or table inside the records of a type.
type Part struct{ Name, Title string }

// TableRow is one record.
type TableRow struct {
	Day health.Day
	// Start is on the record's clock; zero if the record has none.
	Start time.Time
	Cells []Cell
	// Delivery is the id of the delivery that it came with.
	Delivery int64
	// Simulated and Merged are explained at health.Origin and health.Version.
	Tentative, Simulated, Merged bool
}

// CellKind is which member of a Cell has its value.
type CellKind uint8

// The kinds of cells.
const (
	CellAbsent CellKind = iota
	CellNumber
	CellInstant
	CellText
)

// Cell is the value of one field of one record.
type Cell struct {
	Kind CellKind
	// Number is in Unit. Height means that it is an ascent or an elevation,
	// Delta that it is a difference, as of temperatures.
	Number        float64
	Unit          health.Unit
	Height, Delta bool
	// Instant is on the record's clock.
	Instant time.Time
	// Text is a word as Garmin sends it; lists and objects are JSON.
	Text string
}

// Table returns a page of the records of a person's type; the viewer must be allowed
// to read the person's values. A private type is db.ErrNotFound for others.
func (q *Reader) Table(ctx context.Context, person int64, t *garmin.Type, r TableRange) (*Table, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	if q.Viewer.hides(person, t.Key) {
		return nil, db.ErrNotFound
	}
	shown := shownFields(t, r.All)
	out := tableOf(t, shown)
	out.From, out.To = r.From, r.To
	first, last, err := q.Store.TypeDays(ctx, person, t.Key)
	if errors.Is(err, db.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Stored, out.First, out.Last = true, first, last
	if r.Recent > 0 {
		out.From, out.To = max(first, last-health.Day(r.Recent)+1), last
	}
	from, to := max(out.From, first), min(out.To, last)
	if r.Until != 0 {
		to = min(to, r.Until)
	}
	recs, lo, err := q.newestRecords(ctx, person, t.Key, from, to, r.Limit)
	if err != nil {
		return nil, err
	}
	if lo > from {
		older, err := q.Store.Records(ctx, person, t.Key, from, lo-1, db.Cursor{}, 1)
		if err != nil {
			return nil, err
		}
		if len(older) > 0 {
			out.Next = lo - 1
		}
	}
	for _, rec := range recs {
		row, err := tableRow(t, shown, rec)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
		out.Origins |= rec.AllOrigins()
		if out.Device == "" {
			out.Device = rec.Device
		}
	}
	return out, nil
}

func tableOf(t *garmin.Type, shown []int) *Table {
	out := &Table{TypeRef: TypeRef{t.Key, t.Title}, PersonalOnly: t.PersonalOnly, Left: len(t.Fields) - len(shown)}
	for _, i := range shown {
		f := &t.Fields[i]
		c := Column{Name: f.Name, Label: f.Label, Number: f.Form == garmin.Number}
		if f.Form != garmin.Time { // its unit is that of a duration
			c.Unit = f.Unit
		}
		out.Columns = append(out.Columns, c)
	}
	for _, s := range t.Series {
		out.Series = append(out.Series, Part{s.Name, s.Label})
	}
	for _, sub := range t.Tables {
		out.Tables = append(out.Tables, Part{sub.Name, sub.Title})
	}
	return out
}

func tableRow(t *garmin.Type, shown []int, rec *health.Record) (TableRow, error) {
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return TableRow{}, err
	}
	zone := time.UTC
	if rec.Offset != nil {
		zone = time.FixedZone("", int(*rec.Offset))
	}
	row := TableRow{Day: rec.Day, Delivery: rec.Order.Arrival.Delivery, Tentative: rec.Order.Class == health.Tentative,
		Simulated: rec.Simulated(), Merged: rec.Blended}
	if rec.Start != 0 {
		row.Start = time.Unix(rec.Start, 0).In(zone)
	}
	for _, i := range shown {
		row.Cells = append(row.Cells, cell(&t.Fields[i], v, zone))
	}
	return row, nil
}

func cell(f *garmin.Field, v element.Value, zone *time.Location) Cell {
	got := f.Value(v)
	if x, ok := got.Int(); ok && f.Form == garmin.Time {
		return Cell{Kind: CellInstant, Instant: time.Unix(x, 0).In(zone)}
	}
	if x, ok := got.Float(); ok && f.Form == garmin.Number && got.Kind() == element.Number {
		return Cell{Kind: CellNumber, Number: x, Unit: f.Unit, Height: f.Height, Delta: f.Delta}
	}
	switch got.Kind() {
	case element.Absent, element.Null:
		return Cell{}
	case element.Array, element.Object:
		return Cell{Kind: CellText, Text: string(got.AppendJSON(nil))}
	}
	return Cell{Kind: CellText, Text: got.Text()}
}
