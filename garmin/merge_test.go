package garmin_test

import (
	"fmt"
	"testing"

	"garner/garmin"
	"garner/health"
)

// TestOverlappingRecordsCountEachStretchOnce merges a record of 0, 180, …
// 1620 s, of 1s, with one of 900, 1080, … and a hole from 1200 to 1500.
func TestOverlappingRecordsCountEachStretchOnce(t *testing.T) {
	t.Parallel()
	first := part(t, "stressDetails",
		`{"timeOffsetStressLevelValues":{"0":1,"180":1,"360":1,"540":1,"720":1,"900":1,"1080":1,"1260":1,"1440":1,"1620":1}}`,
		0, 1620, 0)
	then := part(t, "stressDetails", `{"timeOffsetStressLevelValues":{"900":2,"1080":2,"1620":2,"1800":2}}`, 0, 1800, 0)
	then.Order = health.Order{Reach: 1800}
	want := "0=1 180=1 360=1 540=1 720=1 900=2 1080=2 1260=1 1440=1 1620=2 1800=2 "
	for _, parts := range [][]garmin.Part{{first, then}, {then, first}} {
		got := ""
		for _, s := range garmin.StressDetails.Series[0].Merge(parts) {
			got += fmt.Sprintf("%d=%v ", s.MS/1000, s.Num.Float())
		}
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestAveragesOfADayCountOverlappingSamplesOnce(t *testing.T) {
	t.Parallel()
	low := part(t, "pulseox", `{"timeOffsetSpo2Values":{"0":90,"60":90,"120":90}}`, 0, 0, 0)
	high := part(t, "pulseox", `{"timeOffsetSpo2Values":{"60":96,"120":96,"180":96}}`, 0, 0, 0)
	high.Order = health.Order{Reach: 1}
	got := derived(garmin.DeriveSamples(today, garmin.Samples{PulseOx: []garmin.Part{low, high}}))
	if got["spo2_day"] != "94.5" {
		t.Errorf("the average is %s, want 94.5 of 90 96 96 96", got["spo2_day"])
	}
}
