package export_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"garner/export"
	"garner/garmin"
)

// activity writes one activity of some name.
func activity(t testing.TB, person, name string) string {
	t.Helper()
	quoted, err := json.Marshal(name)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, export.What{Type: garmin.Activities, Form: export.CSV}, person,
		`{"activities":[{"userId":"a","activityId":1,"startTimeInSeconds":1710892800,"activityName":`+string(quoted)+`}]}`)
}

func TestTextCellsAreQuotedAndGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Evening run": "Evening run", "": "", "a,b": `"a,b"`, `5" run`: `"5"" run"`, "two\nlines": "\"two\nlines\"",
		"two\r\nlines": "\"two\r\nlines\"",
		"=1+1":         "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "\"'\rx\"", "'x": "''x",
		"'":                          "''",
		"'=x":                        "''=x",
		`=HYPERLINK("http://x","y")`: `"'=HYPERLINK(""http://x"",""y"")"`, " =1": " =1", "a=1": "a=1", "日本, é": `"日本, é"`,
	} {
		got := activity(t, "Ann", text)
		if !strings.Contains(got, ",1,"+want+",") {
			t.Errorf("%q: want %s, got %s", text, want, got[strings.IndexByte(got, '\n'):])
		}
	}
}

func TestOnlyTextIsGuarded(t *testing.T) {
	t.Parallel()
	got := written(t, export.What{Type: garmin.Activities, Form: export.CSV}, "-Ann",
		`{"activities":[{"userId":"a","activityId":1,"startTimeInSeconds":1710892800,"startTimeOffsetInSeconds":-3600,`+
			`"startingLatitudeInDegree":-12.5,"startingLongitudeInDegree":"-77"}]}`)
	_, rows := table(t, got)
	for name, want := range map[string]string{"person": "'-Ann", "utc_offset_s": "-3600", "starting_latitude_deg": "-12.5",
		"starting_longitude_deg": "'-77"} {
		if rows[0][name] != want {
			t.Errorf("%s: want %q, got %q", name, want, rows[0][name])
		}
	}
}

func TestUnguardTakesOneMarkOffAndLeavesOtherTextAlone(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{"'=1": "=1", "''": "'", "''x": "'x", "'\n": "\n", "'''": "''", "'\tx": "\tx",
		"-1": "-1", "": "", "'": "'", "'x": "'x", "x'=": "x'="} {
		if got := export.Unguard(cell); got != want {
			t.Errorf("%q: want %q, got %q", cell, want, got)
		}
	}
}

func TestEveryTextComesBackFromCSV(t *testing.T) {
	t.Parallel()
	runes := rapid.OneOf(rapid.SampledFrom([]rune("=+-@\t\r\n'\",; x")), rapid.Rune())
	texts := rapid.OneOf(rapid.StringOf(runes), rapid.Custom(func(rt *rapid.T) string {
		return rapid.SampledFrom([]string{"\r\n", "'\n", "'\r\n", "''"}).Draw(rt, "head") +
			rapid.StringOf(runes).Draw(rt, "tail")
	})).Filter(utf8.ValidString)
	rapid.Check(t, func(rt *rapid.T) {
		person, name := texts.Draw(rt, "person"), texts.Draw(rt, "name")
		all, err := csv.NewReader(strings.NewReader(activity(t, person, name))).ReadAll()
		if err != nil || len(all) != 2 {
			rt.Fatalf("%d lines, %v", len(all), err)
		}
		for i, column := range all[0] {
			want, ok := map[string]string{"person": person, "activity_name": name}[column]
			// encoding/csv takes the CR before a line's end for part of the end.
			want = strings.ReplaceAll(want, "\r\n", "\n")
			if got := export.Unguard(all[1][i]); ok && got != want {
				rt.Errorf("%s: want %q, got %q", column, want, got)
			}
		}
	})
}
