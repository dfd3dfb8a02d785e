package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"garner/export"
)

// lines is a file of some rows; it says how many it wrote.
type lines struct {
	export.File
	text    string
	written int
}

func (l *lines) Write(_ context.Context, out io.Writer, _ *export.Source) (int, error) {
	for line := range strings.Lines(l.text) {
		if _, err := io.WriteString(out, line); err != nil {
			return l.written, err
		}
		l.written++
	}
	return l.written, nil
}

func TestAPreviewIsTheBeginningOfTheFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form       export.Form
		text, want string
		rows       int
		whole      bool
	}{
		{export.CSV, "a,b\r\n1,2\r\n3,4\r\n5,6\r\n", "a,b\r\n1,2\r\n3,4\r\n", 2, false},
		{export.CSV, "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\r\n3,4\r\n", 2, true},
		{export.CSV, "a,b\r\n", "a,b\r\n", 0, true},
		{export.CSV, "a\r\n\"one\ntwo\"\r\n'=3\r\n4\r\n", "a\r\n\"one\ntwo\"\r\n'=3\r\n", 2, false},
		{export.JSON, "{}\n{\"a\":1}\n{}\n", "{}\n{\"a\":1}\n", 2, false},
		{export.JSON, "", "", 0, true},
	} {
		got, err := export.Preview(t.Context(), &lines{text: c.text}, c.form, nil, 2)
		if err != nil || got.Text != c.want || got.Whole != c.whole || got.Lines != c.rows {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
		if c.form == export.CSV && len(got.Rows) != c.rows {
			t.Errorf("%q: rows %q", c.text, got.Rows)
		}
	}
	long := &lines{text: "a\r\n" + strings.Repeat("1\r\n", 100_000)}
	if _, err := export.Preview(t.Context(), long, export.CSV, nil, 20); err != nil || long.written > 21 {
		t.Errorf("%d lines were written for 20, %v", long.written, err)
	}
}

func TestEveryColumnOfEveryFileIsExplained(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	n, err := export.Columns{}.Write(t.Context(), &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != n+1 || n < 1000 {
		t.Fatalf("%d rows, counted %d, %v", len(rows), n, err)
	}
	columns := map[string][]string{}
	for _, row := range rows[1:] {
		if row[3] == "" {
			t.Errorf("%s of %s means nothing", row[1], row[0])
		}
		columns[row[0]] = append(columns[row[0]], row[1])
	}
	for _, what := range export.Records(export.CSV) {
		if got, want := columns[what.Name()], export.Header(what); strings.Join(got, ",") != strings.Join(want, ",") {
			t.Errorf("%s: %q, want %q", what.Name(), got, want)
		}
	}
	if got, want := columns["metrics.csv"], export.MetricsHeader(); strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("metrics.csv: %q", got)
	}
}
