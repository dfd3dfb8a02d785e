package export_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"garner/export"
	"garner/garmin"
	"garner/health"
)

// read returns what ReadJSON yields, in short.
func read(r io.Reader) (got []string, err error) {
	err = export.ReadJSON(r, func(person, typ string, element []byte) error {
		got = append(got, person+" "+typ+" "+string(element))
		return nil
	})
	return got, err
}

func TestJSONLinesComeBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	elements := []string{
		`{"userId":"a","startTimeInSeconds":1710898800,"durationInSeconds":2.64e4,"validation":"x\"\\\u00e9\n","x":[1.50,` +
			`-0,1E+2,null,{}],"y":""}`,
		`{"userId":"a","startTimeInSeconds":"1710985200","timeOffsetSleepSpo2":{"60":96,"0":95.0},"durationInSeconds":1,` +
			`"durationInSeconds":2}`,
	}
	want := []string{}
	for _, el := range elements {
		v := records(t, `{"sleeps":[`+el+`]}`, health.Push)
		var kept []byte
		if _, err := export.Write(writerFunc(func(p []byte) { kept = append(kept, p...) }),
			export.What{Type: garmin.Sleeps, Form: export.JSON}, export.Of("Ann \"A\"\n", each(v))); err != nil {
			t.Fatal(err)
		}
		// Escapes are the only thing that may be written in another way.
		literal := strings.ReplaceAll(el, `\u00e9`, "é")
		if !strings.Contains(string(kept), `"element":`+literal+"}\n") {
			t.Errorf("want %s as it was sent, got %s", literal, kept)
		}
		want = append(want, "Ann \"A\"\n sleeps "+literal)
	}
	text := written(t, export.What{Type: garmin.Sleeps, Form: export.JSON}, "Ann \"A\"\n",
		`{"sleeps":[`+strings.Join(elements, ",")+`]}`)
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader("\ufeff" + text)),
		strings.NewReader(strings.TrimSpace(text))} {
		got, err := read(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// writerFunc hands on what is written.
type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

func TestEveryTypeComesBackFromJSONLines(t *testing.T) {
	t.Parallel()
	for _, typ := range withRecords(t) {
		t.Run(typ.Key, func(t *testing.T) {
			t.Parallel()
			what := export.What{Type: typ, Form: export.JSON}
			first := written(t, what, "Ann", sample(t, typ.Key))
			var elements []string
			err := export.ReadJSON(strings.NewReader(first), func(person, key string, element []byte) error {
				if person != "Ann" || key != typ.Key {
					t.Errorf("want Ann's %s, got %s's %s", typ.Key, person, key)
				}
				elements = append(elements, string(element))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			again := written(t, what, "Ann", `{"`+typ.Key+`":[`+strings.Join(elements, ",")+`]}`)
			if diff := cmp.Diff(first, again); diff != "" {
				t.Errorf("-first +again:\n%s", diff)
			}
		})
	}
}

func TestReadJSONNamesTheLineThatItCannotRead(t *testing.T) {
	t.Parallel()
	const good = `{"person":"Ann","type":"hrv","element":{"a":1}}` + "\n"
	for name, tt := range map[string]struct {
		text  string
		lines int
		err   string
	}{
		"nothing":        {"", 0, ""},
		"empty lines":    {"\n\n" + good + "\r\n\n" + good, 2, ""},
		"another order":  {`{"element": {"a" : 1}, "x":[{"element":2}], "type":"hrv","person":"Ann"}`, 1, ""},
		"a line cut off": {good + good[:30], 1, "line 2: the file ends too soon"},
		"a line cut after all": {good + `{"person":"Ann","type":"hrv","element":{"a":1}`, 1,
			"line 2: the file ends too soon"},
		"no JSON":               {good + "person,type\n", 1, "line 2: not JSON"},
		"a secret in no JSON":   {`{"person":"Ann","weight":72x}`, 0, "line 1: not JSON"},
		"a list":                {good + "[" + good + "]", 1, "line 2: not an object"},
		"no person":             {`{"type":"hrv","element":{"a":1}}`, 0, "line 1: names no person"},
		"a person of a number":  {`{"person":7,"type":"hrv","element":{"a":1}}`, 0, "line 1: names no person"},
		"no type":               {`{"person":"Ann","element":{"a":1}}`, 0, "line 1: names no type"},
		"no element":            {good + `{"person":"Ann","type":"hrv"}`, 1, "line 2: holds no element"},
		"an element of null":    {`{"person":"Ann","type":"hrv","element":null}`, 0, "line 1: holds no element"},
		"an element cut by a }": {`{"person":"Ann","type":"hrv","element":{"a":[1}}`, 0, "line 1: not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := read(strings.NewReader(tt.text))
			text := ""
			if err != nil {
				text = err.Error()
			}
			if len(got) != tt.lines || text != tt.err {
				t.Errorf("want %d lines and %q, got %d and %q", tt.lines, tt.err, len(got), text)
			}
		})
	}
}

func TestReadJSONHandsOnErrorsOfReaderAndCaller(t *testing.T) {
	t.Parallel()
	line := `{"person":"Ann","type":"hrv","element":{"a":1}}` + "\n"
	disk := errors.New("disk")
	got, err := read(io.MultiReader(strings.NewReader(line+line[:20]), iotest.ErrReader(disk)))
	if !errors.Is(err, disk) || len(got) != 1 {
		t.Errorf("want the reader's error after 1 line, got %v after %d", err, len(got))
	}
	mine, n := errors.New("mine"), 0
	err = export.ReadJSON(strings.NewReader(line+line), func(string, string, []byte) error { n++; return mine })
	if err != mine || n != 1 {
		t.Errorf("want the caller's error after 1 line, got %v after %d", err, n)
	}
}

// endless gives white space without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestALineWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	got, err := read(endless{})
	if err == nil || !strings.Contains(err.Error(), "longer than") || len(got) > 0 {
		t.Errorf("want a refusal, got %v", err)
	}
}

// FuzzReadJSON reads any file: it never panics, and what it yields is an
// object that reads the same when written again.
func FuzzReadJSON(f *testing.F) {
	f.Add(`{"person":"Ann","type":"hrv","element":{"a":1}}` + "\n")
	f.Add("\ufeff{\"element\": {\"a\" : [1.0, {}]},\"person\":\"\\u00e9\",\"type\":\"x\",\"person\":\"b\"}\n\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		lines, _ := read(strings.NewReader(text))
		for _, line := range lines {
			if !strings.HasSuffix(line, "}") {
				t.Errorf("%q is no element", line)
			}
		}
		n := 0
		_ = export.ReadJSON(strings.NewReader(text), func(_, _ string, element []byte) error {
			again, err := read(strings.NewReader(fmt.Sprintf(`{"person":"p","type":"t","element":%s}`, element)))
			if err != nil || len(again) != 1 || again[0] != "p t "+string(element) {
				t.Errorf("%q comes back as %q: %v", element, again, err)
			}
			n++
			return nil
		})
		if n != len(lines) {
			t.Errorf("%d lines, then %d", len(lines), n)
		}
	})
}
