package pages

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/health"
	"garner/ui"
)

// exportChoice is what is selected in the form of the Export page.
type exportChoice struct {
	// all are the people whose values the viewer may read; people are those whose data are
	// asked for, and slug is the person's, empty for all.
	all, people []*db.Person
	slug        string
	form        export.Form
	// marked means that the CSV files are for a spreadsheet: they begin with export.Mark.
	marked bool
	// from and to are the range as typed, first and last as understood.
	from, to    string
	first, last health.Day
	// keys name the files.
	keys []string
	// zone is the person's clock, or the pages' own, and today the date there.
	zone  *time.Location
	today health.Day
	// extents are what there is of these people, by type.
	extents map[string]db.Extent
	// problem is what is wrong with the choice, as text for the form, and status is
	// that of the response; badDates means that the range is wrong.
	problem  string
	status   int
	badDates bool
}

// refuse notes the first problem.
func (c *exportChoice) refuse(status int, problem string) {
	if c.problem == "" {
		c.status, c.problem = status, problem
	}
}

// exportChoice reads a choice from an address: person (a slug; empty for all),
// file (any number of keys), format (see formatOf), from and to. An address that names
// neither file nor format asks for everything, as CSV. The preset everything stands for
// every file of all days, as JSON Lines. Invalid values are the
// choice's problem; the error is for an unknown person and for faults.
func (s *Site) exportChoice(r *http.Request, now time.Time) (c exportChoice, err error) {
	q, reader := r.URL.Query(), s.reader(r, now)
	c = exportChoice{from: q.Get("from"), to: q.Get("to"), keys: q["file"], slug: q.Get("person")}
	if slug := mux.Vars(r)["slug"]; slug != "" {
		c.slug = slug
	}
	if c.all, err = reader.Readable(r.Context()); err != nil {
		return c, err
	}
	c.people, c.zone = c.all, s.live.Load().Preferences.Zone
	if len(c.all) == 1 && c.slug == "" {
		c.slug = c.all[0].Slug
	}
	if c.slug != "" {
		person, err := reader.Person(r.Context(), c.slug)
		if err == nil {
			err = reader.Reads(person.ID)
		}
		if err != nil {
			return c, err
		}
		c.people = []*db.Person{person}
		if c.zone, err = reader.Zone(r.Context(), person.ID); err != nil {
			return c, err
		}
	}
	_, offset := now.In(c.zone).Zone()
	c.today = health.DayOf(now.Unix(), int32(offset))
	c.understand(q)
	c.extents, err = reader.Extents(r.Context(), ids(c.people)...)
	return c, err
}

// understand reads the format, the presets and the dates.
func (c *exportChoice) understand(q url.Values) {
	var err error
	if c.form, c.marked, err = formatOf(q); err != nil {
		c.form = export.CSV
		c.refuse(http.StatusBadRequest, err.Error())
	}
	if !q.Has("format") && len(c.keys) == 0 {
		c.keys = everyKey(c.form)
	}
	if q.Get("preset") == "everything" {
		c.form, c.marked, c.keys, c.from, c.to = export.JSON, false, everyKey(export.JSON), "", ""
	}
	switch q.Get("select") {
	case "all":
		c.keys = everyKey(export.CSV)
	case "none":
		c.keys = nil
	}
	for _, p := range exportRanges {
		if q.Get("range") == p.key {
			c.from, c.to = p.days(c.today)
		}
	}
	if c.first, c.last, err = span(c.from, c.to); err != nil {
		c.first, c.last, c.badDates = export.OpenFrom, export.OpenTo, true
		c.refuse(http.StatusBadRequest, err.Error())
	}
}

// formatOf reads the format of an address: csv, which is the default, json, or
// spreadsheet, which is CSV that begins with export.Mark.
func formatOf(q url.Values) (form export.Form, marked bool, err error) {
	switch format := q.Get("format"); format {
	case "", string(export.CSV):
		return export.CSV, false, nil
	case string(export.JSON):
		return export.JSON, false, nil
	case ui.FormatSpreadsheet:
		return export.CSV, true, nil
	}
	return "", false, badRequest("The format is spreadsheet, csv or json.")
}

// format is the format as addresses have it.
func (c *exportChoice) format() string {
	if c.marked {
		return ui.FormatSpreadsheet
	}
	return string(c.form)
}

// exportRanges are the preset ranges.
var exportRanges = []struct {
	key, text string
	days      func(today health.Day) (from, to string)
}{
	{"30", "Last 30 days", func(today health.Day) (from, to string) { return (today - 29).String(), today.String() }},
	{"year", "This year", func(today health.Day) (from, to string) {
		return (today - health.Day(today.Midnight().YearDay()-1)).String(), today.String()
	}},
	{"all", "All", func(health.Day) (from, to string) { return "", "" }},
}

func everyKey(form export.Form) (keys []string) {
	for _, f := range export.Files(form) {
		keys = append(keys, f.Key())
	}
	return keys
}

func ids(people []*db.Person) (out []int64) {
	for _, p := range people {
		out = append(out, p.ID)
	}
	return out
}

// plan is what to write; a choice without any files has a problem.
func (c *exportChoice) plan() export.Plan {
	plan := export.PlanOf(c.form, c.keys, func(typ string) bool {
		e, ok := c.extents[typ]
		return ok && e.Oldest <= c.last && e.Newest >= c.first
	})
	data := slices.ContainsFunc(plan.Files, func(f export.File) bool {
		return f != export.Dictionary{} && f != export.Columns{}
	})
	switch {
	case len(plan.Unknown) > 0:
		c.refuse(http.StatusBadRequest, "There is no file "+plan.Unknown[0]+".")
	case len(plan.Files)+len(plan.Absent) == 0:
		c.refuse(http.StatusBadRequest, "Choose at least one file.")
	case !data && len(plan.Absent) > 0:
		c.refuse(http.StatusNotFound, "There are no records of this choice on these days.")
	}
	return plan
}

// single is the URL of the file, if a plan has one file of one person.
func (c *exportChoice) single(plan export.Plan) (address string, ok bool) {
	if c.slug == "" || len(plan.Files) != 1 || len(plan.Absent) > 0 {
		return "", false
	}
	q := url.Values{"format": {c.format()}}
	for name, value := range map[string]string{"from": c.from, "to": c.to} {
		if value != "" {
			q.Set(name, value)
		}
	}
	path := "/p/" + url.PathEscape(c.slug) + "/export/"
	switch f := plan.Files[0].(type) {
	case export.Dictionary:
		return dictionaryPath, true
	case export.Columns:
		return columnsPath, true
	case export.What:
		path += f.Type.Key
		if f.Table != "" {
			q.Set("table", f.Table)
		}
		if f.Series != "" {
			q.Set("series", f.Series)
		}
	default:
		path += f.Key()
	}
	return path + "?" + q.Encode(), true
}
