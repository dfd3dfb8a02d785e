package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"garner/export"
	"garner/garmin"
	"garner/ui"
)

// exportPage is GET /export and /p/{slug}/export: the form for /export.zip. Its
// own parameters are those of exportChoice, two for its buttons: select
// (all, none) and range (30, year, all), and preview, the key of a file whose beginning
// it shows.
func (s *Site) exportPage(r *http.Request) (answer, error) {
	c, err := s.exportChoice(r, time.Now())
	if err != nil {
		return answer{}, err
	}
	return s.exportForm(r, &c)
}

// exportForm shows a choice in the form.
func (s *Site) exportForm(r *http.Request, c *exportChoice) (answer, error) {
	p, err := s.base(r, "Export", ui.NavExport)
	if err != nil {
		return answer{}, err
	}
	v := ui.ExportView{Person: c.slug, Name: "all people", From: c.from, To: c.to, Problem: c.problem,
		BadDates: c.badDates, Format: c.format(), Dictionary: dictionaryPath, Columns: columnsPath}
	if !r.URL.Query().Has("format") {
		v.Format = ui.FormatSpreadsheet // what most people open a file with
	}
	for _, person := range c.all {
		v.People = append(v.People, link(person))
	}
	if c.slug != "" {
		v.Name = c.people[0].Name
		if mux.Vars(r)["slug"] != "" {
			p.Person = &ui.PersonLink{Name: v.Name, Slug: c.slug}
			p.Title = "Export of " + v.Name
		}
	}
	for _, preset := range exportRanges {
		from, to := preset.days(c.today)
		v.Ranges = append(v.Ranges, ui.ExportRange{Key: preset.key, Text: preset.text, On: from == c.from && to == c.to})
	}
	exportFiles(c, &v)
	v.Empty = exportEmpty(&v, p.Operates)
	if v.Preview, err = s.preview(r, c); err != nil {
		return answer{}, err
	}
	return answer{view: ui.Export(p, v), status: c.status}, nil
}

// exportFiles lists the files of the people, regardless of the days.
func exportFiles(c *exportChoice, v *ui.ExportView) {
	checked := map[string]bool{}
	for _, key := range c.keys {
		checked[key] = true
	}
	// The form offers tables and series for both formats, since the format is chosen
	// in the form itself.
	for _, f := range export.Files(export.CSV) {
		file := ui.ExportFile{Key: f.Key(), Holds: f.Holds(), Checked: checked[f.Key()]}
		what, records := f.(export.What)
		if !records {
			file.Title = exportTitles[file.Key]
			v.Others = append(v.Others, file)
			continue
		}
		extent, there := c.extents[what.Type.Key]
		switch {
		case what.Table+what.Series != "":
			if there {
				last := &v.Types[len(v.Types)-1]
				file.Title, file.Unit = partTitle(what)
				last.Parts = append(last.Parts, file)
			}
		case there:
			file.Title = what.Type.Title
			v.Types = append(v.Types, ui.ExportType{ExportFile: file, About: aboutParts(what.Type), Records: extent.Records,
				Oldest: extent.Oldest, Newest: extent.Newest})
		default:
			v.None = append(v.None, what.Type.Title)
		}
	}
}

// exportTitles are the names of the files without a type.
var exportTitles = map[string]string{
	export.Metrics{}.Key():    "Daily metrics",
	export.Coverage{}.Key():   "Coverage",
	export.Dictionary{}.Key(): "Data dictionary",
	export.Columns{}.Key():    "Data dictionary for programs",
}

// aboutParts counts the tables and series of a type.
func aboutParts(t *garmin.Type) string {
	var words []string
	if n := len(t.Tables); n > 0 {
		words = append(words, ui.Plural(n, "table", "tables"))
	}
	if n := len(t.Series); n > 0 {
		words = append(words, ui.Plural(n, "series", "series"))
	}
	return strings.Join(words, ", ")
}

// partTitle names a table or series of a type, with the unit of a series.
func partTitle(what export.What) (title, unit string) {
	for _, t := range what.Type.Tables {
		if t.Name == what.Table {
			return t.Title, ""
		}
	}
	for _, s := range what.Type.Series {
		if s.Name == what.Series {
			return s.Label, string(s.Unit)
		}
	}
	return what.Key(), ""
}

// exportEmpty explains why there is nothing to export; nil if there is something.
func exportEmpty(v *ui.ExportView, operates bool) *ui.Empty {
	switch {
	case len(v.People) == 0 && !operates:
		return &ui.Empty{What: "This page lists files to download.", Why: "No one shares health data with you yet.",
			When: "People choose in their settings who sees their data."}
	case len(v.People) == 0:
		return &ui.Empty{What: "This page lists files to download.", Why: "There are no people yet.",
			Next: &ui.Link{Text: "Add a person", URL: "/people"}}
	case len(v.Types) == 0:
		return &ui.Empty{What: "This page lists files to download.",
			Why:  "No data has been received from " + v.Name + " yet.",
			When: "The first data arrive with the next sync of the watch."}
	}
	return nil
}
