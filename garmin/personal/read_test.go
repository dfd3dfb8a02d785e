package personal

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/health"
)

var update = flag.Bool("update", false, "write the golden files anew")

// roomy are the limits of elements.
var roomy = garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 2_000_000}

// asked is a call of an endpoint: about 20 November 2026, or the days from the 18th.
func asked(key string) Head {
	h := Head{UserID: "personal-1", Endpoint: key, Asked: 1795200000, Zone: "Europe/Berlin"}
	to, _ := health.ParseDay("2026-11-20")
	switch e := Lookup(key); {
	case e == nil:
	case e.Shape == Day:
		h.From, h.To = to, to
	case e.Shape == Range, e.Shape == Listed:
		h.From, h.To = to-2, to
	case e.Shape == Activity:
		h.Activity = 12345678901
	}
	return h
}

// account is all that an answer becomes, in a form to look at.
type account struct {
	Fault      string             `json:",omitempty"`
	Outcome    Outcome            `json:",omitempty"`
	Days       map[string]Outcome `json:",omitempty"`
	Zone       string             `json:",omitempty"`
	Activities []string           `json:",omitempty"`
	Elements   []read             `json:",omitempty"`
}

// read is an element, and what the drain makes of it.
type read struct {
	Type, Key, Day string
	Fault          string             `json:",omitempty"`
	Ignored        []string           `json:",omitempty"`
	Readings       map[string]float64 `json:",omitempty"`
	Element        json.RawMessage
}

func accountOf(t testing.TB, head Head, raw []byte) (out account) {
	t.Helper()
	got, err := Read(head, raw)
	if err != nil {
		return account{Fault: err.Error()}
	}
	out = account{Outcome: got.Outcome, Days: map[string]Outcome{}, Zone: got.Zone}
	for day, o := range got.Days {
		out.Days[day.String()] = o
	}
	for _, l := range got.Activities {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		out.Activities = append(out.Activities, string(b))
	}
	for _, it := range split(t, got.Callback) {
		out.Elements = append(out.Elements, readItem(it))
	}
	return out
}

func readItem(it garmin.Item) read {
	d := it.Type.Decode(it.Value)
	r := read{Type: it.Key, Key: d.Key, Day: d.Day.String(), Fault: d.Fault, Ignored: d.Ignored,
		Readings: map[string]float64{}, Element: it.Value.AppendJSON(nil)}
	for _, reading := range d.Readings {
		r.Readings[reading.Metric] = reading.Value
	}
	return r
}

// split returns the elements of a callback, each of which must be one of a known type
// and of the person.
func split(t testing.TB, callback []byte) (out []garmin.Item) {
	t.Helper()
	if len(callback) == 0 {
		return nil
	}
	err := garmin.Split(bytes.NewReader(callback), "", roomy, func(it garmin.Item) error {
		if it.Err != nil || it.Type == nil || it.UserID != "personal-1" || it.CallbackURL != "" || it.Token != "" {
			t.Errorf("element %+v", it)
		}
		out = append(out, it)
		return nil
	})
	if err != nil {
		t.Fatalf("callback %.300s: %v", callback, err)
	}
	return out
}

// answers are the hand-made answers in testdata, by endpoint and name.
func answers(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return strings.HasSuffix(name, ".golden.json") })
}

func TestAnswersBecomeElementsAndOutcomes(t *testing.T) {
	t.Parallel()
	for _, name := range answers(t) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetIndent("", " ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(accountOf(t, asked(filepath.Base(filepath.Dir(name))), raw)); err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(name, ".json") + ".golden.json"
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestEveryEndpointHasADecoderAndAnAnswerToTestItWith(t *testing.T) {
	t.Parallel()
	for _, e := range Endpoints {
		if decoders[e.Key] == nil {
			t.Errorf("%s has no decoder", e.Key)
		}
		if some, _ := filepath.Glob("testdata/" + e.Key + "/*.json"); len(some) == 0 && e.Key != FileKey {
			t.Errorf("%s has no answer in testdata", e.Key)
		}
	}
	if len(decoders) != len(Endpoints) {
		t.Errorf("%d decoders of %d endpoints", len(decoders), len(Endpoints))
	}
}

func TestAnAnswerThatIsNotReadableSaysWhy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ endpoint, raw, want string }{
		{"gone", `{}`, "is of an endpoint that is not known"},
		{"daySummary", `<html>`, "is not JSON"},
		{"daySummary", `{"calendarDate":`, "is not JSON"},
		{"daySummary", `{} {}`, "is more than one JSON value"},
		{"daySummary", `[]`, "is not an object"},
		{"steps", `"later"`, "has no list of steps"},
		{"steps", `{"message":"later"}`, "has no list of steps"},
		{"activity", `{"message":"later"}`, "names no activity"},
		{"activityFile", `{"message":"later"}`, "is neither a ZIP nor a FIT file"},
	} {
		if _, err := Read(asked(tt.endpoint), []byte(tt.raw)); err == nil || err.Error() != tt.want {
			t.Errorf("%s, %s: %v, want %s", tt.endpoint, tt.raw, err, tt.want)
		}
	}
}

func TestAnEmptyAnswerIsNothingForEveryDayAsked(t *testing.T) {
	t.Parallel()
	for _, e := range Endpoints {
		for _, raw := range []string{"", " \n", "null"} {
			if e.Key == FileKey && raw == "null" {
				continue
			}
			h := asked(e.Key)
			got, err := Read(h, []byte(raw))
			if err != nil || got.Outcome != Nothing || len(got.Callback) > 0 {
				t.Errorf("%s, %q: %+v, %v", e.Key, raw, got, err)
			}
			for day := h.From; day != 0 && day <= h.To; day++ {
				if got.Days[day] != Nothing {
					t.Errorf("%s, %q: %s is %d", e.Key, raw, day, got.Days[day])
				}
			}
		}
	}
}
