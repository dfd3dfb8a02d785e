package export_test

import (
	"encoding/csv"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"garner/export"
	"garner/garmin"
	"garner/health"
)

var update = flag.Bool("update", false, "write the golden files anew")

var roomy = garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 1000}

// records makes records of the elements of a body, as the store gives them.
func records(t testing.TB, body string, origin health.Origin) (out []*health.Record) {
	t.Helper()
	err := garmin.Split(strings.NewReader(body), "", roomy, func(it garmin.Item) error {
		if it.Err != nil {
			return it.Err
		}
		d := it.Type.Decode(it.Value)
		if d.Fault != "" {
			return errors.New(d.Fault)
		}
		out = append(out, &health.Record{Version: health.Version{
			Type: it.Type.RecordType(), Key: d.Key, Day: d.Day, Start: d.Start, End: d.End, Offset: d.Offset,
			SummaryID: d.SummaryID, Device: d.Device, Origin: origin, Body: it.Value.AppendPacked(nil),
		}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// each yields records as the store does.
func each(list []*health.Record) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		for _, rec := range list {
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// written is what Write makes of the elements of a body.
func written(t testing.TB, what export.What, person, body string) string {
	t.Helper()
	var b strings.Builder
	n, err := export.Write(&b, what, export.Of(person, each(records(t, body, health.Push))))
	if err != nil {
		t.Fatal(err)
	}
	if what.Form == export.JSON && n != strings.Count(b.String(), "\n") {
		t.Errorf("%d lines told, %d written", n, strings.Count(b.String(), "\n"))
	}
	return b.String()
}

// table reads CSV as others do, and returns each row's cells by their column.
func table(t testing.TB, text string) (header []string, rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[all[0][i]] = cell
		}
		if len(row) != len(cells) {
			t.Errorf("columns that stand twice in %q", all[0])
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

// sample is the body that package garmin tests a type with.
func sample(t testing.TB, key string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "garmin", "testdata", key+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// withRecords lists the types that have records to export.
func withRecords(t testing.TB) (out []*garmin.Type) {
	t.Helper()
	for _, k := range garmin.Kinds() {
		typ, ok := garmin.Lookup(k.Type)
		if !ok {
			t.Fatalf("no type %s", k.Type)
		}
		out = append(out, typ)
	}
	return out
}
