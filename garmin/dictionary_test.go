package garmin_test

import (
	"encoding/json"
	"strings"
	"testing"

	"garner/garmin"
)

func TestDictionaryHasTheAgreedShape(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(garmin.Dictionary())
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(garmin.Types) {
		t.Fatalf("want %d entries, got %d", len(garmin.Types), len(list))
	}
	for _, e := range list {
		wantNames(t, e, "type", "title", "permission", "key", "records", "fields", "tables", "series", "metrics")
		for _, fd := range e["fields"].([]any) {
			wantNames(t, fd.(map[string]any), "name", "json", "unit", "label")
		}
		for _, s := range e["series"].([]any) {
			wantNames(t, s.(map[string]any), "name", "unit", "cadence_s")
		}
		for _, m := range e["metrics"].([]any) {
			wantNames(t, m.(map[string]any), "name", "unit", "label", "rule")
		}
	}
	if got := list[4]["key"]; got != "startTimeInSeconds+activityType" {
		t.Errorf("epochs: key %q", got)
	}
}

func wantNames(t *testing.T, got map[string]any, names ...string) {
	t.Helper()
	for _, name := range names {
		if got[name] == nil {
			t.Errorf("%v: no %q", got, name)
		}
	}
	if len(got) != len(names) {
		t.Errorf("%v: more names than %v", got, names)
	}
}

func TestDictionaryMarkdownNamesEveryColumn(t *testing.T) {
	t.Parallel()
	text := garmin.DictionaryMarkdown()
	for _, e := range garmin.Dictionary() {
		for _, fd := range e.Fields {
			if !strings.Contains(text, "| "+fd.Name+" |") {
				t.Errorf("%s: %s is missing", e.Type, fd.Name)
			}
		}
		for _, m := range e.Metrics {
			if !strings.Contains(text, "| "+m.Name+" |") {
				t.Errorf("%s: %s is missing", e.Type, m.Name)
			}
		}
	}
}
