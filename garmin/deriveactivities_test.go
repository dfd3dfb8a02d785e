package garmin_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
)

func TestWhatSeveralDevicesRecordedAtTheSameTimeCountsOnce(t *testing.T) {
	t.Parallel()
	activity := func(key string, start, end int64, text string) garmin.Part {
		p := part(t, "activities", text, start, end, 0)
		p.Key = key
		return p
	}
	const ride = `{"durationInSeconds":7200,"distanceInMeters":48600,"activeKilocalories":900,"totalElevationGainInMeters":300}`
	whole := map[string]string{"activity_count": "1.0", "activity_time": "7200.0", "activity_distance": "48600.0",
		"activity_energy": "900.0", "activity_ascent": "300.0"}
	for name, tt := range map[string]struct {
		in   []garmin.Part
		want map[string]string
	}{
		"nothing": {nil, map[string]string{}},
		"one":     {[]garmin.Part{activity("1", 0, 7200, ride)}, whole},
		"the same ride twice": {[]garmin.Part{activity("1", 0, 7200, ride),
			activity("2", 0, 7200, `{"durationInSeconds":7200,"distanceInMeters":48500,"activeKilocalories":880}`)}, whole},
		"a part of it once more": {[]garmin.Part{activity("1", 0, 7200, ride),
			activity("2", 600, 4200, `{"durationInSeconds":3600,"distanceInMeters":20000}`)}, whole},
		"a quarter outside": {[]garmin.Part{activity("1", 0, 7200, ride),
			activity("2", 6300, 7500, `{"durationInSeconds":1200,"distanceInMeters":4000}`)},
			map[string]string{"activity_count": "1.0", "activity_time": "7500.0", "activity_distance": "49600.0",
				"activity_energy": "900.0", "activity_ascent": "300.0"}},
		"most of it outside": {[]garmin.Part{activity("1", 0, 1000, `{"durationInSeconds":1000}`),
			activity("2", 900, 1500, `{"durationInSeconds":600}`)},
			map[string]string{"activity_count": "2.0", "activity_time": "1500.0"}},
		"one after the other": {[]garmin.Part{activity("1", 0, 100, `{"durationInSeconds":100}`),
			activity("2", 100, 200, `{"durationInSeconds":100}`)},
			map[string]string{"activity_count": "2.0", "activity_time": "200.0"}},
		"between two others": {[]garmin.Part{activity("1", 0, 400, `{"durationInSeconds":400}`),
			activity("2", 600, 1000, `{"durationInSeconds":400}`), activity("3", 300, 650, `{"durationInSeconds":350}`)},
			map[string]string{"activity_count": "3.0", "activity_time": "1000.0"}},
		// The watch lay on the handlebar a minute longer and knows no distance.
		"a longer one without distance": {[]garmin.Part{activity("1", 0, 7200, ride),
			activity("2", 0, 7260, `{"durationInSeconds":7260,"distanceInMeters":0}`)},
			map[string]string{"activity_count": "1.0", "activity_time": "7260.0", "activity_distance": "48600.0",
				"activity_energy": "900.0", "activity_ascent": "300.0"}},
		"without length": {[]garmin.Part{activity("1", 5, 5, `{"distanceInMeters":10}`),
			activity("2", 0, 100, `{"durationInSeconds":100,"distanceInMeters":0}`)},
			map[string]string{"activity_count": "2.0", "activity_time": "100.0", "activity_distance": "10.0"}},
		"no distance": {[]garmin.Part{activity("1", 0, 100, `{"durationInSeconds":100,"distanceInMeters":0}`)},
			map[string]string{"activity_count": "1.0", "activity_time": "100.0", "activity_distance": "0.0"}},
		"parts of a multisport activity": {[]garmin.Part{activity("2", 0, 100,
			`{"durationInSeconds":100,"parentSummaryId":1}`), activity("1", 0, 300, `{"durationInSeconds":300,"isParent":true}`),
			activity("3", 100, 300, `{"durationInSeconds":200,"parentSummaryId":"1"}`),
			activity("4", 500, 600, `{"durationInSeconds":100,"parentSummaryId":null}`)},
			map[string]string{"activity_count": "2.0", "activity_time": "400.0"}},
		// Garmin's parent of a triathlon has a time and no distance.
		"parts count where their parent has no value": {[]garmin.Part{
			activity("1", 0, 900, `{"durationInSeconds":900,"isParent":true,"totalElevationGainInMeters":20}`),
			activity("2", 0, 200, `{"durationInSeconds":200,"distanceInMeters":750,"parentSummaryId":1}`),
			activity("3", 250, 700, `{"durationInSeconds":450,"distanceInMeters":20000,"totalElevationGainInMeters":15,
				"parentSummaryId":1}`),
			activity("4", 720, 900, `{"durationInSeconds":180,"distanceInMeters":5000,"parentSummaryId":1}`)},
			map[string]string{"activity_count": "1.0", "activity_time": "900.0", "activity_distance": "25750.0",
				"activity_ascent": "20.0"}},
		"a part of one of the day before that has no distance": {[]garmin.Part{activity("2", 0, 100,
			`{"durationInSeconds":100,"distanceInMeters":5000,"parentSummaryId":1}`),
			yesterday(activity("1", -300, 100, `{"durationInSeconds":400}`))}, map[string]string{"activity_distance": "5000.0"}},
		"parts whose whole has not come": {[]garmin.Part{activity("2", 0, 100,
			`{"durationInSeconds":100,"parentSummaryId":1}`),
			activity("3", 100, 300, `{"durationInSeconds":200,"parentSummaryId":1}`)},
			map[string]string{"activity_count": "2.0", "activity_time": "300.0"}},
		"parts of one of the day before": {[]garmin.Part{activity("2", 0, 100,
			`{"durationInSeconds":100,"parentSummaryId":1}`),
			yesterday(activity("1", -300, 100, `{"durationInSeconds":400}`))}, map[string]string{}},
		"negative numbers": {[]garmin.Part{activity("1", 0, 100, `{"durationInSeconds":-1,"distanceInMeters":"x"}`)},
			map[string]string{"activity_count": "1.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				if diff := cmp.Diff(tt.want, derived(garmin.DeriveActivities(today, tt.in))); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				slices.Reverse(tt.in)
			}
		})
	}
}

func yesterday(p garmin.Part) garmin.Part {
	p.Day = today - 1
	return p
}
