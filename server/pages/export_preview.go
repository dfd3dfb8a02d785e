package pages

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"garner/db"
	"garner/export"
	"garner/ui"
)

const (
	// previewRows is how many rows a preview shows.
	previewRows = 20
	// previewLine is how much of a line of JSON a preview shows, in bytes.
	previewLine = 2000
)

// preview is the beginning of the file that an address asks for; nil if it asks for
// none, or for one that the choice cannot have.
func (s *Site) preview(r *http.Request, c *exportChoice) (*ui.ExportPreview, error) {
	key := r.URL.Query().Get("preview")
	if key == "" || c.problem != "" {
		return nil, nil
	}
	plan := export.PlanOf(c.form, []string{key}, func(string) bool { return true })
	if len(plan.Files) == 0 {
		return nil, badRequest("There is no file " + key + ".")
	}
	file := plan.Files[0]
	from, err := s.source(r, c, plan.Files, s.store)
	if err != nil {
		return nil, err
	}
	from.Reader.Now = time.Now().In(c.zone)
	if haveValues(plan.Files) {
		s.auditOthers(r, db.ActionExported, ids(c.people), "beginning of "+file.Name())
	}
	_, text := file.(export.Dictionary)
	form := c.form
	switch {
	case text:
		form = export.JSON // lines
	case file == export.File(export.Columns{}):
		form = export.CSV
	}
	head, err := export.Preview(r.Context(), file, form, from, previewRows)
	if err != nil {
		return nil, err
	}
	v := &ui.ExportPreview{Key: key, Name: file.Name(), Header: head.Header, Rows: head.Rows, Whole: head.Whole,
		Bytes: c.size(file, head)}
	if form == export.JSON {
		for line := range strings.Lines(head.Text) {
			v.Lines = append(v.Lines, cut(strings.TrimRight(line, "\r\n"), previewLine))
		}
	}
	return v, nil
}

// size is about how large a file is, judged by its beginning; 0 if not known: only
// records are counted, and only those of all days.
func (c *exportChoice) size(file export.File, head export.Sample) int64 {
	what, ok := file.(export.What)
	if !ok || what.Table+what.Series != "" || head.Lines == 0 || c.from+c.to != "" {
		return 0
	}
	return int64(head.Bytes/head.Lines) * int64(c.extents[what.Type.Key].Records)
}

// cut shortens a text, at the end of a letter.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
