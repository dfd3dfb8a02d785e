package health_test

import (
	"testing"

	"garner/health"
)

func TestTheMainSleepOfADayIsTheLongestAndOfEqualOnesTheLater(t *testing.T) {
	t.Parallel()
	sleep := func(day health.Day, at int64, asleep float64) health.Reading {
		return health.Reading{Metric: "sleep", Type: "sleeps", Day: day, At: at, Value: asleep}
	}
	main := health.MainSleeps([]health.Reading{
		sleep(1, 100, 7*3600), sleep(1, 900, 3600), // a nap in the afternoon
		sleep(2, 200, 3600), sleep(2, 800, 7*3600), // a nap before a night shift's sleep
		sleep(3, 300, 3600), sleep(3, 400, 3600),
		{Metric: "steps", Type: "dailies", Day: 4, At: 1, Value: 1e6},
	})
	want := map[health.Day]int64{1: 100, 2: 800, 3: 400}
	for day, at := range want {
		if main[day] != at {
			t.Errorf("day %d: the main sleep begins at %d, want %d", day, main[day], at)
		}
	}
	if len(main) != len(want) {
		t.Errorf("%d main sleeps, want %d", len(main), len(want))
	}
	score := health.Metric{Name: "sleep_score", Fold: health.OfMainSleep}
	for at, counts := range map[int64]bool{100: true, 50: false, 900: false} {
		if got := score.Counts(health.Reading{Day: 1, At: at}, main); got != counts {
			t.Errorf("a score of the sleep at %d counts: %v, want %v", at, got, counts)
		}
	}
	if !score.Counts(health.Reading{Day: 9, At: 5}, main) {
		t.Error("a score without a sleep does not count")
	}
	if !(health.Metric{Name: "steps"}).Counts(health.Reading{Day: 1, At: 5}, main) {
		t.Error("steps count by the sleep")
	}
}
