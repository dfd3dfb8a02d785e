package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

func TestMeasurementsWithoutAClockAreFiledByThePersonsOtherRecordsInEveryOrder(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	const (
		// 2026-11-20T04:30:00Z is the evening of the 19th in Los Angeles.
		scale = `{"bodyComps":[{"userId":"u1","summaryId":"w","measurementTimeInSeconds":1795149000,"weightInGrams":70000}]}`
		other = `{"bodyComps":[{"userId":"u1","summaryId":"w","measurementTimeInSeconds":1795149000,"weightInGrams":70100}]}`
		cuff  = `{"bloodPressures":[{"userId":"u1","measurementTimeInSeconds":1795149000,"systolic":120,"diastolic":80,"pulse":60}]}`
		day   = `{"dailies":[{"userId":"u1","calendarDate":"2026-11-19","startTimeInSeconds":1795075200,` +
			`"startTimeOffsetInSeconds":-28800,"durationInSeconds":86400}]}`
		trip = `{"activities":[{"userId":"u1","activityId":9,"startTimeInSeconds":1795140000,` +
			`"startTimeOffsetInSeconds":3600,"durationInSeconds":60}]}`
		slice = `{"epochs":[{"userId":"u1","startTimeInSeconds":1795147200,"startTimeOffsetInSeconds":-28800,` +
			`"durationInSeconds":900,"activityType":"WALKING"}]}`
		dated = `{"bodyComps":[{"userId":"u1","calendarDate":"2026-11-20","measurementTimeInSeconds":1795149000,` +
			`"weightInGrams":70000}]}`
		own = `{"bodyComps":[{"userId":"u1","measurementTimeInSeconds":1795149000,"measurementTimeOffsetInSeconds":0,` +
			`"weightInGrams":70000}]}`
		old = `{"dailies":[{"userId":"u1","calendarDate":"2026-10-19","startTimeInSeconds":1792396800,` +
			`"startTimeOffsetInSeconds":-28800,"durationInSeconds":86400}]}`
		made = `{"moveIQActivities":[{"userId":"u1","summaryId":"sd-9","startTimeInSeconds":1795140000,` +
			`"startTimeOffsetInSeconds":3600,"durationInSeconds":60}]}`
	)
	weight, pressure := garmin.BodyComps.Key, garmin.BloodPressures.Key
	for name, tt := range map[string]struct {
		typ    string
		bodies []string
		date   string
	}{
		"nothing else is known":        {weight, []string{scale}, "2026-11-20"},
		"only of a month before":       {weight, []string{scale, old}, "2026-11-20"},
		"the day's clock":              {weight, []string{scale, day}, "2026-11-19"},
		"a blood pressure":             {pressure, []string{cuff, day}, "2026-11-19"},
		"a clock learnt on a journey":  {weight, []string{scale, day, trip}, "2026-11-20"},
		"slices alone":                 {weight, []string{scale, slice}, "2026-11-19"},
		"a simulated clock":            {weight, []string{scale, day, made}, "2026-11-19"},
		"only a simulated clock":       {weight, []string{cuff, scale, old, made}, "2026-11-20"},
		"a real slice, simulated rest": {weight, []string{scale, made, slice}, "2026-11-19"},
		"another version":              {weight, []string{scale, other, day}, "2026-11-19"},
		"its own date":                 {weight, []string{dated, day}, "2026-11-20"},
		"its own clock":                {weight, []string{own, day}, "2026-11-20"},
		"a repeat, and all the others": {weight, []string{scale, day, scale, cuff, old, slice}, "2026-11-19"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []string
			for seed := range uint64(5) {
				rng := rand.New(rand.NewPCG(seed, 6))
				b := newBench(t)
				b.put(tt.bodies...)
				jobs := b.claim()
				rng.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
				for _, job := range jobs {
					b.apply(rng, append(jobs[:0:0], job))
					if seed%2 == 0 {
						b.run() // derives in between
					}
				}
				b.recover()
				check := func(when string) {
					if got := b.recordsOf(1, tt.typ, tt.date); len(got) != 1 {
						t.Errorf("%s: on %s there is %v", when, tt.date, got)
					}
					readings, err := b.drain.Store.Readings(t.Context(), 1, -1<<20, 1<<20)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range readings {
						if (r.Metric == "weight" && tt.typ == weight || r.Metric == "systolic" && tt.typ == pressure) &&
							r.Day.String() != tt.date {
							t.Errorf("%s: %s is on %s", when, r.Metric, r.Day)
						}
					}
				}
				check("processed")
				got := b.derived()
				if want == nil {
					want = got
				}
				b.rederive()
				check("rederived")
				if again := b.derived(); !slices.Equal(got, want) || !slices.Equal(again, want) {
					t.Errorf("got  %v\nthen %v\nwant %v", got, again, want)
				}
				if n := b.Ask(`select count(*) from dirty`); n != 0 {
					t.Errorf("%d days wait to be derived for ever", n)
				}
			}
		})
	}
}

// The last of them cannot be filed anew: those that were before stay filed.
func TestManyMeasurementsAreFiledInSeveralShortTransactions(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBench(t)
	const many, first = 250, 1795149000
	var list []string
	for i := range many {
		list = append(list, fmt.Sprintf(`{"userId":"u1","measurementTimeInSeconds":%d,"weightInGrams":70000}`, first+i))
	}
	b.Arrive(db.Arrival{}, `{"bodyComps":[`+strings.Join(list, ",")+`]}`)
	b.run()
	b.Harm(fmt.Sprintf(`create trigger harm before update of day on record when new.start_s = %d
		begin select raise(abort, 'refused'); end`, first+many-1))
	b.Arrive(db.Arrival{}, `{"dailies":[{"userId":"u1","calendarDate":"2026-11-19","startTimeInSeconds":1795075200,`+
		`"startTimeOffsetInSeconds":-28800,"durationInSeconds":86400}]}`)
	b.run()
	day, err := health.ParseDay("2026-11-19")
	if err != nil {
		t.Fatal(err)
	}
	filed := b.Ask(`select count(*) from record where day = ? and type_id = (select id from type where key = 'bodyComps')`,
		int64(day))
	if filed == 0 || filed >= many {
		t.Errorf("%d of %d are filed under the day that the clock tells", filed, many)
	}
}
