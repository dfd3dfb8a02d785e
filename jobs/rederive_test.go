package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

func TestRederiveLetsAnotherVersionStandWhereTheOrderWasReadWrong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put(
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,`+
			`"durationInSeconds":80000,"tag":1}]}`,
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":900,"tag":2}]}`,
	)
	b.run()
	want := b.current()
	// A mapping that took the shorter for the one that reaches further.
	b.Harm(`update version set reach_s = 1`)
	b.Harm(`update record set reach_s = 1`)
	b.Harm(`update version set reach_s = 1795132800 + 90000 where delivery_id = 2`)
	b.again(false, 2)
	if slices.Equal(b.current(), want) {
		t.Fatal("nothing was harmed")
	}
	b.Harm(`update version set reach_s = 1795132800 + 80000 where delivery_id = 1`)
	b.rederive()
	if got := b.current(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func (b *bench) rederive() {
	b.T.Helper()
	if err := Rederive(b.T.Context(), b.drain.Store, func(int64, int64) {}); err != nil {
		b.T.Fatal(err)
	}
	b.run()
}

// fullHouse has records of types with rows and of small ones, in versions.
func fullHouse(t *testing.T) *bench {
	b := newBench(t)
	for i := range 30 {
		start := 1_795_132_800 + i*86400
		b.put(
			fmt.Sprintf(`{"hrv":[{"userId":"u1","calendarDate":%q,"startTimeInSeconds":%d,"durationInSeconds":28800,`+
				`"lastNightAvg":%d}],
			"epochs":[{"userId":"u1","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":900,`+
				`"activityType":"WALKING","steps":%d}],
			"allDayRespiration":[{"userId":"u1","startTimeInSeconds":%d,"durationInSeconds":900,`+
				`"timeOffsetEpochToBreaths":{"0":14,"120":%d}}]}`,
				time.Unix(int64(start), 0).UTC().Format(time.DateOnly), start, 40+i%9, start+900, i, start+900, 10+i),
		)
	}
	b.put(fmt.Sprintf(`{"epochs":[{"userId":"u1","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
		`"durationInSeconds":300,"activityType":"WALKING","steps":3}]}`, 1_795_132_800+900))
	b.run()
	return b
}

func TestRederiveOfWhatIsRightChangesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := fullHouse(t)
	want, facts := b.derived(), b.versions()
	b.rederive()
	b.rederive()
	if got := b.derived(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := b.versions(); !slices.Equal(got, facts) {
		t.Errorf("versions: got  %v\nwant %v", got, facts)
	}
}

// versions tells how many accounts of each record are known.
func (b *bench) versions() (out []string) {
	b.T.Helper()
	for _, k := range garmin.Kinds() {
		for rec, err := range b.drain.Store.Each(b.T.Context(), 1, k.Type, -1<<20, 1<<20) {
			if err != nil {
				b.T.Fatal(err)
			}
			out = append(out, fmt.Sprint(k.Type, " ", rec.Key, " ", rec.Versions, " ", rec.Order, " ", rec.Received))
		}
	}
	return out
}

func TestTheHRVBandAppearsAfterEnoughNights(t *testing.T) {
	t.Parallel()
	b := fullHouse(t)
	first := map[string]int{}
	readings, err := b.drain.Store.ReadingsOf(t.Context(), 1, "", -1<<20, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		day := int(r.Day) - 20777 + 1 // the nth night
		if n, ok := first[r.Metric]; !ok || day < n {
			first[r.Metric] = day
		}
	}
	if first["hrv_7_days"] != 4 || first["hrv_band_low"] != 14 || first["hrv_band_high"] != 14 ||
		first["hrv_status"] != 14 {
		t.Errorf("first nights with metrics across nights: %v", first)
	}
}

func TestARequestOfAnotherProcessIsCarriedOutAndItsProgressSeen(t *testing.T) {
	t.Parallel()
	b := fullHouse(t)
	want := b.derived()
	b.Harm(`update reading set vals = x''`)
	other, err := db.OpenStore(t.Context(), b.Dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	id, err := other.Ask(t.Context(), time.Now(), db.RequestRederive)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := other.Ask(t.Context(), time.Now(), db.RequestRederive); err != nil || again != id {
		t.Errorf("asking twice gives %d and %d, %v", id, again, err)
	}
	fails, err := other.Ask(t.Context(), time.Now(), "something that fails")
	if err != nil {
		t.Fatal(err)
	}
	ofOthers, err := other.Ask(t.Context(), time.Now(), "something else")
	if err != nil {
		t.Fatal(err)
	}
	r := &Requests{Store: b.drain.Store, Log: b.drain.Log, Work: map[string]Work{
		db.RequestRederive: func(ctx context.Context, progress func(done, total int64)) error {
			return Rederive(ctx, b.drain.Store, progress)
		},
		"something that fails": func(context.Context, func(done, total int64)) error { return errors.New("why") },
	}}
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.run()
	done, err := other.Request(t.Context(), id)
	if err != nil || done.Ended.IsZero() || done.Error != "" || done.Total == 0 || done.Done != done.Total {
		t.Errorf("%+v, %v", done, err)
	}
	if failed, err := other.Request(t.Context(), fails); err != nil || failed.Ended.IsZero() || failed.Error != "why" {
		t.Errorf("%+v, %v", failed, err)
	}
	if left, err := other.Request(t.Context(), ofOthers); err != nil || !left.Ended.IsZero() {
		t.Errorf("%+v, %v", left, err)
	}
	if got := b.derived(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestRederiveRepairsSmallRecordsThatAWrongMappingMisplaced(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	want := fullHouse(t).derived()
	b := fullHouse(t)
	// A program whose epochs were one record a day, all of them a day late.
	wrong := func(rec *health.Record) (*health.Version, error) {
		v, err := Redecode(rec)
		if v != nil && v.Type == garmin.Epochs.Key {
			v.Key, v.Start, v.Day, v.Order.Reach = "x", v.Start+86400, v.Day+1, 1<<40
		}
		return v, err
	}
	var spot db.Checkpoint
	for !spot.Done {
		next, _, err := b.drain.Store.Rederive(t.Context(), time.Now(), spot, 7, wrong)
		if err != nil {
			t.Fatal(err)
		}
		spot = next
	}
	if slices.Equal(b.derived(), want) {
		t.Fatal("nothing was harmed")
	}
	b.rederive()
	if got := b.derived(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
