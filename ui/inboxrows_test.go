package ui

import (
	"testing"
	"time"
)

func TestThreeDeliveriesOfOneMinuteFoldIfTheyAreDoneAndAlike(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 9, 0, 30, 0, time.UTC)
	row := func(id int64, typ string, s State, after time.Duration) DeliveryRow {
		return DeliveryRow{ID: id, Type: typ, State: s, For: "Ada", Received: at.Add(after), Bytes: 10}
	}
	got := folded([]DeliveryRow{row(9, "dailies", Done, time.Minute), row(8, "dailies", Done, 5*time.Second),
		row(7, "sleeps", Done, 4*time.Second), row(6, "dailies", Parked, 3*time.Second),
		row(5, "dailies", Done, 2*time.Second), row(4, "dailies", Done, 0)})
	want := []struct {
		id   int64
		more int
		url  string
	}{{9, 0, "/inbox/9"}, {8, 2, "/inbox?before=9&state=done&type=dailies"}, {7, 0, "/inbox/7"},
		{6, 0, "/inbox/6"}}
	if len(got) != len(want) {
		t.Fatalf("%d rows: %+v", len(got), got)
	}
	for i, w := range want {
		if d := got[i]; d.ID != w.id || d.More != w.more || d.url() != w.url {
			t.Errorf("row %d: %d with %d more, %s", i, d.ID, d.More, d.url())
		}
	}
	if got[1].Bytes != 30 {
		t.Errorf("%d bytes", got[1].Bytes)
	}
}

func TestTypesHaveNamesForPeople(t *testing.T) {
	t.Parallel()
	v := InboxView{Titles: map[string]string{"dailies": "Daily summary"}}
	for key, want := range map[string]string{"dailies": "Daily summary", "personal/daySummary": "Day summary",
		"nonsense": "nonsense", "": ""} {
		if got := v.title(key); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
