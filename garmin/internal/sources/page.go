package main

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"garner/garmin"
	"garner/garmin/personal"
)

//go:embed head.md
var head string

// page is the whole document.
func page(push, key found) string {
	var b strings.Builder
	b.WriteString(head)
	lacks(&b, push, key)
	differing(&b)
	endpoints(&b)
	return b.String()
}

// lacks writes what each way in does not have of what the other has.
func lacks(b *strings.Builder, push, key found) {
	b.WriteString("\n## What each source lacks\n\nFound with simulated people whose data came both ways: what one way " +
		"has and the other has not.\nMetrics are in *italics*, samples and lists are named as such.\n\n" +
		"| Type | Only pushed | Only by a key |\n|---|---|---|\n")
	for _, t := range garmin.Types {
		pushed, pulled := push.of(t), key.of(t)
		if !t.HasRecords() || len(pushed)+len(pulled) == 0 {
			continue
		}
		a, z := only(pushed, pulled), only(pulled, pushed)
		switch {
		case len(pulled) == 0:
			a = "all of it"
		case len(pushed) == 0:
			z = "all of it"
		}
		if a+z != "" {
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", t.Key, a, z)
		}
	}
}

// only lists what one has and the other has not.
func only(one, other map[string]bool) string {
	var fields, parts, metrics []string
	for _, name := range slices.Sorted(maps.Keys(one)) {
		metric, isMetric := strings.CutPrefix(name, metricPrefix)
		switch {
		case other[name]:
		case isMetric:
			metrics = append(metrics, "*"+metric+"*")
		case strings.HasPrefix(name, tablePrefix):
			parts = append(parts, "list `"+strings.TrimPrefix(name, tablePrefix)+"`")
		case strings.HasPrefix(name, seriesPrefix):
			parts = append(parts, "samples `"+strings.TrimPrefix(name, seriesPrefix)+"`")
		default:
			fields = append(fields, "`"+name+"`")
		}
	}
	return strings.Join(slices.Concat(metrics, parts, fields), ", ")
}

func differing(b *strings.Builder) {
	b.WriteString("\n## What a key gives in another precision\n\n| Metric | Why |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(personal.Differing)) {
		fmt.Fprintf(b, "| `%s` | %s |\n", name, personal.Differing[name])
	}
}

var evidence = map[personal.Evidence]string{
	personal.Observed:  "seen with the Personal API",
	personal.SeenOnWeb: "seen on Garmin's web pages at the same service",
	personal.Inferred:  "**inferred**",
}

// endpoints writes the table of calls.
func endpoints(b *strings.Builder) {
	b.WriteString(calls)
	for _, e := range personal.Endpoints {
		path := e.Path
		if e.Query != "" {
			path += "?" + e.Query
		}
		asked, days := "no", ""
		if e.Asked {
			asked = "yes"
		}
		if e.MostDays > 0 {
			days = fmt.Sprint(e.MostDays)
		}
		types := "kept as it came"
		if len(e.Types) > 0 {
			types = "`" + strings.Join(e.Types, "`, `") + "`"
		}
		fmt.Fprintf(b, "| %s | `%s` | %s | %s | %s | %s |\n", e.Key, path, days, asked, types, evidence[e.Evidence])
	}
}

const calls = `
## The calls, and how sure each is

Garmin has published no description of these paths that Garner could be checked against. Each is one line in
` + "`garmin/personal/endpoints.go`" + `: where Garmin answers 404 or 400 to a call that should work, correct the
line of its key. Days is how many days one call asks for.

| Key | Path | Days | Asked | Becomes | Evidence |
|---|---|---|---|---|---|
`
