package pages

import (
	"net/http"

	"garner/garmin"
	"garner/ui"
)

// dictionary is the data dictionary as a page. It holds declarations, and nothing of people.
func (s *Site) dictionary(r *http.Request) (answer, error) {
	p, err := s.base(r, "Data dictionary", ui.NavHelp)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Dictionary(p, dictionaryView()))
}

func dictionaryView() ui.DictionaryView {
	v := ui.DictionaryView{File: dictionaryPath}
	for _, t := range garmin.Types {
		entry := ui.DictionaryType{Key: t.Key, Title: t.Title, Permission: t.Permission, Identity: t.NaturalKey,
			VersionOf: t.VersionOf, PersonalOnly: t.PersonalOnly}
		if len(t.Fields) > 0 {
			entry.Parts = append(entry.Parts, ui.DictionaryPart{Title: "Records", Rows: dictionaryRows(t.Fields)})
		}
		for _, table := range t.Tables {
			entry.Parts = append(entry.Parts, ui.DictionaryPart{Table: table.Name, Title: table.Title,
				Rows: dictionaryRows(table.Fields)})
		}
		if len(t.Series) > 0 {
			entry.Parts = append(entry.Parts, dictionarySeries(t.Series))
		}
		v.Types = append(v.Types, entry)
	}
	for _, m := range garmin.Metrics() {
		entry := ui.DictionaryMetric{HelpMetric: ui.HelpMetric{Name: m.Name, Label: m.Label, Rule: m.Rule}, Unit: m.Unit}
		for _, t := range garmin.MetricTypes(m.Name) {
			entry.Types = append(entry.Types, ui.TypeHelp(t.Key, t.Title))
		}
		v.Metrics = append(v.Metrics, entry)
	}
	return v
}

func dictionaryRows(fields []garmin.Field) (out []ui.DictionaryRow) {
	for i := range fields {
		f := &fields[i]
		out = append(out, ui.DictionaryRow{Name: f.Name, Label: f.Label, Unit: f.Unit,
			Garmin: append([]string{f.JSON}, f.Aliases...)})
	}
	return out
}

func dictionarySeries(list []garmin.Series) ui.DictionaryPart {
	out := ui.DictionaryPart{Title: "Samples", Series: true}
	for i := range list {
		s := &list[i]
		out.Rows = append(out.Rows, ui.DictionaryRow{Name: s.Name, Label: s.Label, Unit: s.Unit,
			Garmin: []string{s.JSON}, Every: s.Cadence.Seconds()})
	}
	return out
}
