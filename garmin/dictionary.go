package garmin

import (
	"fmt"
	"strings"

	"garner/health"
)

// DictionaryEntry describes one type, as `garner types --json` prints it.
type DictionaryEntry struct {
	Type       string             `json:"type"`
	Title      string             `json:"title"`
	Permission string             `json:"permission"`
	Key        string             `json:"key"`
	Fields     []DictionaryField  `json:"fields"`
	Tables     []string           `json:"tables"`
	Series     []DictionarySeries `json:"series"`
	Metrics    []DictionaryMetric `json:"metrics"`
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

// DictionaryMetric is a metric that a type yields.
type DictionaryMetric struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Unit  string `json:"unit"`
	Rule  string `json:"rule,omitempty"`
}

// Dictionary describes all types, in the order that people see them.
func Dictionary() []DictionaryEntry {
	out := make([]DictionaryEntry, 0, len(Types))
	for _, t := range Types {
		e := DictionaryEntry{Type: t.Key, Title: t.Title, Permission: t.Permission, Key: strings.Join(t.NaturalKey, "+"),
			Fields: []DictionaryField{}, Tables: []string{}, Series: []DictionarySeries{}, Metrics: dictionaryMetrics(t.Metrics)}
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

// DictionaryMarkdown is docs/data-dictionary.md.
func DictionaryMarkdown() string {
	var b strings.Builder
	b.WriteString(`# Data dictionary

Generated from the type declarations in ` + "`garmin/`" + ` by ` + "`make generate`" + `; do not edit.

Values are stored and exported as Garmin sends them. Every export begins with the identity columns
person, calendar_date, start_time_utc, start_time_local, utc_offset_s, summary_id, device and origin; whatever an
element holds beyond the columns below is in the last column, extra, as JSON. A missing value is empty, never 0.
`)
	for _, e := range Dictionary() {
		fmt.Fprintf(&b, "\n## %s (`%s`)\n\n", e.Title, e.Type)
		fmt.Fprintf(&b, "Natural key: person + %s.", e.Key)
		if e.Permission != "" {
			fmt.Fprintf(&b, " Permission: %s.", e.Permission)
		}
		b.WriteString("\n")
		if len(e.Fields) > 0 {
			b.WriteString("\n| Column | Unit | Garmin's name | Meaning |\n|---|---|---|---|\n")
			for _, fd := range e.Fields {
				fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", fd.Name, fd.Unit, fd.JSON, fd.Label)
			}
		}
		t, _ := Lookup(e.Type)
		for _, table := range t.Tables {
			fmt.Fprintf(&b, "\nTable `%s` (%s): ", table.Name, table.Title)
			for i, fd := range table.Fields {
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString(fd.Name)
			}
			b.WriteString(".\n")
		}
		if len(e.Series) > 0 {
			b.WriteString("\n| Series | Unit | Every |\n|---|---|---|\n")
			for _, s := range e.Series {
				fmt.Fprintf(&b, "| %s | %s | %g s |\n", s.Name, s.Unit, s.Cadence)
			}
		}
		writeMetrics(&b, e.Metrics)
	}
	b.WriteString("\n## Derived across records\n")
	writeMetrics(&b, dictionaryMetrics(Derived))
	return b.String()
}

func writeMetrics(b *strings.Builder, list []DictionaryMetric) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\n| Metric | Unit | Meaning |\n|---|---|---|\n")
	for _, m := range list {
		meaning := m.Label
		if m.Rule != "" {
			meaning += ". Ours: " + m.Rule
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", m.Name, m.Unit, meaning)
	}
}
