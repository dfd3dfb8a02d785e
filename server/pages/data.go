package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// dataRows is how many records a page of a table shows.
const dataRows = 100

// dataDays is the range that a table shows where none is asked for.
const dataDays = 28

func (s *Site) dataIndex(r *http.Request) (answer, error) {
	p, err := s.base(r, "Data", ui.NavData)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	p.Title = "Data of " + person.Name
	extents, err := s.store.Extents(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	byType := map[string]db.Extent{}
	for _, e := range extents {
		byType[e.Type] = e
	}
	fresh, err := s.store.FreshnessOf(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	v := ui.DataIndexView{Person: link(person)}
	for _, k := range garmin.Kinds() {
		t, _ := garmin.Lookup(k.Type)
		row := ui.TypeRow{Key: t.Key, Title: t.Title, About: about(t), Why: chart.NotExpected}
		if e, ok := byType[t.Key]; ok {
			row.Records, row.Oldest, row.Newest, row.Why = e.Records, e.Oldest, e.Newest, chart.Present
			row.Received = fresh[t.Key].Received
		}
		v.Types = append(v.Types, row)
	}
	return render(ui.DataIndex(p, v))
}

// about says in a few words what a type holds.
func about(t *garmin.Type) string {
	text := ui.Plural(len(t.Fields), "field", "fields")
	if n := len(t.Series); n > 0 {
		text += ", " + ui.Plural(n, "series", "series")
	}
	if n := len(t.Tables); n > 0 {
		text += ", " + ui.Plural(n, "table", "tables")
	}
	return text
}

func (s *Site) dataTable(r *http.Request) (answer, error) {
	t, ok := recordType(mux.Vars(r)["type"])
	if !ok {
		return answer{}, db.ErrNotFound
	}
	p, err := s.base(r, t.Title, ui.NavData)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	p.Title = t.Title + " of " + person.Name
	v := ui.DataTableView{Person: link(person), Units: ui.Units(person.Units), Key: t.Key, Title: t.Title, About: about(t),
		From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to"), Total: -1}
	v.Columns = columns(t)
	first, last, err := s.store.TypeDays(r.Context(), person.ID, t.Key)
	if err != nil {
		v.Empty = &ui.Empty{What: t.Title + " of " + person.Name + ", one row per record.",
			Why:  "None has ever arrived: the watch may not measure it, or it is not shared.",
			Next: &ui.Link{Text: "All types", URL: "/p/" + person.Slug + "/data"},
			When: "After the next sync of a watch that measures it."}
		if err == db.ErrNotFound {
			return render(ui.DataTable(p, v))
		}
		return answer{}, err
	}
	return s.fillTable(r, p, v, t, person, first, last)
}

func (s *Site) fillTable(r *http.Request, p ui.Page, v ui.DataTableView, t *garmin.Type, person *db.Person, first,
	last health.Day) (answer, error) {
	if v.From == "" && v.To == "" {
		v.From, v.To = max(first, last-dataDays+1).String(), last.String()
	}
	from, to, err := span(v.From, v.To)
	if err != nil {
		v.Error = err.Error()
		return answer{view: ui.DataTable(p, v), status: http.StatusBadRequest}, nil
	}
	after, err := placeIn(r)
	if err != nil {
		return answer{}, err
	}
	recs, err := s.store.Records(r.Context(), person.ID, t.Key, from, to, after, dataRows+1)
	if err != nil {
		return answer{}, err
	}
	if len(recs) > dataRows {
		recs = recs[:dataRows]
		v.Next = tableURL(person, t, v, &recs[dataRows-1].Version, recs[dataRows-1].ID)
	}
	for _, rec := range recs {
		row, err := dataRow(t, rec)
		if err != nil {
			return answer{}, err
		}
		row.Simulated = rec.Simulated() && !s.Demo
		v.Rows = append(v.Rows, row)
		if rec.Device != "" {
			v.Device = rec.Device
		}
	}
	if len(recs) == 0 {
		v.Empty = &ui.Empty{What: t.Title + " from " + v.From + " to " + v.To + ".",
			Why:  "There is none in this range; there are records from " + first.String() + " to " + last.String() + ".",
			Next: &ui.Link{Text: "Show all", URL: fmt.Sprintf("/p/%s/data/%s?from=%s&to=%s", person.Slug, t.Key, first, last)}}
	}
	links(&v, person, t)
	return render(ui.DataTable(p, v))
}

// links lead to the downloads of what the table shows.
func links(v *ui.DataTableView, person *db.Person, t *garmin.Type) {
	address := func(extra url.Values) string {
		extra.Set("from", v.From)
		extra.Set("to", v.To)
		return "/p/" + person.Slug + "/export/" + t.Key + "?" + extra.Encode()
	}
	v.CSV, v.JSON = address(url.Values{"format": {"csv"}}), address(url.Values{"format": {"json"}})
	v.Export = "/p/" + person.Slug + "/export?" + url.Values{"from": {v.From}, "to": {v.To}}.Encode()
	for _, table := range t.Tables {
		v.Tables = append(v.Tables, ui.Link{Text: table.Title + " (CSV)", URL: address(url.Values{"table": {table.Name}})})
	}
	for _, series := range t.Series {
		v.Tables = append(v.Tables, ui.Link{Text: series.Label + " (CSV)", URL: address(url.Values{"series": {series.Name}})})
	}
}

func columns(t *garmin.Type) []ui.Column {
	out := []ui.Column{{Label: "Date", Text: true}, {Label: "Start", Text: true}}
	for _, f := range t.Fields {
		c := ui.Column{Label: f.Label, Unit: f.Unit, Text: f.Form != garmin.Number}
		if f.Form == garmin.Time {
			c.Unit = health.None // the cell is a time, not a length of time
		}
		out = append(out, c)
	}
	return out
}

func dataRow(t *garmin.Type, rec *health.Record) (ui.DataRow, error) {
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return ui.DataRow{}, err
	}
	row := ui.DataRow{Delivery: rec.Order.Arrival.Delivery, Tentative: rec.Order.Class == health.Tentative,
		Merged: rec.Blended, Day: rec.Day}
	row.Cells = append(row.Cells, ui.Word(rec.Day.String()), startCell(rec))
	for i := range t.Fields {
		row.Cells = append(row.Cells, cell(&t.Fields[i], v, rec))
	}
	return row, nil
}

// cell shows a field: numbers in the reader's units, instants on the record's
// clock, all else as sent.
func cell(f *garmin.Field, v element.Value, rec *health.Record) ui.Value {
	got := f.Value(v)
	if x, ok := got.Int(); ok && f.Form == garmin.Time {
		t := time.Unix(x, 0).In(at(rec.Offset))
		return ui.Word(t.Format("2006-01-02 15:04 ") + ui.Zone(t))
	}
	if x, ok := got.Float(); ok && f.Form == garmin.Number && got.Kind() == element.Number {
		val := ui.Val(x, f.Unit, decimals(x))
		val.Height, val.Delta = f.Height, f.Delta
		return val
	}
	switch got.Kind() {
	case element.Absent, element.Null:
		return ui.Value{}
	case element.Array, element.Object:
		return ui.Word(string(got.AppendJSON(nil)))
	}
	return ui.Word(got.Text())
}

func decimals(x float64) int {
	if x == float64(int64(x)) {
		return 0
	}
	return 1
}
