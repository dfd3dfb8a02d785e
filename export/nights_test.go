package export_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"garner/export"
	"garner/health"
	"garner/query"
)

// TestEachStageOfANightHasItsColumn, empty where Garmin did not send it.
func TestEachStageOfANightHasItsColumn(t *testing.T) {
	t.Parallel()
	s := query.NightSleep{Class: health.Final, Validation: "DEVICE", Device: "Watch", Score: new(81.0),
		Qualifier: "GOOD", Offset: 3600,
		Stages: []query.Stage{{Name: "awake", Length: time.Minute}, {Name: "deep", Length: time.Hour}}}
	s.End, s.Asleep = 7200, time.Hour
	n := query.Nights{List: []query.NightOfWeeks{{Date: 1, Main: &s}, {Date: health.Day(0)}}}
	var b bytes.Buffer
	if err := export.WriteNights(&b, n); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\r\n")
	if want := "1970-01-02," + n.List[0].State.Key() + ",1970-01-01T01:00:00+01:00,1970-01-01T03:00:00+01:00,3600,3600," +
		",,60,,81,GOOD,DEVICE,final,Watch"; lines[1] != want {
		t.Errorf("%s\nwant\n%s", lines[1], want)
	}
	if columns := strings.Count(lines[0], ","); strings.Count(lines[2], ",") != columns || !strings.HasSuffix(lines[2], ",,") {
		t.Errorf("a night without a sleep: %s", lines[2])
	}
}
