package jobs

import (
	"slices"
	"testing"
	"time"
)

// thinned is a bench with a day of a record and a day of a small one, each dense
// at first and thin when it came again.
func thinned(t *testing.T) *bench {
	b := newBench(t)
	b.put(
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":3600,
		"tag":1,"timeOffsetHeartRateSamples":{"0":60,"900":61,"1800":62,"2700":63}}]}`,
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":7200,
		"tag":2,"timeOffsetHeartRateSamples":{"0":70,"5400":71}}]}`,
	)
	b.run()
	if n := b.Ask(`select count(*) from kept`); n != 2 {
		t.Fatalf("%d bodies are kept, want 2", n)
	}
	return b
}

// A wrong bit in what is kept beside a record.
var keptHarms = map[string]string{
	"body of the current": `update kept set body = x'ff' where delivery_id = 2`,
	"body of the denser":  `update kept set body = x'ff' where delivery_id = 1`,
	"start of the denser": `update kept set start_s = start_s + 64 where delivery_id = 1`,
	"order of the denser": `update kept set class = 3 where delivery_id = 1`,
	"name of the denser":  `update kept set sum = zeroblob(16) where delivery_id = 1`,
	"name of the current": `update kept set sum = zeroblob(16) where delivery_id = 2`,
}

func TestADamagedKeptBodyStopsNoRederiveIsToldAndChangesNoSamples(t *testing.T) {
	t.Parallel()
	for name, harm := range keptHarms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := thinned(t)
			want := b.current()
			b.Harm(harm)
			b.rederive()
			if told, err := b.drain.Store.SaveDamage(t.Context(), time.Now()); err != nil || len(told) == 0 {
				t.Errorf("no damage is reported, %v", err)
			}
			for range 2 {
				if got := b.current(); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
				b.rederive()
			}
		})
	}
}

func TestADamagedKeptBodyTakesNoDenserSamplesAwayWhenAnotherVersionComes(t *testing.T) {
	t.Parallel()
	const third = `{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"durationInSeconds":10800,
		"tag":3,"timeOffsetHeartRateSamples":{"9000":80}}]}`
	sound := thinned(t)
	sound.put(third)
	sound.run()
	want := sound.current()
	for name, harm := range keptHarms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := thinned(t)
			b.Harm(harm)
			b.put(third)
			b.run()
			if told, err := b.drain.Store.SaveDamage(t.Context(), time.Now()); err != nil || len(told) == 0 {
				t.Errorf("no damage is reported, %v", err)
			}
			if got := b.current(); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
