package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// want is what must be seen from outside once some bodies have been pushed.
type want struct {
	people  []wantPerson
	to      string // the type that the path names, where not the body's first
	inbox   map[string]int
	exports []wantExport
	pages   []wantPage
}

type wantPerson struct {
	name, id string
	token    bool // id is an access token
}

type wantPage struct {
	path, text string
	has        bool
}

// wantExport is a table: all rows of an export, in any order, and those
// columns of it that are compared.
type wantExport struct {
	args   []string
	header []string
	rows   [][]string
}

// readWant reads an expectation; testdata/unseen/README.md has the form.
func readWant(text string) (w want, err error) {
	w.inbox = map[string]int{}
	for n, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := w.read(line); err != nil {
			return w, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return w, nil
}

func (w *want) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch f := strings.Fields(rest); {
	case word == "person" && len(f) == 2:
		w.people = append(w.people, wantPerson{f[0], f[1], false})
	case word == "person" && len(f) == 3 && f[1] == "token":
		w.people = append(w.people, wantPerson{f[0], f[2], true})
	case word == "to" && len(f) == 1:
		w.to = f[0]
	case word == "inbox":
		return w.readStates(f)
	case word == "export" && len(f) == 1:
		w.exports = append(w.exports, wantExport{args: []string{"--type", f[0]}})
	case word == "export" && len(f) == 3:
		w.exports = append(w.exports, wantExport{args: []string{"--type", f[0], "--" + f[1], f[2]}})
	case word == "page":
		return w.readPage(rest)
	default:
		return w.readRow(line)
	}
	return nil
}

func (w *want) readStates(fields []string) error {
	for _, f := range fields {
		state, number, _ := strings.Cut(f, "=")
		n, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		w.inbox[state] = n
	}
	return nil
}

func (w *want) readPage(rest string) error {
	path, rest, _ := strings.Cut(rest, " ")
	verb, text, _ := strings.Cut(rest, " ")
	if text == "" || verb != "has" && verb != "lacks" {
		return fmt.Errorf("page %s neither has nor lacks a text", path)
	}
	w.pages = append(w.pages, wantPage{path, text, verb == "has"})
	return nil
}

func (w *want) readRow(line string) error {
	if len(w.exports) == 0 {
		return fmt.Errorf("%q belongs to no export", line)
	}
	e := &w.exports[len(w.exports)-1]
	cells := strings.Split(line, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if e.header == nil {
		e.header = cells
		return nil
	}
	if len(cells) != len(e.header) {
		return fmt.Errorf("%d cells under %d columns", len(cells), len(e.header))
	}
	e.rows = append(e.rows, cells)
	return nil
}

// compare returns what an export has otherwise.
func (e wantExport) compare(t *testing.T, text string) (faults []string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("%v in %q", err, text)
	}
	value := e.header[len(e.header)-1]
	var got []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		if !slices.Contains(e.args, "--series") || isNumber(row[value]) {
			got = append(got, row) // a row of a series without a value tells why there is none
		}
	}
	for _, row := range e.rows {
		i := slices.IndexFunc(got, func(g map[string]string) bool { return len(e.differences(row, g)) == 0 })
		if i < 0 {
			faults = append(faults, "no row is "+e.nearest(row, got))
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	for _, row := range got {
		faults = append(faults, "more than was wanted: "+e.cells(row))
	}
	return faults
}

// nearest words a wanted row, and how the row that is most like it differs.
func (e wantExport) nearest(row []string, got []map[string]string) string {
	text := strings.Join(row, " | ")
	if len(got) == 0 {
		return text
	}
	best := slices.MinFunc(got, func(a, b map[string]string) int {
		return len(e.differences(row, a)) - len(e.differences(row, b))
	})
	return text + "; the nearest has " + strings.Join(e.differences(row, best), ", ")
}

// cells words the columns of a row that are compared.
func (e wantExport) cells(row map[string]string) string {
	var out []string
	for _, column := range e.header {
		out = append(out, row[column])
	}
	return strings.Join(out, " | ")
}

func (e wantExport) differences(row []string, got map[string]string) (out []string) {
	for i, column := range e.header {
		if column == "sent" {
			if !hasSent(row[i], got) {
				out = append(out, "no "+row[i])
			}
			continue
		}
		cell, ok := got[column]
		if !ok {
			out = append(out, "no column "+column)
		} else if !cellIs(row[i], cell) {
			out = append(out, fmt.Sprintf("%s %q", column, cell))
		}
	}
	return out
}

// cellIs compares a cell: as text with * for anything, or as a number.
func cellIs(want, got string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), `\*`, `.*`)
	if regexp.MustCompile(`^` + pattern + `$`).MatchString(got) {
		return true
	}
	a, errA := strconv.ParseFloat(want, 64)
	b, errB := strconv.ParseFloat(got, 64)
	return errA == nil && errB == nil && a == b
}

func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil
}

var capital = regexp.MustCompile(`[A-Z]`)

// readsLike reports whether a page's text has a passage, with * for a short one.
func readsLike(text, passage string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(passage), `\*`, `.{0,500}?`)
	return regexp.MustCompile(pattern).MatchString(text)
}

// hasSent reports whether Garmin's key has the value: in a column that is named for
// it or, if the key is unknown, in extra.
func hasSent(sent string, row map[string]string) bool {
	key, value, _ := strings.Cut(sent, "=")
	name := capital.ReplaceAllStringFunc(key, func(s string) string { return "_" + strings.ToLower(s) })
	name = strings.NewReplacer("_in_beats_per_minute", "_bpm", "_celsius", "_c").Replace(name)
	for column := range maps.Keys(row) {
		if (column == name || strings.HasSuffix(column, "_"+name)) && cellIs(value, row[column]) {
			return true
		}
	}
	text, err := json.Marshal(value)
	return sent == "" || strings.Contains(row["extra"], `"`+key+`":`+value) ||
		err == nil && strings.Contains(row["extra"], `"`+key+`":`+string(text))
}

var (
	unseen = regexp.MustCompile(`(?s)<(?:script|style|svg)\b.*?</(?:script|style|svg)>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`[\s\x{a0}\x{202f}\x{2009}]+`)
)

// shown is the text of a page.
func shown(page string) string {
	page = tag.ReplaceAllString(unseen.ReplaceAllString(page, " "), " ")
	return spaces.ReplaceAllString(html.UnescapeString(page), " ")
}
