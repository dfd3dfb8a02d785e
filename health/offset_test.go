package health_test

import (
	"testing"

	"garner/health"
)

func TestTheClockOfAnInstantIsTheLastKnownByThenOrElseTheNext(t *testing.T) {
	t.Parallel()
	known := []health.Sighting{{At: 100, Offset: 1}, {At: 300, Offset: 3}, {At: 250, Offset: 2}, {At: 200, Offset: 2},
		{At: 300, Offset: 4}}
	clock := health.KnownClock(known)
	for at, want := range map[int64]int32{0: 1, 99: 1, 100: 1, 199: 1, 200: 2, 299: 2, 300: 4, 9999: 4} {
		if got := clock.Offset(at); got != want {
			t.Errorf("at %d: %d, want %d", at, got, want)
		}
	}
	if got := health.KnownClock(nil).Offset(5); got != 0 {
		t.Errorf("of no one: %d", got)
	}
}
