package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const (
	ofDetails = `{"activityDetails":[{"userId":"u1","summaryId":"77-detail","activityId":77,"summary":{"activityId":5,` +
		`"activityName":"Ride",
		"startTimeInSeconds":1795154400,"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"distanceInMeters":20000.5,` +
		`"activeKilocalories":400},
		"samples":[{"startTimeInSeconds":1795154400,"heartRate":120}]}]}`
	ofActivities = `{"activities":[{"userId":"u1","summaryId":"77","activityId":77,"activityName":"Ride",` +
		`"startTimeInSeconds":1795154400,
		"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"distanceInMeters":20000.5,"activeKilocalories":400}]}`
	ofAnotherDevice = `{"activities":[{"userId":"u1","summaryId":"78","activityId":78,"startTimeInSeconds":1795154400,
		"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"distanceInMeters":19990,"activeKilocalories":380}]}`
	moved = `{"manuallyUpdatedActivities":[{"userId":"u1","activityId":77,"startTimeInSeconds":1795590000,` +
		`"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"distanceInMeters":9000}]}`
)

// sums are the sums of activities by day.
func (b *bench) sums() string {
	b.T.Helper()
	readings, err := b.drain.Store.Readings(b.T.Context(), 1, -1<<20, 1<<20)
	if err != nil {
		b.T.Fatal(err)
	}
	var out []string
	for _, r := range readings {
		if strings.HasPrefix(r.Metric, "activity_") {
			out = append(out, fmt.Sprint(r.Day, " ", r.Metric, " ", r.Value))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestDetailsMakeTheActivityUntilActivitiesBringsItAndNothingCountsTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	const once = "2026-11-20 activity_count 1, 2026-11-20 activity_distance 20000.5, 2026-11-20 activity_energy 400, " +
		"2026-11-20 activity_time 3600"
	const elsewhere = "2026-11-25 activity_count 1, 2026-11-25 activity_distance 9000, 2026-11-25 activity_time 3600"
	for name, tt := range map[string]struct {
		bodies []string
		want   string
	}{
		"details alone":           {[]string{ofDetails}, once},
		"activities alone":        {[]string{ofActivities}, once},
		"both":                    {[]string{ofDetails, ofActivities}, once},
		"and another device's":    {[]string{ofDetails, ofActivities, ofAnotherDevice}, once},
		"details, another device": {[]string{ofDetails, ofAnotherDevice}, once},
		"moved to another day":    {[]string{ofDetails, moved}, elsewhere},
		"all of it":               {[]string{ofActivities, ofDetails, moved}, elsewhere},
		"samples without summary": {[]string{strings.Replace(ofDetails, `"summary"`, `"other"`, 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(4) {
				rng := rand.New(rand.NewPCG(seed, 9))
				bodies := slices.Clone(tt.bodies)
				rng.Shuffle(len(bodies), func(i, k int) { bodies[i], bodies[k] = bodies[k], bodies[i] })
				b := newBench(t)
				for _, body := range bodies {
					b.put(body)
					b.run()
				}
				if got := b.sums(); got != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
				b.Harm(`delete from reading`)
				b.rederive()
				if got := b.sums(); got != tt.want {
					t.Errorf("rederived: got  %s\nwant %s", got, tt.want)
				}
			}
		})
	}
}
