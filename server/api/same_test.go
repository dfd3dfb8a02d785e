package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"garner/export"
	"garner/garmin"
	"garner/health"
	"garner/query"
	"garner/server/auth"
)

// exported returns the rows of a file of the export, by column.
func (b *box) exported(slug string, file export.File) (rows []map[string]string) {
	b.T.Helper()
	q := &query.Reader{Viewer: query.Operator(), Store: b.Store, Watch: b.watch, Now: time.Now()}
	var text bytes.Buffer
	_, err := file.Write(b.T.Context(), &text, &export.Source{Reader: q, From: export.OpenFrom, To: export.OpenTo,
		People: []export.Person{{ID: b.idOf(slug), Name: slug}}, Damaged: func(error) bool { return false }})
	b.must(err)
	all, err := csv.NewReader(&text).ReadAll()
	b.must(err)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[all[0][i]] = export.Unguard(cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// cell is a member as the export writes it; missing ones are empty.
func cell(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// recordsAreAsTheExportHasThem compares every field of every record, and the entries of
// tables. Values that are not of the form of their field are under extra.
func recordsAreAsTheExportHasThem(t *testing.T, b *box) {
	c, misfits := b.bearer(0, auth.ScopeRead), 0
	for _, typ := range recordTypes() {
		for _, slug := range []string{"ada", "sam"} {
			records, _ := c.all(fmt.Sprintf("people/%s/records/%s?limit=%d", slug, typ.Key, 1+rand.IntN(5000)))
			rows := b.exported(slug, export.What{Type: typ, Form: export.CSV})
			if len(rows) != len(records) {
				t.Errorf("%s of %s: %d records, %d in the export", typ.Key, slug, len(records), len(rows))
				continue
			}
			entries := map[string][]any{}
			for i, rec := range records {
				values, extra := anyMap(rec["values"]), anyMap(rec["extra"])
				for _, f := range typ.Fields {
					got := cell(values[f.Name])
					if misfit, ok := extra[f.JSON]; ok && got == "" {
						got = cell(misfit)
						delete(extra, f.JSON)
						misfits++
					}
					if got != rows[i][f.Name] {
						t.Errorf("%s of %s on %v: %s is %s, in the export %s", typ.Key, slug, rec["date"], f.Name, got,
							rows[i][f.Name])
					}
				}
				sameIdentity(t, rec, rows[i])
				if text := rows[i]["extra"]; text != "" && asJSON(t, extra) != canonical(t, text) || text == "" && len(extra) > 0 {
					t.Errorf("%s: extra %v, in the export %s", typ.Key, extra, text)
				}
				for name, list := range anyMap(rec["tables"]) {
					entries[name] = append(entries[name], list.([]any)...)
				}
			}
			for _, table := range typ.Tables {
				sameEntries(t, &table, entries[table.Name], b.exported(slug, export.What{Type: typ, Table: table.Name,
					Form: export.CSV}))
			}
		}
	}
	if misfits == 0 {
		t.Error("no value is of another form than its field")
	}
}

func anyMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func canonical(t *testing.T, text string) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return asJSON(t, v)
}

func sameIdentity(t *testing.T, rec map[string]any, row map[string]string) {
	t.Helper()
	for name, column := range map[string]string{"date": "calendar_date", "start_time_utc": "start_time_utc",
		"utc_offset_s": "utc_offset_s", "summary_id": "summary_id", "device": "device", "origin": "origin"} {
		if got := cell(rec[name]); got != row[column] {
			t.Errorf("%v on %v: %s is %s, in the export %s", rec["type"], rec["date"], name, got, row[column])
		}
	}
}

func sameEntries(t *testing.T, table *garmin.Table, entries []any, rows []map[string]string) {
	t.Helper()
	if len(entries) != len(rows) {
		t.Errorf("%s: %d entries, %d in the export", table.Name, len(entries), len(rows))
		return
	}
	for i, entry := range entries {
		for _, f := range table.Fields {
			if got := cell(anyMap(entry)[f.Name]); got != rows[i][f.Name] {
				t.Errorf("%s: %s is %s, in the export %s", table.Name, f.Name, got, rows[i][f.Name])
			}
		}
	}
}

// samples are those of blocks: time, value and reason as the export has them.
func samples(t *testing.T, blocks []map[string]any) (out [][3]string) {
	t.Helper()
	for _, block := range blocks {
		times, fine := block["time_s"].([]any), false
		if times == nil {
			times, fine = block["time_ms"].([]any), true
		}
		values := block["value"].([]any)
		reasons := make([]string, len(values))
		off, _ := block["off"].([]any)
		for _, o := range off {
			at, n := whole(t, anyMap(o)["index"]), whole(t, anyMap(o)["count"])
			for i := at; i < at+n; i++ {
				reasons[i] = anyMap(o)["reason"].(string)
			}
		}
		for i, at := range times {
			ms := whole(t, at)
			if !fine {
				ms *= 1000
			}
			out = append(out, [3]string{time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z"), cell(values[i]),
				reasons[i]})
		}
	}
	return out
}

func whole(t *testing.T, v any) int64 {
	t.Helper()
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func seriesAreAsTheExportHasThem(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	fine, off := false, false
	for _, typ := range recordTypes() {
		for _, s := range typ.Series {
			for _, slug := range []string{"ada", "sam"} {
				blocks, _ := c.all(fmt.Sprintf("people/%s/series/%s/%s?limit=%d", slug, typ.Key, s.Name, 5000+rand.IntN(50000)))
				got := samples(t, blocks)
				what := export.What{Type: typ, Series: s.Name, Form: export.CSV}
				columns := export.Header(what)
				var want [][3]string
				for _, row := range b.exported(slug, what) {
					want = append(want, [3]string{row["time_utc"], row[columns[10]], row["reason"]})
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s of %s: %d samples, %d in the export, or others", s.Name, slug, len(got), len(want))
				}
				for _, block := range blocks {
					fine, off = fine || block["time_ms"] != nil, off || block["off"] != nil
				}
			}
		}
	}
	if !off {
		t.Error("no sample is off")
	}
	t.Log("samples finer than a second:", fine)
}

func metricsAreAsTheExportHasThem(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	columns := export.MetricsHeader()[2:]
	for _, slug := range []string{"ada", "sam"} {
		got, _ := c.all("people/" + slug + "/metrics?limit=3")
		rows := b.exported(slug, export.Metrics{Form: export.CSV})
		if len(got) != len(rows) || len(got) == 0 {
			t.Fatalf("%d days, %d in the export", len(got), len(rows))
		}
		for i, day := range got {
			for j, m := range garmin.Metrics() {
				if have := cell(anyMap(day["values"])[m.Name]); have != rows[i][columns[j]] || day["date"] != rows[i]["calendar_date"] {
					t.Errorf("%s on %v: %s, in the export %s", m.Name, day["date"], have, rows[i][columns[j]])
				}
			}
		}
		some, _ := c.all("people/" + slug + "/metrics?names=resting_heart_rate,sleep&limit=2")
		for _, day := range some {
			names := slices.Sorted(maps.Keys(anyMap(day["values"])))
			if len(names) == 0 || slices.ContainsFunc(names, func(n string) bool { return n != "resting_heart_rate" && n != "sleep" }) {
				t.Errorf("asked for two metrics, got %v", names)
			}
		}
	}
}

// coverageIsAsTheExportHasIt, which leaves out types without a rhythm and dates on which
// nothing was expected.
func coverageIsAsTheExportHasIt(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeStatus)
	rhythmic := map[string]bool{}
	for _, typ := range recordTypes() {
		rhythmic[typ.Key] = typ.Rhythm != ""
	}
	for _, slug := range []string{"ada", "ben", "sam"} {
		items, _ := c.all("people/" + slug + "/coverage?limit=100&from=2020-01-01")
		got, want := map[string]string{}, map[string]string{}
		counts := map[string]int{}
		for _, it := range items {
			if rhythmic[it["type"].(string)] && it["state"] != health.NotExpected.Key() {
				got[fmt.Sprint(it["type"], it["date"])] = fmt.Sprint(it["state"])
			}
			counts[it["type"].(string)] += int(whole(t, it["records"]))
		}
		for _, row := range b.exported(slug, export.Coverage{Form: export.CSV}) {
			if row["calendar_date"] >= "2020-01-01" {
				want[row["type"]+row["calendar_date"]] = row["state"]
			}
		}
		if !maps.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s: %d states, %d in the export, or others", slug, len(got), len(want))
		}
		if slug == "ada" {
			records, _ := c.box.bearer(0, auth.ScopeRead).all("people/ada/records/epochs")
			if counts["epochs"] != len(records) {
				t.Errorf("coverage counts %d epochs of %d", counts["epochs"], len(records))
			}
		}
	}
}

// bucketsSumUpTheSamples of each date, without codes that are no values.
func bucketsSumUpTheSamples(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	raw, _ := c.all("people/ada/series/stressDetails/stress")
	for every, seconds := range map[string]int64{"1s": 1, "7m": 420, "1h": 3600, "1d": 86400} {
		blocks, _ := c.all("people/ada/series/stressDetails/stress?agg=min,max,mean,sum,count,last&every=" + every)
		got := map[string]string{}
		for _, block := range blocks {
			times := block["time_s"].([]any)
			for i, at := range times {
				got[fmt.Sprint(block["date"], at)] = fmt.Sprint(block["min"].([]any)[i], block["max"].([]any)[i],
					block["count"].([]any)[i], block["sum"].([]any)[i], block["last"].([]any)[i], block["mean"].([]any)[i])
			}
		}
		if want := bucketsOf(t, raw, seconds); !maps.Equal(got, want) || len(got) == 0 {
			t.Errorf("every %s: %d buckets, want %d, or others", every, len(got), len(want))
		}
	}
}

// bucketsOf sums up samples that do not overlap.
func bucketsOf(t *testing.T, raw []map[string]any, every int64) map[string]string {
	t.Helper()
	type bucket struct{ min, max, sum, last, n float64 }
	all := map[string]*bucket{}
	for _, block := range raw {
		for i, v := range block["value"].([]any) {
			if v == nil {
				continue
			}
			x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
			if err != nil {
				t.Fatal(err)
			}
			at := whole(t, block["time_s"].([]any)[i])
			if at -= at % every; every == 86400 {
				day, err := health.ParseDay(block["date"].(string))
				if err != nil {
					t.Fatal(err)
				}
				at = day.Midnight().Unix() - whole(t, block["utc_offset_s"])
			}
			k := fmt.Sprint(block["date"], at)
			if all[k] == nil {
				all[k] = &bucket{min: x, max: x}
			}
			s := all[k]
			s.min, s.max, s.sum, s.last, s.n = min(s.min, x), max(s.max, x), s.sum+x, x, s.n+1
		}
	}
	out := map[string]string{}
	for k, s := range all {
		number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
		out[k] = fmt.Sprint(json.Number(number(s.min)), json.Number(number(s.max)), json.Number(number(s.n)),
			json.Number(number(s.sum)), json.Number(number(s.last)), json.Number(number(s.sum/s.n)))
	}
	return out
}
