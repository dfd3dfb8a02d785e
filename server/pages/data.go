package pages

import (
	"net/http"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// dataRows is how many records a page of a table shows.
const dataRows = 100

// dataDays is the default range of a table.
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
	types, err := s.reader(r, p.Now).Types(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	return render(ui.DataIndex(p, ui.NewDataIndex(link(person), types)))
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
	f := ui.TableForm{Person: link(person), Units: p.UnitsOf(person.Units), Clock: p.Clock,
		From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to"), Demo: s.Demo,
		All: r.URL.Query().Get("columns") == "all"}
	asked := query.TableRange{Recent: dataDays, Limit: dataRows, All: f.All}
	if f.From+f.To != "" {
		asked.Recent = 0
		if asked.From, asked.To, err = span(f.From, f.To); err != nil {
			f.Error, asked.From, asked.To = err.Error(), 1, 0
		}
	}
	if asked.Until, err = untilIn(r); err != nil {
		return answer{}, err
	}
	table, err := s.reader(r, p.Now).Table(r.Context(), person.ID, t, asked)
	if err != nil {
		return answer{}, err
	}
	v := ui.NewDataTable(f, table)
	if table.Next != 0 {
		v.Next = tableURL(v, table.Next)
	}
	if v.Error != "" {
		return answer{view: ui.DataTable(p, v), status: http.StatusBadRequest}, nil
	}
	return render(ui.DataTable(p, v))
}
