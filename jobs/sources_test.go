package jobs

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/personal"
	"garner/health"
)

// answered is a delivery with an answer of the Personal API for one day.
func (b *bench) answered(user, endpoint, raw string) {
	b.T.Helper()
	day, err := health.ParseDay("2026-11-20")
	if err != nil {
		b.T.Fatal(err)
	}
	head := personal.Head{UserID: user, Endpoint: endpoint, Path: "/" + endpoint, From: day, To: day, Asked: 1_800_000_000}
	a := db.Arrival{Received: time.Now(), Path: "personal/" + endpoint, Source: health.Personal, Encoding: personal.Encoding}
	if _, err := b.drain.Receiving.Put(b.T.Context(), a, append(head.Line(), raw...)); err != nil {
		b.T.Fatal(err)
	}
}

// What Garmin pushes of a day and a night, and what the Personal API answers about them.
var (
	pushedDay = []string{
		`{"dailies":[{"userId":"u1","summaryId":"x1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
			`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":9000,"timeOffsetHeartRateSamples":{"15":60,"30":61}}]}`,
		`{"sleeps":[{"userId":"u1","summaryId":"x2","calendarDate":"2026-11-20","startTimeInSeconds":1795129200,` +
			`"startTimeOffsetInSeconds":0,"durationInSeconds":25200,"deepSleepDurationInSeconds":7200,"validation":"ENHANCED_FINAL"}]}`,
		`{"sleeps":[{"userId":"u1","summaryId":"x3","calendarDate":"2026-11-20","startTimeInSeconds":1795129200,` +
			`"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"validation":"ENHANCED_TENTATIVE"}]}`,
		`{"pulseox":[{"userId":"u1","summaryId":"x4","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
			`"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"timeOffsetSpo2Values":{"0":95,"60":96}}]}`,
	}
	answeredDay = map[string]string{
		"daySummary": `{"calendarDate":"2026-11-20","wellnessStartTimeGmt":"2026-11-20T00:00:00.0",` +
			`"wellnessStartTimeLocal":"2026-11-20T00:00:00.0","durationInMilliseconds":86400000,"totalSteps":8888,` +
			`"restingHeartRate":51,"floorsAscended":12.0,"bodyBatteryHighestValue":88}`,
		"heartRate": `{"calendarDate":"2026-11-20","startTimestampGMT":"2026-11-20T00:00:00.0",` +
			`"startTimestampLocal":"2026-11-20T00:00:00.0","endTimestampGMT":"2026-11-21T00:00:00.0","restingHeartRate":52,` +
			`"heartRateValueDescriptors":[{"key":"timestamp","index":0},{"key":"heartrate","index":1}],` +
			`"heartRateValues":[[1795132800000,55],[1795132920000,57]]}`,
		"sleep": `{"dailySleepDTO":{"calendarDate":"2026-11-20","sleepTimeSeconds":25000,` +
			`"sleepStartTimestampGMT":1795129260000,"sleepStartTimestampLocal":1795129260000,"sleepEndTimestampGMT":1795156000000,` +
			`"sleepEndTimestampLocal":1795156000000,"deepSleepSeconds":7000,"awakeSleepSeconds":600,"avgSleepStress":12.0,` +
			`"sleepScores":{"overall":{"value":81,"qualifierKey":"GOOD"}}}}`,
		"spo2": `{"calendarDate":"2026-11-20","startTimestampGMT":"2026-11-20T00:00:00.0",` +
			`"startTimestampLocal":"2026-11-20T00:00:00.0","endTimestampGMT":"2026-11-21T00:00:00.0","averageSpO2":95,` +
			`"spO2HourlyAverages":[[1795132800000,94],[1795136400000,93]]}`,
	}
)

// sourced makes a bench with everything of both sources waiting.
func sourced(t *testing.T) (b *bench, person *db.Person, user string) {
	t.Helper()
	b = emptyBench(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	b.Add("Ada", "u1", "")
	people, err := b.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	person = people[0]
	key, err := b.Store.SetPersonalKey(t.Context(), time.Now(), person.ID, "GCDC_test", 0)
	if err != nil {
		t.Fatal(err)
	}
	b.put(pushedDay...)
	for _, endpoint := range []string{"daySummary", "heartRate", "sleep", "spo2"} {
		b.answered(key.UserID, endpoint, answeredDay[endpoint])
	}
	return b, person, key.UserID
}

// stored is all that a person's records, metrics and coverage are. user is the id that
// Garner gave the person, a new one in each bench.
func (b *bench) stored(person *db.Person, user string) string {
	b.T.Helper()
	var out strings.Builder
	for _, typ := range []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.PulseOx} {
		for rec, err := range b.Store.EachVersion(b.T.Context(), person.ID, typ.Key, 0, 1<<20) {
			if err != nil {
				b.T.Fatal(err)
			}
			body, err := element.Unpack(rec.Body)
			if err != nil {
				b.T.Fatal(err)
			}
			fmt.Fprintf(&out, "%s %q %s %v %d %s\n", typ.Key, rec.Key, rec.Day, rec.AllOrigins(), rec.Versions,
				strings.ReplaceAll(string(body.AppendJSON(nil)), user, "personal"))
		}
	}
	rows, err := b.SQLite("garner.db").Query(`select 'reading', type_id, day, hidden, hex(vals) from reading union all
		select 'coverage', type_id, day, records, hidden from coverage order by 1, 2, 3, 4, 5`)
	if err != nil {
		b.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what, last string
		var typ, day, n int64
		if err := rows.Scan(&what, &typ, &day, &n, &last); err != nil {
			b.T.Fatal(err)
		}
		fmt.Fprintln(&out, what, typ, day, n, last)
	}
	return out.String()
}

func TestOneRecordOfSeveralSourcesIsTheSameInEveryOrder(t *testing.T) {
	t.Parallel()
	var want string
	for seed := range uint64(rounds(32) / 4) {
		rng := rand.New(rand.NewPCG(seed, 7))
		b, person, user := sourced(t)
		jobs := b.claim()
		rng.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
		for _, job := range jobs {
			b.apply(rng, []db.Job{job})
		}
		b.run()
		got := b.stored(person, user)
		if seed == 0 {
			want = got
		}
		if got != want {
			t.Fatalf("seed %d: another order gives\n%s\ninstead of\n%s", seed, got, want)
		}
		b.rederive()
		if got := b.stored(person, user); got != want {
			t.Fatalf("seed %d: deriving again gives\n%s\ninstead of\n%s", seed, got, want)
		}
	}
	for _, line := range []string{"dailies", "sleeps"} {
		if n := strings.Count(want, line+" "); n != 1 {
			t.Errorf("%d records of %s", n, line)
		}
	}
	if strings.Count(want, "push+personal") != 2 {
		t.Errorf("the day and the night must show both sources:\n%s", want)
	}
}

func TestAPersonsMetricsComeFromTheFirstSourceThatHasThem(t *testing.T) {
	t.Parallel()
	b, person, _ := sourced(t)
	b.run()
	day, err := health.ParseDay("2026-11-20")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	readings, err := b.Store.DayReadings(t.Context(), person.ID, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		got[r.Metric] = r.Value
	}
	for metric, want := range map[string]float64{"steps": 9000, "floors_climbed": 12, "resting_heart_rate": 51,
		"deep_sleep": 7200, "sleep_score": 81, "spo2_night": 95.5} {
		if v, ok := got[metric]; !ok || v != want {
			t.Errorf("%s is %v, want %v", metric, v, want)
		}
	}
}

// A repeat that is processed last but came first makes a version that was dropped for it
// the current one of its source, which is not what the record shows first.
func TestAnEarlierArrivalOfAnAnswerBringsBackTheOneAfterIt(t *testing.T) {
	t.Parallel()
	answer := func(floors int) string {
		return fmt.Sprintf(`{"calendarDate":"2026-11-20","wellnessStartTimeGmt":"2026-11-20T00:00:00.0",`+
			`"wellnessStartTimeLocal":"2026-11-20T00:00:00.0","durationInMilliseconds":86400000,"totalSteps":8888,`+
			`"floorsAscended":%d}`, floors)
	}
	b, person, user := sourced(t)
	b.run()
	for _, floors := range []int{1, 2, 1} {
		b.answered(user, "daySummary", answer(floors))
	}
	jobs := b.claim()
	slices.Reverse(jobs)
	for _, job := range jobs {
		b.apply(rand.New(rand.NewPCG(1, 1)), []db.Job{job})
	}
	b.run()
	if got := b.stored(person, user); !strings.Contains(got, `"floorsClimbed":2`) {
		t.Errorf("the second answer must be shown:\n%s", got)
	}
}
