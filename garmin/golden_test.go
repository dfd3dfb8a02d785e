package garmin_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/garmin/element"
)

var update = flag.Bool("update", false, "write the golden files anew")

var roomy = garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 2_000_000}

// split returns the items of a body, which must be readable.
func split(t testing.TB, body, hint string) []garmin.Item {
	t.Helper()
	var out []garmin.Item
	err := garmin.Split(strings.NewReader(body), hint, roomy, func(it garmin.Item) error {
		out = append(out, it)
		return nil
	})
	if err != nil {
		t.Fatalf("split %.200s: %v", body, err)
	}
	return out
}

// one returns the element of a body that holds one.
func one(t testing.TB, key, text string) (*garmin.Type, element.Value) {
	t.Helper()
	items := split(t, `{"`+key+`":[`+text+`]}`, "")
	if len(items) != 1 || items[0].Err != nil || items[0].Type == nil {
		t.Fatalf("%s: want one element, got %+v", key, items)
	}
	return items[0].Type, items[0].Value
}

// decode is one, decoded.
func decode(t testing.TB, key, text string) garmin.Decoded {
	t.Helper()
	typ, v := one(t, key, text)
	return typ.Decode(v)
}

func sample(t testing.TB, key string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", key+".json"))
	if err != nil {
		t.Fatalf("every type has a sample: %v", err)
	}
	return string(b)
}

// account is all that the package makes of an element, in a form to look at.
type account struct {
	Type, Record string
	UserID       string              `json:",omitempty"`
	Token        string              `json:",omitempty"`
	Ping         bool                `json:",omitempty"`
	Fault        string              `json:",omitempty"`
	Key, Day     string              `json:",omitempty"`
	Start, End   string              `json:",omitempty"`
	Offset       *int32              `json:",omitempty"`
	Class        uint8               `json:",omitempty"`
	Reach        string              `json:",omitempty"`
	SummaryID    string              `json:",omitempty"`
	Device       string              `json:",omitempty"`
	Simulated    bool                `json:",omitempty"`
	Ignored      []string            `json:",omitempty"`
	Fields       []string            `json:",omitempty"`
	Tables       map[string][]string `json:",omitempty"`
	Series       map[string][]string `json:",omitempty"`
	Readings     []string            `json:",omitempty"`
	Extra        json.RawMessage     `json:",omitempty"`
	Permissions  []string            `json:",omitempty"`
}

func accountOf(it garmin.Item) account {
	d := it.Type.Decode(it.Value)
	a := account{
		Type: it.Type.Key, Record: it.Type.RecordType(), UserID: it.UserID, Token: it.Token, Ping: it.CallbackURL != "",
		Fault: d.Fault, Key: d.Key, Start: clockText(d.Start), End: clockText(d.End), Offset: d.Offset, Class: uint8(d.Class),
		Reach:     clockText(d.Reach),
		SummaryID: d.SummaryID, Device: d.Device, Simulated: d.Simulated, Ignored: d.Ignored,
		Fields: cells(it.Type.Fields, it.Value), Tables: map[string][]string{}, Series: map[string][]string{},
		Extra: it.Type.Extra(it.Value),
	}
	if d.Day != 0 {
		a.Day = d.Day.String()
	}
	for i := range it.Type.Tables {
		table := &it.Type.Tables[i]
		for row := range table.Rows(it.Value) {
			a.Tables[table.Name] = append(a.Tables[table.Name], strings.Join(cells(table.Fields, row), ", "))
		}
	}
	for i := range it.Type.Series {
		s := &it.Type.Series[i]
		s.Each(it.Value, d.Start, func(ms int64, n element.Num) bool {
			line := time.UnixMilli(ms).UTC().Format("15:04:05.999") + " " + string(n.AppendText(nil))
			if s.Reason != nil {
				if reason, none := s.Reason(n.Float()); none {
					line += " (" + reason + ")"
				}
			}
			a.Series[s.Name] = append(a.Series[s.Name], line)
			return true
		})
	}
	for _, r := range d.Readings {
		a.Readings = append(a.Readings, strings.TrimSpace(r.Metric+" = "+number(r.Value)+" "+clockText(r.At)))
	}
	if it.Type == garmin.UserPermissionsChange {
		a.Permissions, _ = garmin.Permissions(it.Value)
	}
	return a
}

func number(x float64) string {
	b, err := json.Marshal(x)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func clockText(unix int64) string {
	if unix == 0 {
		return ""
	}
	return time.Unix(unix, 0).UTC().Format(time.RFC3339)
}

func cells(fields []garmin.Field, v element.Value) (out []string) {
	for i := range fields {
		if got := fields[i].Value(v); got.Kind() != element.Absent {
			out = append(out, fields[i].Name+" = "+string(got.AppendJSON(nil)))
		}
	}
	return out
}

func TestEveryTypeReadsItsSampleAsTheGoldenFileSays(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		t.Run(typ.Key, func(t *testing.T) {
			t.Parallel()
			var got []account
			for _, it := range split(t, sample(t, typ.Key), "") {
				got = append(got, accountOf(it))
			}
			text, err := json.MarshalIndent(got, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, '\n')
			name := filepath.Join("testdata", typ.Key+".golden.json")
			if *update {
				if err := os.WriteFile(name, text, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(text)); diff != "" {
				t.Errorf("-want +got (run with -update where the change is meant):\n%s", diff)
			}
		})
	}
}

func TestEveryColumnOfEveryTypeIsInItsSample(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		body := sample(t, typ.Key)
		for _, name := range namesOf(typ) {
			if !strings.Contains(body, `"`+name+`"`) && !slices.Contains(unsampled, name) {
				t.Errorf("%s: no sample holds %s", typ.Key, name)
			}
		}
	}
}

// unsampled are names that no document has, which are read in case that Garmin
// puts its own right.
var unsampled = []string{"airTemperatureCelsius", "remSleepDurationInSeconds"}

// namesOf returns the last part of every JSON name that a type declares.
func namesOf(typ *garmin.Type) (out []string) {
	if typ.VersionOf != "" || typ == garmin.ThirdPartyDailies || typ == garmin.ActivityDetails {
		return nil // the fields of another type
	}
	add := func(paths ...string) {
		for _, path := range paths {
			out = append(out, path[strings.LastIndexByte(path, '.')+1:])
		}
	}
	for _, fd := range typ.Fields {
		add(append(fd.Aliases, fd.JSON)...)
	}
	for _, table := range typ.Tables {
		add(append(table.Aliases, table.JSON)...)
		for _, fd := range table.Fields {
			if fd.JSON != "level" { // the name of the list that a row stands in
				add(append(fd.Aliases, fd.JSON)...)
			}
		}
	}
	for _, s := range typ.Series {
		add(s.JSON)
	}
	return out
}

func TestDecodingWhatWasPackedGivesTheSame(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		for _, it := range split(t, sample(t, typ.Key), "") {
			v, err := element.Unpack(it.Value.AppendPacked(nil))
			if err != nil {
				t.Fatalf("%s: %v", typ.Key, err)
			}
			again := it
			again.Value = v
			if diff := cmp.Diff(accountOf(it), accountOf(again)); diff != "" {
				t.Errorf("%s: %s", typ.Key, diff)
			}
			if !bytes.Equal(it.Value.AppendJSON(nil), v.AppendJSON(nil)) {
				t.Errorf("%s: the element changed", typ.Key)
			}
		}
	}
}
