package export_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/export"
	"garner/garmin"
	"garner/health"
)

var identity = []string{"person", "calendar_date", "start_time_utc", "start_time_local", "utc_offset_s", "summary_id",
	"device", "origin"}

func TestHeadersAreIdentityThenTheDictionarysNames(t *testing.T) {
	t.Parallel()
	for _, entry := range garmin.Dictionary() {
		typ, _ := garmin.Lookup(entry.Type)
		want := slices.Clone(identity)
		for _, fd := range entry.Fields {
			want = append(want, fd.Name)
		}
		want = append(want, "extra")
		if diff := cmp.Diff(want, export.Header(export.What{Type: typ, Form: export.CSV})); diff != "" {
			t.Errorf("%s: -want +got:\n%s", entry.Type, diff)
		}
		for _, s := range entry.Series {
			head := export.Header(export.What{Type: typ, Series: s.Name, Form: export.CSV})
			value := strings.TrimSuffix(s.Name+"_"+s.Unit, "_")
			if got := strings.Join(head[len(identity):], " "); got != "time_utc time_local "+value &&
				got != "time_utc time_local "+value+" reason" {
				t.Errorf("%s: header of series %s: %s", entry.Type, s.Name, got)
			}
		}
	}
}

// TestEveryTypeIsExportedAsTheGoldenFilesSay writes every part of every type's
// sample. The files are as a reader would open them in a spreadsheet.
func TestEveryTypeIsExportedAsTheGoldenFilesSay(t *testing.T) {
	t.Parallel()
	for _, typ := range withRecords(t) {
		for _, what := range append(export.Parts(typ, export.CSV), export.Parts(typ, export.JSON)...) {
			t.Run(what.Name(), func(t *testing.T) {
				t.Parallel()
				golden(t, what.Name(), written(t, what, "Ann", sample(t, typ.Key)))
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got (run with -update where the change is meant):\n%s", diff)
	}
}

func TestIdentityStandsBeforeTheFieldsOfASleep(t *testing.T) {
	t.Parallel()
	text := written(t, export.What{Type: garmin.Sleeps, Form: export.CSV}, "Ann", sample(t, "sleeps"))
	header, rows := table(t, text)
	if diff := cmp.Diff(identity, header[:len(identity)]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if header[len(header)-1] != "extra" || len(rows) != 5 {
		t.Fatalf("want 5 sleeps and extra at the end, got %d and %q", len(rows), header[len(header)-1])
	}
	want := map[string]string{
		"person": "Ann", "calendar_date": "2024-03-20", "start_time_utc": "2024-03-20T01:40:00Z",
		"start_time_local": "2024-03-19T21:40:00",
		"utc_offset_s":     "-14400", "summary_id": "x153a9f3-65fa3d50-6f54", "device": "", "origin": "push",
		"duration_s": "26400", "rem_sleep_s": "6000",
		"unmeasurable_sleep_s": "300", "validation": "ENHANCED_FINAL", "overall_sleep_score_value": "87",
		"overall_sleep_score_qualifier_key": "GOOD",
		"sleep_scores_rem_percentage_value": "82", "sleep_scores_stress_value": "",
		"extra": `{"sleepScores":{"deepPercentage":{"optimalStart":16}},"naps":[{"napFeedback":"REFRESHING"}]}`,
	}
	for name, cell := range want {
		if rows[0][name] != cell {
			t.Errorf("%s: want %q, got %q", name, cell, rows[0][name])
		}
	}
	if got := rows[1]["unmeasurable_sleep_s"]; got != "600" {
		t.Errorf("the other name of a field: want 600, got %q", got)
	}
}

func TestMissingIsEmptyAndZeroIsZero(t *testing.T) {
	t.Parallel()
	body := `{"dailies":[{"userId":"a","calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"steps":0,` +
		`"pushes":null,"averageStressLevel":-1,"distanceInMeters":0.0}]}`
	_, rows := table(t, written(t, export.What{Type: garmin.Dailies, Form: export.CSV}, "Ann", body))
	for name, cell := range rows[0] {
		want := map[string]string{"person": "Ann", "calendar_date": "2024-03-20", "start_time_utc": "2024-03-20T00:00:00Z",
			"origin": "push",
			"steps":  "0", "average_stress_level": "-1", "distance_m": "0.0"}[name]
		if cell != want {
			t.Errorf("%s: want %q, got %q", name, want, cell)
		}
	}
}

func TestRecordsWithoutAClockHaveNoTimes(t *testing.T) {
	t.Parallel()
	body := `{"userMetrics":[{"userId":"a","calendarDate":"2024-03-20","vo2Max":51.0}]}`
	_, rows := table(t, written(t, export.What{Type: garmin.UserMetrics, Form: export.CSV}, "Ann", body))
	for _, name := range []string{"start_time_utc", "start_time_local", "utc_offset_s"} {
		if rows[0][name] != "" {
			t.Errorf("%s: %q", name, rows[0][name])
		}
	}
	if got := rows[0]["vo2_max_ml_per_kg_min"]; got != "51.0" {
		t.Errorf("want the literal 51.0, got %q", got)
	}
}

func TestNumbersStandAsSent(t *testing.T) {
	t.Parallel()
	for _, literal := range []string{"0", "-0", "1.50", "1E+2", "12345678901234567890", "0.1000", "-273.15", "1e400"} {
		body := `{"skinTemp":[{"userId":"a","startTimeInSeconds":1710892800,"avgDeviationCelsius":` + literal + `}]}`
		_, rows := table(t, written(t, export.What{Type: garmin.SkinTemp, Form: export.CSV}, "Ann", body))
		if got := rows[0]["avg_deviation_c"]; got != literal {
			t.Errorf("want %s, got %s", literal, got)
		}
	}
}

func TestEveryOriginIsNamed(t *testing.T) {
	t.Parallel()
	for origin, want := range []string{"push", "ping", "backfill", "import", "simulated"} {
		recs := records(t, sample(t, "hrv"), health.Origin(origin))
		for _, form := range []export.Form{export.CSV, export.JSON} {
			var b strings.Builder
			if _, err := export.Write(&b, export.What{Type: garmin.HRV, Form: form}, export.Of("Ann", each(recs))); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %s in %s", form, want, b.String())
			}
		}
	}
}

// TestSeriesKeepReasonsAndEveryValueAsSent takes stress, whose negative levels
// say why there is none.
func TestSeriesKeepReasonsAndEveryValueAsSent(t *testing.T) {
	t.Parallel()
	what := export.What{Type: garmin.StressDetails, Series: "stress", Form: export.CSV}
	_, rows := table(t, written(t, what, "Ann", sample(t, "stressDetails")))
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join([]string{row["time_utc"], row["time_local"], row["stress"], row["reason"]}, " "))
	}
	want := []string{
		"2024-03-20T00:00:00Z 2024-03-19T20:00:00 18 ", "2024-03-20T00:03:00Z 2024-03-19T20:03:00 51 ",
		"2024-03-20T00:06:00Z 2024-03-19T20:06:00  off wrist", "2024-03-20T00:09:00Z 2024-03-19T20:09:00  large motion",
		"2024-03-20T00:12:00Z 2024-03-19T20:12:00  not enough data",
		"2024-03-20T00:15:00Z 2024-03-19T20:15:00  recovering from exercise",
		"2024-03-20T00:18:00Z 2024-03-19T20:18:00  unidentified",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSeriesTellTimesBetweenSecondsAndOddOffsets(t *testing.T) {
	t.Parallel()
	at := func(offset string) string {
		body := `{"activityDetails":[{"userId":"a","activityId":1,"summary":{"startTimeInSeconds":1710892800` + offset + `},
			"samples":[{"startTimeInSeconds":1710892859.5,"heartRate":70},{"startTimeInSeconds":1710892861.007,"heartRate":71}]}]}`
		_, rows := table(t, written(t, export.What{Type: garmin.ActivityDetails, Series: "heart_rate", Form: export.CSV},
			"Ann", body))
		out := ""
		for _, row := range rows {
			out += row["time_utc"] + " " + row["time_local"] + " " + row["heart_rate_bpm"] + "\n"
		}
		return out
	}
	for offset, want := range map[string]string{
		``: "2024-03-20T00:00:59.500Z  70\n2024-03-20T00:01:01.007Z  71\n",
		`,"startTimeOffsetInSeconds":20700`: "2024-03-20T00:00:59.500Z 2024-03-20T05:45:59.500 " +
			"70\n2024-03-20T00:01:01.007Z 2024-03-20T05:46:01.007 71\n",
		`,"startTimeOffsetInSeconds":-17762`: "2024-03-20T00:00:59.500Z 2024-03-19T19:04:57.500 " +
			"70\n2024-03-20T00:01:01.007Z 2024-03-19T19:04:59.007 71\n",
	} {
		if diff := cmp.Diff(want, at(offset)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", offset, diff)
		}
	}
}

func TestJSONLinesAreOneObjectEachWithTheirIdentity(t *testing.T) {
	t.Parallel()
	for _, typ := range withRecords(t) {
		text := written(t, export.What{Type: typ, Form: export.JSON}, "Ann", sample(t, typ.Key))
		lines := bufio.NewScanner(strings.NewReader(text))
		for lines.Scan() {
			var got struct {
				Person, Type, Origin string
				Date                 string `json:"calendar_date"`
				Element              map[string]any
			}
			if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
				t.Fatalf("%s: %v", typ.Key, err)
			}
			if _, err := health.ParseDay(got.Date); err != nil || got.Person != "Ann" || got.Type != typ.Key ||
				got.Origin != "push" || len(got.Element) == 0 {
				t.Errorf("%s: %s", typ.Key, lines.Bytes())
			}
		}
	}
}

func TestWhatCannotBeWrittenIsRefusedWithWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what export.What
		want string
	}{
		{export.What{Type: garmin.Sleeps}, `format "": want csv or json`},
		{export.What{Type: garmin.Sleeps, Form: "xml"}, `format "xml": want csv or json`},
		{export.What{Type: garmin.Sleeps, Form: export.CSV, Table: "x"},
			`sleeps has no table "x"; it has: naps, sleep_levels`},
		{export.What{Type: garmin.Sleeps, Form: export.CSV, Series: "x"},
			`sleeps has no series "x"; it has: spo2, respiration, movement`},
		{export.What{Type: garmin.Epochs, Form: export.CSV, Series: "x"}, `epochs has no series "x"; it has: none`},
		{export.What{Type: garmin.Sleeps, Form: export.CSV, Table: "naps", Series: "spo2"},
			"a table and a series cannot be in one file"},
		{export.What{Type: garmin.Sleeps, Form: export.JSON, Table: "naps"},
			"json contains whole elements; tables and series need csv"},
	} {
		n, err := export.Write(errorWriter{}, tt.what, export.Of("Ann", each(records(t, sample(t, "sleeps"), 0))))
		if err == nil || err.Error() != tt.want || n != 0 {
			t.Errorf("want %q, got %v", tt.want, err)
		}
	}
}

// errorWriter takes nothing.
type errorWriter struct{}

var errFull = errors.New("full")

func (errorWriter) Write([]byte) (int, error) { return 0, errFull }

func TestAReaderWhoLeftEndsTheWork(t *testing.T) {
	t.Parallel()
	recs := records(t, sample(t, "sleeps"), 0)
	n := 0
	rows := func(yield func(export.Row, error) bool) {
		for ; n < 1_000_000; n++ {
			if !yield(export.Row{Person: "Ann", Record: recs[0]}, nil) {
				return
			}
		}
	}
	if _, err := export.Write(errorWriter{}, export.What{Type: garmin.Sleeps, Form: export.CSV}, rows); !errors.Is(err,
		errFull) {
		t.Errorf("want the writer's error, got %v", err)
	}
	if n > 1000 {
		t.Errorf("%d records were read for an unknown person", n)
	}
}

func TestErrorsOfTheStoreAndDamagedRecordsEndTheWork(t *testing.T) {
	t.Parallel()
	recs := records(t, sample(t, "hrv"), 0)
	mine := errors.New("mine")
	what := export.What{Type: garmin.HRV, Form: export.CSV}
	n, err := export.Write(&strings.Builder{}, what, export.Chain(export.Of("Ann", each(recs)),
		func(yield func(export.Row, error) bool) { yield(export.Row{}, mine) }))
	if err != mine || n != len(recs) {
		t.Errorf("want the store's error after %d, got %v after %d", len(recs), err, n)
	}
	damaged := *recs[0]
	damaged.Body = damaged.Body[:len(damaged.Body)/2]
	_, err = export.Write(&strings.Builder{}, what, export.Of("Ann", each([]*health.Record{&damaged})))
	if err == nil || !strings.HasPrefix(err.Error(), "hrv of "+damaged.Day.String()+": ") {
		t.Errorf("want an error that names the record, got %v", err)
	}
}

func TestFilesAreNamedForWhatTheyHold(t *testing.T) {
	t.Parallel()
	var got []string
	for _, what := range append(export.Parts(garmin.Sleeps, export.CSV), export.Parts(garmin.Sleeps, export.JSON)...) {
		got = append(got, what.Name())
	}
	want := []string{"sleeps.csv", "sleeps_naps.csv", "sleeps_sleep_levels.csv", "sleeps_spo2.csv",
		"sleeps_respiration.csv", "sleeps_movement.csv", "sleeps.jsonl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	names := map[string]bool{}
	for _, typ := range withRecords(t) {
		for _, what := range export.Parts(typ, export.CSV) {
			if names[what.Name()] {
				t.Errorf("two files are called %s", what.Name())
			}
			names[what.Name()] = true
		}
	}
	if len(names) < 20 {
		t.Error("only " + strconv.Itoa(len(names)) + " files")
	}
}
