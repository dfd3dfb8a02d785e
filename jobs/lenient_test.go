package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// recordsOf tells what stands of a person and type on a day.
func (b *bench) recordsOf(person int64, typ, date string) (out []string) {
	b.T.Helper()
	day, err := health.ParseDay(date)
	if err != nil {
		b.T.Fatal(err)
	}
	recs, err := b.drain.Store.Records(b.T.Context(), person, typ, day, day, db.Cursor{}, 1000)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, rec := range recs {
		out = append(out, fmt.Sprint(rec.Key, " ", rec.Day, " ", rec.Versions))
	}
	return out
}

func TestAUserIDNextToTheListsAppliesToAllTheirElementsWithoutOne(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`{"calendarDate":"2026-11-19","vo2Max":48},`, 3000)
	for name, body := range map[string]string{
		"before": `{"userId":"u1","userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}]}`,
		"after":  `{"userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}],"userId":"u1"}`,
		"between": `{"userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}],"userId":"u1",` +
			`"hrv":[{"userId":"u2","startTimeInSeconds":1795132800,"lastNightAvg":40}]}`,
		"after many":      `{"userMetrics":[` + many + `{"calendarDate":"2026-11-20","vo2Max":50}],"hrv":[],"userId":"u1"}`,
		"the token":       `{"userAccessToken":"t1","userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}]}`,
		"the token after": `{"userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}],"userAccessToken":"t1"}`,
		"null before":     `{"userId":null,"userMetrics":[{"calendarDate":"2026-11-20","vo2Max":50}],"userId":"u1"}`,
		"one of an array": `{"userId":"u1","userMetrics":{"calendarDate":"2026-11-20","vo2Max":50}}`,
		"of two, its own": `{"userId":"u2","userMetrics":[{"userId":"u1","calendarDate":"2026-11-20","vo2Max":50}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := emptyBench(t)
			if _, err := b.drain.Store.AddPerson(t.Context(), time.Now(), "Ada", "u1", "t1"); err != nil {
				t.Fatal(err)
			}
			b.put(body)
			b.run()
			if got := b.recordsOf(1, garmin.UserMetrics.Key, "2026-11-20"); len(got) != 1 {
				t.Errorf("stands: %v", got)
			}
			if c := b.Counts(); c.Parked != 0 || (c.Orphaned != 0) != (name == "between") {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestABodyWithoutAnyPersonIsParked(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"userMetrics":[{"calendarDate":"2026-11-20"}]}`, `{"userMetrics":[{"calendarDate":"2026-11-20"}],"userId":""}`,
		`{"userMetrics":[{"calendarDate":"2026-11-20"}],"userId":["u1"]}`,
		`{"userMetrics":[{"calendarDate":"2026-11-20"}],"userId":"u1`,
		`{"userMetrics":[{"calendarDate":"2026-11-20"}],"userId":"` + strings.Repeat("u", 2<<20) + `"}`,
	} {
		b := newBench(t)
		b.put(body)
		b.run()
		if c := b.Counts(); c.Parked != 1 || len(b.recordsOf(1, garmin.UserMetrics.Key, "2026-11-20")) != 0 {
			t.Errorf("%.100s: %+v", body, c)
		}
	}
}

// TestBloodOxygenWhoseDateIsNotThatOfItsStartIsKeptUnderItsDate has an example
// of Garmin's own: its date lies days away from its start.
func TestBloodOxygenWhoseDateIsNotThatOfItsStartIsKeptUnderItsDate(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	bodies := []string{
		`{"pulseox":[{"userId":"u1","calendarDate":"2026-11-05","startTimeInSeconds":1795132800,"timeOffsetSpo2Values":{"0":91}}]}`,
		`{"pulseox":[{"userId":"u1","calendarDate":"2026-11-05","startTimeInSeconds":1795132800,` +
			`"timeOffsetSpo2Values":{"0":91,"60":93}}]}`,
		`{"pulseox":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"timeOffsetSpo2Values":{"0":97}}]}`,
		`{"pulseox":[{"userId":"u1","startTimeInSeconds":1795132800,"timeOffsetSpo2Values":{"0":97,"60":96}}]}`,
		`{"pulseox":[{"userId":"u1","calendarDate":"2027-03-01","startTimeInSeconds":1795132800,"onDemand":true,` +
			`"timeOffsetSpo2Values":{"0":95}}]}`,
	}
	var want []string
	for seed := range uint64(6) {
		b := newBench(t)
		b.put(bodies...)
		rng := rand.New(rand.NewPCG(seed, 1))
		jobs := b.claim()
		rng.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
		b.apply(rng, jobs)
		b.recover()
		for date, n := range map[string]string{"2026-11-05": "[1795132800 of 2026-11-05 2026-11-05 2]",
			"2026-11-20": "[1795132800 2026-11-20 2]", "2027-03-01": "[1795132800 on demand of 2027-03-01 2027-03-01 1]"} {
			if got := fmt.Sprint(b.recordsOf(1, garmin.PulseOx.Key, date)); got != n {
				t.Errorf("%s: %s, want %s", date, got, n)
			}
		}
		got := b.derived()
		if want == nil {
			want = got
		}
		b.rederive()
		if again := b.derived(); !slices.Equal(got, want) || !slices.Equal(again, want) {
			t.Errorf("got  %v\nthen %v\nwant %v", got, again, want)
		}
		if c := b.Counts(); c.Parked != 0 {
			t.Errorf("%+v", c)
		}
	}
}
