package garmin_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"garner/garmin"
	"garner/garmin/element"
)

// repeated reads a text over and over, between a head and a tail.
func repeated(head, text, tail string, size int) io.Reader {
	block := strings.Repeat(text, 64<<10/len(text)+1)
	parts := []io.Reader{strings.NewReader(head)}
	for n := 0; n < size; n += len(block) {
		parts = append(parts, strings.NewReader(block))
	}
	return io.MultiReader(append(parts, strings.NewReader(tail))...)
}

// TestBombsAreBounded posts bodies made to hurt. Memory is measured as what is
// allocated in all, so the tests here run alone.
func TestBombsAreBounded(t *testing.T) {
	size, vast := 10<<20, 100<<20
	if os.Getenv("GARNER_TEST_ALL") != "" {
		vast = 300 << 20
	}
	if testing.Short() {
		vast /= 10
	}
	lim := garmin.Limits{Depth: 64, ElementBytes: 1 << 20, Elements: 2_000_000}
	deep := func(open, shut string) io.Reader {
		return strings.NewReader(`{"hrv":[{"userId":"a","x":` + strings.Repeat(open, 9_000) + `1` +
			strings.Repeat(shut, 9_000) + `},{"userId":"b"}]}`)
	}
	for name, tt := range map[string]struct {
		body   io.Reader
		items  int // at most
		counts int // elements reported, at least
		err    string
	}{
		"arrays in place of elements": {body: repeated(`{"hrv":[1`, `,[]`, `]}`, size/2), items: 101, counts: 1_700_000},
		"too many of them": {body: repeated(`{"hrv":[1`, `,[]`, `]}`, size), items: 101, counts: 2_000_000,
			err: "more than 2000000 elements"},
		"empty objects":             {body: repeated(`[{}`, `,{}`, `]`, size/2), items: 101, counts: 1_700_000},
		"empty keys":                {body: repeated(`{"":1`, `,"":1`, `}`, size), items: 101, counts: 2_000_000},
		"keys of null":              {body: repeated(`{"":null`, `,"":null`, `}`, size)},
		"arrays nested in arrays":   {body: deep(`[`, `]`), items: 2, counts: 2},
		"objects nested in objects": {body: deep(`{"x":`, `}`), items: 2, counts: 2},
		"nesting beyond all JSON":   {body: repeated(`{"hrv":[`, `[`, ``, 1<<20), err: "not JSON"},
		"nesting on top":            {body: repeated(``, `{"hrv":`, ``, 1<<20), err: "not JSON"},
		"one long element": {body: repeated(`{"hrv":[{"userId":"a","x":[1`, `,[1]`, `]},{"userId":"b"}]}`, size),
			items: 2, counts: 2},
		"one name again and again": {body: repeated(`{"hrv":[{"a":1`, `,"a":2`, `},{"userId":"b"}]}`, size), items: 2,
			counts: 2},
		"one long name": {body: repeated(`{"`, `key`, `":[{"userId":"a"}]}`, 1<<20), items: 1, counts: 1},
		"one long number": {body: repeated(`{"hrv":[{"x":1`, `0`, `},{"userId":"b"}]}`, 2<<20), items: 2,
			counts: 2},
		"one long text": {body: repeated(`{"hrv":[{"x":"`, `y`, `"},{"userId":"b"}]}`, 2<<20), items: 2,
			counts: 2},
		"one vast name": {body: repeated(`{"hrv":[{"`, `key`, `":1},{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast key": {body: repeated(`{"`, `key`, `":[{"userId":"a"}]}`, vast), items: 1, counts: 1},
		"one vast number": {body: repeated(`{"hrv":[{"x":1`, `0`, `},{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast text": {body: repeated(`{"hrv":[{"x":"`, `y`, `"},{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast text of escapes": {body: repeated(`{"hrv":[{"x":"`, `\ud83d\ude00`, `"},{"userId":"b"}]}`, vast),
			items: 2, counts: 2},
		"one vast text of half pairs": {body: repeated(`{"hrv":[{"x":"`, `\ud83d`, `"},{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast text of no UTF-8": {body: repeated(`{"hrv":[{"x":"`, "\x80", `"},{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast text for elements": {body: repeated(`{"hrv":"`, `y`, `","hrv":[{"userId":"b"}]}`, vast), items: 2,
			counts: 2},
		"one vast text for a body":  {body: repeated(`"`, `y`, `"`, vast), err: "neither an object nor an array"},
		"vast white space":          {body: repeated(`{"hrv":[`, " \n", `{"userId":"b"}]}`, vast), items: 1, counts: 1},
		"vast white space in front": {body: repeated(``, "\t", `{"hrv":[{"userId":"b"}]}`, vast), items: 1, counts: 1},
		"a body that never ends":    {body: repeated(`{"hrv":[{"userId":"a","x":"`, `y`, ``, 2<<20), err: "ends too soon"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			items, counts := 0, 0
			err := garmin.Split(tt.body, "", lim, func(it garmin.Item) error {
				items++
				counts += max(1, it.Count)
				return nil
			})
			runtime.GC()
			runtime.ReadMemStats(&after)
			var unreadable *garmin.UnreadableError
			if tt.err == "" && err != nil || tt.err != "" && (!errors.As(err, &unreadable) ||
				!strings.Contains(err.Error(), tt.err)) {
				t.Errorf("want error %q, got %v", tt.err, err)
			}
			if items > tt.items || counts < tt.counts {
				t.Errorf("want at most %d items for at least %d elements, got %d for %d", tt.items, tt.counts, items, counts)
			}
			if grown := int64(after.Sys) - int64(before.Sys); grown > 64<<20 {
				t.Errorf("memory grew by %d MiB", grown>>20)
			}
		})
	}
}

func TestDecodeStandsUpToAnything(t *testing.T) {
	t.Parallel()
	huge := `{"-9223372036854775808":1,"9223372036854775807":2,"999999999999999999":3,"0":1e400,"1":-1e400,` +
		`"2":123456789012345678901234567890,"3":-0.0}`
	for _, typ := range garmin.Types {
		for _, value := range []string{`null`, `true`, `-1`, `1e400`, `-1e400`, `1e-400`, `123456789012345678901234567890`,
			`""`, `"NaN"`, `"Infinity"`, `"\ud800"`,
			`[]`, `[[]]`, `[null]`, `[{}]`, `{}`, `{"":{}}`, huge, `"9999-12-31"`, `"2024-02-30"`, `9223372036854775807`} {
			members := []string{`"userId":"a"`, `"startTimeInSeconds":1710892800`, `"calendarDate":"2024-03-20"`,
				`"activityId":1`}
			for _, name := range namesOf(typ) {
				members = append(members, fmt.Sprintf("%q:%s", name, value))
			}
			_, v := one(t, typ.Key, `{`+strings.Join(members, ",")+`}`)
			exercise(t, typ, v)
		}
	}
}

// exercise does all that can be done with an element; a fault must be the only
// way of saying no.
func exercise(t testing.TB, typ *garmin.Type, v element.Value) {
	t.Helper()
	d := typ.Decode(v)
	if d.Fault == "" && (d.Key == "" || d.End < d.Start || d.Start != 0 && d.Day == 0) {
		t.Errorf("%s: no fault, and %+v", typ.Key, d)
	}
	for _, r := range d.Readings {
		if r.Value != r.Value || r.Value-r.Value != 0 {
			t.Errorf("%s: %s is %g", typ.Key, r.Metric, r.Value)
		}
	}
	if extra := typ.Extra(v); len(extra) > 0 {
		split(t, `{"`+typ.Key+`":[`+string(extra)+`]}`, "") // is JSON
	}
	for i := range typ.Fields {
		typ.Fields[i].Value(v).AppendJSON(nil)
	}
	for i := range typ.Tables {
		for row := range typ.Tables[i].Rows(v) {
			cells(typ.Tables[i].Fields, row)
		}
	}
	for i := range typ.Series {
		last := int64(-1 << 62)
		typ.Series[i].Each(v, d.Start, func(ms int64, _ element.Num) bool {
			if ms < last && typ != garmin.ActivityDetails {
				t.Errorf("%s: %s goes back", typ.Key, typ.Series[i].Name)
			}
			last = ms
			return true
		})
	}
	garmin.Permissions(v)
	part := garmin.Part{Start: d.Start, End: d.End, Value: v}
	garmin.DeriveSamples(d.Day, garmin.Samples{Sleeps: []garmin.Part{part}, PulseOx: []garmin.Part{part},
		Respiration: []garmin.Part{part}})
}
