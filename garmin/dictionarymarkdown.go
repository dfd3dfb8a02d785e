package garmin

import (
	"fmt"
	"strings"

	"garner/health"
)

const dictionaryHead = `# Data dictionary

Generated from the type declarations in ` + "`garmin/`" + ` by ` + "`make generate`" + `; do not edit.

Values are stored and exported as Garmin sends them. Every export begins with the identity columns
person, calendar_date, start_time_utc, start_time_local, utc_offset_s, summary_id, device and origin.
The last column, extra, has as JSON what an element contains beyond the columns below.
A missing value is empty, never 0.
`

// DictionaryMarkdown is docs/data-dictionary.md.
func DictionaryMarkdown() string {
	var b strings.Builder
	b.WriteString(dictionaryHead)
	for _, t := range Types {
		writeType(&b, t)
	}
	b.WriteString(dictionaryTrends)
	return b.String()
}

// dictionaryTrends documents the columns of export.Trends.
const dictionaryTrends = `
## Files beside charts over days

` + "`trends.csv` and the file of a year in the calendar" + ` have a row for each day:
person, calendar_date, these columns for each daily metric, and last the note on the day. Units stand at
the end of a column's name, as above.

| Column | Meaning |
|---|---|
| metric | Value of the day; empty for none |
| metric_state | Why there is no value, or whether it may still change; so_far for a day that is not over |
| metric_mean_7_days | Mean of the values of the 7 days that end with the day |
| metric_mean_7_days_count | How many of these days have a value |
| metric_usual_low, metric_usual_high | Usual range: 10th to 90th percentile of the 28 days before, ` +
	`from 14 values on; ` +
	`that of the HRV includes the day |
| metric_before | Only with a comparison: value of the same day of the period before, ` +
	`whose date is in before_calendar_date |
`

func writeType(b *strings.Builder, t *Type) {
	fmt.Fprintf(b, "\n## %s (`%s`)\n\n", t.Title, t.Key)
	fmt.Fprintf(b, "Natural key: person + %s.", strings.Join(t.NaturalKey, " + "))
	if t.PersonalOnly {
		b.WriteString(" From the Personal API only.")
	}
	if t.Permission != "" {
		fmt.Fprintf(b, " Permission: %s.", t.Permission)
	}
	if t.VersionOf != "" {
		fmt.Fprintf(b, " Versions of the records of `%s`.", t.VersionOf)
	}
	b.WriteString("\n")
	writeColumns(b, t.Fields)
	for _, table := range t.Tables {
		fmt.Fprintf(b, "\n### %s (`--table %s`)\n", table.Title, table.Name)
		writeColumns(b, table.Fields)
	}
	if len(t.Series) > 0 {
		b.WriteString("\n| Series | Unit | Every | Garmin's name | Meaning |\n|---|---|---|---|---|\n")
		for _, s := range t.Series {
			fmt.Fprintf(b, "| %s | %s | %g s | `%s` | %s |\n", s.Name, s.Unit, s.Cadence.Seconds(), s.JSON, s.Label)
		}
	}
	writeMetrics(b, t.allMetrics())
}

func writeColumns(b *strings.Builder, fields []Field) {
	if len(fields) == 0 {
		return
	}
	b.WriteString("\n| Column | Unit | Garmin's name | Meaning |\n|---|---|---|---|\n")
	for _, fd := range fields {
		names := "`" + strings.Join(append([]string{fd.JSON}, fd.Aliases...), "`, `") + "`"
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", fd.Name, fd.Unit, names, fd.Label)
	}
}

func writeMetrics(b *strings.Builder, list []health.Metric) {
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
