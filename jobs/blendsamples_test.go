package jobs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// samplesOf are details of one activity of length seconds: each series of the map has
// a sample every so many seconds.
func samplesOf(summary string, edition, length int, every map[string]int, laps int) string {
	var samples, lapList []string
	for at := range length {
		s := fmt.Sprintf(`{"startTimeInSeconds":%d`, 1795154400+at)
		for _, name := range []string{"heartRate", "powerInWatts", "speedMetersPerSecond"} {
			if step := every[name]; step > 0 && at%step == 0 {
				s += fmt.Sprintf(`,%q:%d`, name, 100*edition+at%50)
			}
		}
		samples = append(samples, s+"}")
	}
	for i := range laps {
		lapList = append(lapList, fmt.Sprintf(`{"startTimeInSeconds":%d}`, 1795154400+i*10))
	}
	return fmt.Sprintf(`{"activityDetails":[{"userId":"u1","summaryId":"77-%s","activityId":77,"summary":{"startTimeInSeconds":`+
		`1795154400,"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"activityName":"edition %d"},"samples":[%s],"laps":[%s]}]}`,
		summary, length, edition, strings.Join(samples, ","), strings.Join(lapList, ","))
}

// body is the body of the one record of details.
func (b *bench) body() string {
	b.T.Helper()
	var body []byte
	if err := b.SQLite("garner.db").QueryRow(`select body from record where type_id = (select id from type
		where key = 'activityDetails')`).Scan(&body); err != nil {
		b.T.Fatal(err)
	}
	return string(body)
}

func TestWhatIsShownOfAnActivityDoesNotDependOnTheOrderOfItsSources(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 5))
		var bodies []string
		for i := range 4 {
			summary := []string{"detail", "file"}[rng.IntN(2)]
			bodies = append(bodies, samplesOf(summary, i+1, 40+rng.IntN(3)*20, map[string]int{"heartRate": rng.IntN(4),
				"powerInWatts": rng.IntN(4), "speedMetersPerSecond": rng.IntN(4)}, rng.IntN(4)))
		}
		var want string
		for round := range 3 {
			b := newBench(t) // the versions arrive in one order and are processed in another
			b.put(bodies...)
			jobs := b.claim()
			if round > 0 {
				rng.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
			}
			for _, job := range jobs {
				b.apply(rng, []db.Job{job})
			}
			b.run()
			if round == 0 {
				want = b.body()
			}
			if b.body() != want {
				t.Fatalf("seed %d: another order shows something else", seed)
			}
			b.rederive()
			if b.body() != want {
				t.Fatalf("seed %d: deriving again shows something else", seed)
			}
		}
	}
}

func TestEachSeriesIsOfTheSourceThatHasMostOfItAndTheRestIsGarmins(t *testing.T) {
	t.Parallel()
	bodies := []string{
		samplesOf("detail", 1, 60, map[string]int{"heartRate": 1, "speedMetersPerSecond": 10}, 1),
		samplesOf("file", 2, 90, map[string]int{"heartRate": 2, "powerInWatts": 1, "speedMetersPerSecond": 1}, 3),
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		b := newBench(t)
		for _, i := range order {
			b.put(bodies[i])
			b.run()
		}
		recs, err := b.drain.Store.Records(t.Context(), 1, "activityDetails", -1<<20, 1<<20, db.Cursor{}, 10)
		if err != nil || len(recs) != 1 {
			t.Fatal(err, len(recs))
		}
		v, err := element.Unpack(recs[0].Body)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for i := range garmin.ActivityDetails.Series {
			s := &garmin.ActivityDetails.Series[i]
			n, edition := 0, ""
			s.Each(v, recs[0].Start, func(_ int64, x element.Num) bool {
				n++
				edition = fmt.Sprint(int(x.Float()) / 100)
				return true
			})
			if n > 0 {
				got[s.Name] = fmt.Sprintf("%d of %s", n, edition)
			}
		}
		want := map[string]string{"heart_rate": "60 of 1", "power": "61 of 2", "speed": "61 of 2"}
		if fmt.Sprint(got) != fmt.Sprint(want) || v.Get("laps").Len() != 3 || !recs[0].Blended ||
			v.Path("summary.activityName").Text() != "edition 1" || recs[0].Versions != 2 || recs[0].Origin != health.Push {
			t.Errorf("order %v: %v, %d laps, %+v", order, got, v.Get("laps").Len(), recs[0].Version.SummaryID)
		}
	}
}
