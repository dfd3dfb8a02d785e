package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"garner/export"
)

// TestTablesOpenInLibreOfficeAndPandas downloads tables as the pages offer
// them, for a spreadsheet and for programs, and opens them as they come: numbers are
// numbers, what is missing stays missing, and nothing else becomes of a text.
func TestTablesOpenInLibreOfficeAndPandas(t *testing.T) {
	t.Parallel()
	if os.Getenv("GARNER_TEST_TABLES") == "" {
		t.Skip("needs Debian's libreoffice-calc and python3-pandas; run it with make tables")
	}
	b := shownBox(t, 30)
	b.Derived()
	dir := t.TempDir()
	for _, name := range []string{"metrics", "dailies", "sleeps", "activities", "bodyComps"} {
		at := "http://" + b.Addr + "/p/ada-lindqvist/export/" + name
		text, sheetText := fetch(t, b.Reader(), at), fetch(t, b.Reader(), at+"?format=spreadsheet")
		if string(sheetText) != export.Mark+string(text) {
			t.Errorf("%s for a spreadsheet is another table", name)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		path := filepath.Join(dir, name+".csv")
		forSheet := filepath.Join(dir, name+"-sheet.csv")
		if err := errors.Join(os.WriteFile(path, text, 0o600), os.WriteFile(forSheet, sheetText, 0o600)); err != nil {
			t.Fatal(err)
		}
		frame, sheet := inPandas(t, path), inLibreOffice(t, forSheet)
		empty, numbers := 0, 0
		for column, title := range rows[0] {
			var values []string
			for _, row := range rows[1:] {
				values = append(values, row[column])
				switch {
				case row[column] == "":
					empty++
				case isNumber(row[column]):
					numbers++
				}
			}
			wantColumn(t, name+"."+title, values, frame[title], sheet, column)
		}
		if empty == 0 || numbers == 0 {
			t.Errorf("%s: %d empty cells and %d numbers were compared", name, empty, numbers)
		}
		t.Logf("%s: %d rows, %d columns, %d numbers, %d empty cells", name, len(rows)-1, len(rows[0]), numbers, empty)
	}
}

// frameColumn is a column as pandas has read it.
type frameColumn struct {
	Kind   string `json:"kind"`
	Values []any  `json:"values"`
}

// wantColumn compares the cells of a column with what both have read.
func wantColumn(t *testing.T, name string, cells []string, got frameColumn, sheet [][]cell, column int) {
	t.Helper()
	if len(got.Values) != len(cells) {
		t.Errorf("%s: pandas reads %d values of %d", name, len(got.Values), len(cells))
		return
	}
	numeric := true
	for i, want := range cells {
		numeric = numeric && (want == "" || isNumber(want))
		if read := asText(got.Values[i]); !sameCell(want, read) {
			t.Errorf("%s, row %d: %q is %q in pandas", name, i+1, want, read)
		}
		shown := sheet[i+1][column]
		if !sameCell(want, shown.read()) {
			t.Errorf("%s, row %d: %q is %q (%s) in LibreOffice", name, i+1, want, shown.read(), shown.Kind)
		}
	}
	if numeric && got.Kind != "i" && got.Kind != "f" {
		t.Errorf("%s: numbers are of type %q in pandas", name, got.Kind)
	}
}

// sameCell compares a cell with what was read of it: numbers as numbers, which pandas reads
// to the 15th digit, and midnight as the date that LibreOffice writes for it.
func sameCell(want, got string) bool {
	if a, err := strconv.ParseFloat(want, 64); err == nil {
		b, err := strconv.ParseFloat(got, 64)
		return err == nil && math.Abs(a-b) <= 1e-12*math.Abs(a)
	}
	return want == got || got != "" && want == got+"T00:00:00"
}

// asText is a value of pandas as the CSV has it.
func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func inPandas(t *testing.T, path string) map[string]frameColumn {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/tables/read.py", path).Output()
	if err != nil {
		t.Fatalf("pandas: %v", err)
	}
	var frame map[string]frameColumn
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.UseNumber()
	if err := decoder.Decode(&frame); err != nil {
		t.Fatal(err)
	}
	return frame
}

// cell is one of LibreOffice's. It stands for Repeated equal ones.
type cell struct {
	Kind     string   `xml:"value-type,attr"`
	Number   string   `xml:"value,attr"`
	Date     string   `xml:"date-value,attr"`
	Bool     string   `xml:"boolean-value,attr"`
	Repeated int      `xml:"number-columns-repeated,attr"`
	Text     []string `xml:"p"`
}

// read is what the cell holds; of a text, what it shows.
func (c cell) read() string {
	switch {
	case c.Kind == "float":
		return c.Number
	case c.Kind == "date":
		return c.Date
	case c.Kind == "boolean":
		return c.Bool
	case len(c.Text) > 0:
		return c.Text[0]
	}
	return ""
}

// inLibreOffice lists the cells of the table that LibreOffice makes of a file. Without its
// dialog it takes any CSV for Windows-1252, even after a byte order mark: so the filter
// names comma, quote and UTF-8 (76), as they are.
func inLibreOffice(t *testing.T, path string) [][]cell {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.Dir(path)+"/profile",
		"--headless", "--infilter=CSV:44,34,76", "--convert-to", "fods", "--outdir", filepath.Dir(path), path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	text, err := os.ReadFile(path[:len(path)-len("csv")] + "fods")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Rows []struct {
			Cells []cell `xml:"table-cell"`
		} `xml:"body>spreadsheet>table>table-row"`
	}
	if err := xml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var rows [][]cell
	for _, row := range document.Rows {
		var cells []cell
		for _, c := range row.Cells {
			for range max(1, min(c.Repeated, 1000)) {
				cells = append(cells, c)
			}
		}
		rows = append(rows, append(cells, make([]cell, 1000)...))
	}
	return rows
}
