package ui

import "garner/health"

// HelpView is the page of explanations. Metrics are those that Garner derives
// by its own rules.
type HelpView struct {
	Metrics []HelpMetric
}

// HelpMetric is a metric and the rule that it follows.
type HelpMetric struct{ Name, Label, Rule string }

// DictionaryView is the data dictionary: what is stored, by type, and all metrics. File is
// the address of the same as a file.
type DictionaryView struct {
	Types   []DictionaryType
	Metrics []DictionaryMetric
	File    string
}

// DictionaryType is one type.
type DictionaryType struct {
	Key, Title, Permission string
	// Identity are Garmin's names of what identifies a record of a person.
	Identity []string
	// VersionOf is the key of the type whose records it has versions of, empty for none.
	VersionOf    string
	PersonalOnly bool
	Parts        []DictionaryPart
}

// DictionaryPart is a table of columns: of the records, of a list inside them, or of samples.
type DictionaryPart struct {
	// Table is the name of a list, empty for the records; Series means samples.
	Table, Title string
	Series       bool
	Rows         []DictionaryRow
}

// DictionaryRow is a column. Garmin are the names that Garmin has for it, and Every is how
// many seconds lie between samples, 0 for what are none.
type DictionaryRow struct {
	Name, Label string
	Unit        health.Unit
	Garmin      []string
	Every       float64
}

// DictionaryMetric is a metric with the rule that it follows, empty for what Garmin sends,
// and the types it comes from.
type DictionaryMetric struct {
	HelpMetric
	Unit  health.Unit
	Types []Link
}

const dictionaryURL = "/help/dictionary"

func typeAnchor(key string) string { return "type-" + key }

// fieldAnchor is that of a column of a type, of the records or of a list inside them.
func fieldAnchor(key string, part *DictionaryPart, name string) string {
	switch {
	case part.Series:
		return "series-" + key + "-" + name
	case part.Table != "":
		return "field-" + key + "-" + part.Table + "-" + name
	}
	return "field-" + key + "-" + name
}

func metricAnchor(name string) string { return "metric-" + name }

// metricHelp is where the dictionary explains a metric, fieldHelp a column of records.
func metricHelp(name string) string { return dictionaryURL + "#" + metricAnchor(name) }

func fieldHelp(key, name string) string {
	return dictionaryURL + "#" + fieldAnchor(key, new(DictionaryPart), name)
}

// TypeHelp is the link to what the dictionary says of a type.
func TypeHelp(key, title string) Link { return Link{title, dictionaryURL + "#" + typeAnchor(key)} }

// operator is a link for who runs the installation, and none for others.
func (p Page) operator(l Link) Link {
	if p.Operates {
		return l
	}
	return Link{}
}

// settings is the link to the settings, for who has an account.
func (p Page) settings() Link {
	if p.Account == nil {
		return Link{}
	}
	return Link{"Settings, My connection", "/settings"}
}
