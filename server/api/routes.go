package api

import (
	"garner/garmin"
	"garner/health/alert"
	"garner/server/auth"
)

// Route is an address of the API.
type Route struct {
	// Path is without Prefix. {slug} is a person, {type} a summary type, {name} a series.
	Path string
	// Scope is what a token needs; empty for any token.
	Scope auth.Scope
	// id, summary and about describe the address in the OpenAPI document.
	id, summary, about string
	params             []param
	// schema is the name of what describes the answer, among those of answers.
	schema string
	answer func(*request) (any, error)
}

// anyScope is that of addresses for every token.
const anyScope auth.Scope = ""

// Routes are all addresses. All are read by GET.
func Routes() []Route {
	return []Route{
		{DocumentPath, anyScope, "getDocument", "This document", "Any token reads it.", nil,
			"Document", (*request).openapi},
		{"types", auth.ScopeStatus, "listTypes", "The data dictionary", "All types with their fields, units, tables, " +
			"series and metrics.", nil, "Types", (*request).types},
		{"people", auth.ScopeStatus, "listPeople", "People", "The people whom the token sees, by name.", nil,
			"People", (*request).people},
		{"people/{slug}", auth.ScopeStatus, "getPerson", "A person", "", nil, "PersonAnswer", (*request).person},
		{"people/{slug}/records/{type}", auth.ScopeRead, "listRecords", "Records of a type", aboutRecords,
			[]param{fromParam, toParam, includeParam, limitParam, cursorParam}, "Records", (*request).records},
		{"people/{slug}/metrics", auth.ScopeRead, "listMetrics", "Daily metrics", aboutMetrics,
			[]param{namesParam, fromParam, toParam, limitParam, cursorParam}, "Metrics", (*request).metrics},
		{"people/{slug}/series/{type}/{name}", auth.ScopeRead, "getSeries", "Samples of a series", aboutSeries,
			[]param{fromParam, toParam, everyParam, aggParam, samplesParam, cursorParam}, "Series", (*request).series},
		{"people/{slug}/coverage", auth.ScopeStatus, "listCoverage", "What arrived and what did not", aboutCoverage,
			[]param{typesParam, fromParam, toParam, limitParam, cursorParam}, "Coverage", (*request).coverage},
		{"incidents", auth.ScopeStatus, "listIncidents", "Incidents", "The newest first.",
			[]param{personParam, stateParam, limitParam, cursorParam}, "Incidents", (*request).incidents},
		{"changes", auth.ScopeRead, changesID, "What changed, for mirrors", aboutChanges,
			[]param{limitParam, cursorParam}, "Changes", (*request).changes},
	}
}

// What the document says of addresses.
const (
	aboutRecords = "The current records of a type in order of date and start. Simulated records are left out of dates " +
		"that have real ones. A page may have fewer records than limit."
	aboutMetrics = "The dates that have any of the metrics, in order. Values are those of the Day page and of the export."
	aboutSeries  = "Without every: all samples as sent, a block for each record. With every: the values of each date " +
		"summed up in buckets; codes that are no values are left out, and where records overlap a span counts once. " +
		"An answer ends after the record or date that reaches 2,000,000 samples, limit if that is less, or 16 MiB."
	aboutCoverage = "Each date and type from the first data up to today, in order of date, with present or one of the " +
		"seven kinds of absence. Dates on which nothing was expected are included."
	aboutChanges = "Each item replaces what a mirror has: all records of a person, type and date with the elements as " +
		"sent, or all metrics of a person and date. An empty list or object means that there are none any more, and " +
		"erased that nothing of the person is left. A date may come again, with what it has by then. Store the items of " +
		"a page and next together. Next is always there; data is empty once the mirror is up to date. Simulated records " +
		"are included, also on dates that have real ones. 410 means that a backup was restored, or that the token reads " +
		"other people than before: begin again without a cursor, with an empty mirror."
)

// changesID is the operation that answers 410.
const changesID = "listChanges"

// The parameters.
var (
	fromParam   = param{"from", "The first date.", dateSchema}
	toParam     = param{"to", "The last date, included.", dateSchema}
	limitParam  = param{"limit", "How many items a page may have.", wholeFrom(1, mostLimit, usualLimit)}
	cursorParam = param{"cursor", "The member next of the page before. The other parameters but limit must be the same.",
		schema{"type": "string"}}
	includeParam = param{"include", "What records also have: sent is the element as sent, versions are the facts of all " +
		"versions. Separated by commas.", listOf(enumOf(includes...))}
	namesParam = param{"names", "Names of metrics, separated by commas; all without it.",
		listOf(enumOf(metricNames...))}
	everyParam = param{"every", "The length of a bucket: a number with s, m, h or d, from 1s to 1d. Buckets are " +
		"multiples of it in UTC; those of 1d are the person's dates.", schema{"type": "string", "pattern": `^\d+[smhd]$`}}
	aggParam = param{"agg", "What each bucket has, separated by commas; min,max,mean without it. Only with every.",
		listOf(enumOf(aggregateNames...))}
	samplesParam = param{"limit", "After how many samples the answer ends.", wholeFrom(1, mostSamples, mostSamples)}
	typesParam   = param{"types", "Types, separated by commas; without it those that come regularly or have come.",
		listOf(enumOf(recordTypes...))}
	personParam = param{"person", "The slug of a person: only incidents about them.", schema{"type": "string"}}
	stateParam  = param{"state", "open: those that are not over, also without the parameter. all: those that are, too.",
		enumOf(incidentStates...)}
)

// incidentKinds are the kinds of incidents.
var incidentKinds = func() (kinds []string) {
	for _, k := range alert.Kinds {
		kinds = append(kinds, string(k))
	}
	return kinds
}()

// seriesNames are the names of all series, and seriesTypes the types that have any.
var seriesNames, seriesTypes = func() (names, types []string) {
	seen := map[string]bool{}
	for _, key := range recordTypes {
		t, _ := garmin.Lookup(key)
		if len(t.Series) > 0 {
			types = append(types, key)
		}
		for _, s := range t.Series {
			if !seen[s.Name] {
				seen[s.Name] = true
				names = append(names, s.Name)
			}
		}
	}
	return names, types
}()
