package export

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"garner/health"
)

// OpenFrom and OpenTo are the ends of an open range.
const (
	OpenFrom health.Day = math.MinInt32 / 2
	OpenTo   health.Day = math.MaxInt32 / 2
)

const readmeHelp = `
How to read the files
---------------------
- A missing value is empty in CSV and absent in JSON Lines. It is never 0.
- Numbers are as Garmin sends them. A column's unit is the end of its name, such
  as _s for seconds or _bpm for beats per minute. data-dictionary.md explains
  every column, and dictionary.csv does for programs; the Export page offers both.
- calendar_date is the person's own date. Times are given in UTC and on the
  watch's clock, with the offset between them in seconds.
- CSV is UTF-8 with a header. Files for spreadsheets begin with a byte order mark;
  those for data tools do not. Text that a spreadsheet could take for a formula
  (it begins with = + - @ ' or a tab) has a ' before it.
- JSON Lines have one JSON object per line. The member element of a record is
  what Garmin sent, with its tables and series.
- The column device names the Garmin device that a record comes from. Garmin asks
  that its device be named, as "Garmin [model]", wherever the data are shown; do so
  where you show them. Garmin and the names of its devices are its trademarks.
`

// readme is README.txt: what was exported, the content of each file, and what was
// left out.
func (a *Archive) readme(done []written) string {
	var b strings.Builder
	b.WriteString("Garner export\n=============\n")
	if a.Demo {
		b.WriteString("Demo: these people and their data are made up.\n")
	}
	fmt.Fprintf(&b, "Made:    %s by Garner %s\n", a.Made.Format("2006-01-02 15:04:05 -07:00"), a.Version)
	fmt.Fprintf(&b, "People:  %s\n", names(a.Source.People, func(p Person) string { return oneLine(p.Name) }))
	fmt.Fprintf(&b, "Days:    %s\n", days(a.Source.From, a.Source.To))
	fmt.Fprintf(&b, "Format:  %s\n", map[Form]string{CSV: "CSV", JSON: "JSON Lines"}[a.Form])
	fmt.Fprintf(&b, "Source:  %s\n", a.source())

	b.WriteString("\nFiles\n-----\n")
	for _, w := range done {
		if _, text := w.File.(Dictionary); text {
			fmt.Fprintf(&b, "%s: %s.\n", w.Name(), w.Holds())
			continue
		}
		fmt.Fprintf(&b, "%s: %s. %s.\n", w.Name(), plural(w.rows, "row", "rows"), w.Holds())
	}
	b.WriteString("\nLeft out\n--------\n")
	for _, line := range a.leftOut(done) {
		b.WriteString(line + "\n")
	}
	b.WriteString(readmeHelp)
	return b.String()
}

// source is the attribution that Garmin asks for.
func (a *Archive) source() string {
	var list []string
	for _, device := range slices.Sorted(maps.Keys(a.devices)) {
		if device != "" {
			list = append(list, attributed(device))
		}
	}
	if len(list) == 0 {
		return "Garmin"
	}
	return strings.Join(list, ", ")
}

// attributed is a device as Garmin wants it named, on one line; empty if it is not known.
func attributed(device string) string {
	if device == "" {
		return ""
	}
	return "Garmin " + oneLine(device)
}

// leftOut lists what was selected but is missing, and why.
func (a *Archive) leftOut(done []written) (lines []string) {
	for _, w := range done {
		if w.damaged > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s; all others are included.", w.Name(),
				plural(w.damaged, "damaged record cannot be read", "damaged records cannot be read")))
		}
	}
	for _, f := range a.Plan.Absent {
		lines = append(lines, f.Name()+": no records of these people on these days.")
	}
	if len(lines) == 0 {
		lines = []string{"Nothing."}
	}
	return lines
}

func days(from, to health.Day) string {
	switch {
	case from == OpenFrom && to == OpenTo:
		return "all"
	case from == OpenFrom:
		return "up to " + to.String()
	case to == OpenTo:
		return "from " + from.String()
	}
	return from.String() + " to " + to.String()
}

// oneLine keeps a name from looking like another line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
