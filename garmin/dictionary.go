package garmin

import (
	"slices"
	"strings"

	"garner/health"
)

// DictionaryEntry describes one type, as `garner types --json` prints it.
type DictionaryEntry struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	Permission string `json:"permission"`
	Key        string `json:"key"`
	// Records is false of types whose elements are versions of another type's records, or
	// become none.
	Records bool               `json:"records"`
	Fields  []DictionaryField  `json:"fields"`
	Tables  []string           `json:"tables"`
	Series  []DictionarySeries `json:"series"`
	Metrics []DictionaryMetric `json:"metrics"`
}

// DictionaryField is a column of a type's export.
type DictionaryField struct {
	Name  string `json:"name"`
	JSON  string `json:"json"`
	Unit  string `json:"unit"`
	Label string `json:"label"`
}

// DictionarySeries is a series of a type.
type DictionarySeries struct {
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Cadence float64 `json:"cadence_s"`
}

// DictionaryMetric is a metric that a type yields, or that is derived from it
// across records. Rule is empty for those that Garmin sends.
type DictionaryMetric struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Unit  string `json:"unit"`
	Rule  string `json:"rule"`
}

// Dictionary describes all types, in the order that people see them.
func Dictionary() []DictionaryEntry {
	out := make([]DictionaryEntry, 0, len(Types))
	for _, t := range Types {
		e := DictionaryEntry{Type: t.Key, Title: t.Title, Permission: t.Permission, Key: strings.Join(t.NaturalKey, "+"),
			Records: t.HasRecords(), Fields: []DictionaryField{}, Tables: []string{}, Series: []DictionarySeries{},
			Metrics: dictionaryMetrics(t.allMetrics())}
		for _, fd := range t.Fields {
			e.Fields = append(e.Fields, DictionaryField{fd.Name, fd.JSON, string(fd.Unit), fd.Label})
		}
		for _, table := range t.Tables {
			e.Tables = append(e.Tables, table.Name)
		}
		for _, s := range t.Series {
			e.Series = append(e.Series, DictionarySeries{s.Name, string(s.Unit), s.Cadence.Seconds()})
		}
		out = append(out, e)
	}
	return out
}

func dictionaryMetrics(list []health.Metric) []DictionaryMetric {
	out := []DictionaryMetric{}
	for _, m := range list {
		out = append(out, DictionaryMetric{m.Name, m.Label, string(m.Unit), m.Rule})
	}
	return out
}

func (t *Type) allMetrics() []health.Metric { return slices.Concat(t.Metrics, derivedOf[t]) }
