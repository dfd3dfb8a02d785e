package health_test

import (
	"testing"

	"garner/health"
)

func TestTheClockOfAnInstantIsTheLastKnownByThenOrElseTheNext(t *testing.T) {
	t.Parallel()
	known := []health.Sighting{{At: 100, Offset: 1}, {At: 300, Offset: 3}, {At: 200, Offset: 2}, {At: 300, Offset: 4}}
	for at, want := range map[int64]int32{0: 1, 99: 1, 100: 1, 199: 1, 200: 2, 299: 2, 300: 4, 9999: 4} {
		if got, ok := health.OffsetAt(at, known); got != want || !ok {
			t.Errorf("at %d: %d, %v", at, got, ok)
		}
	}
	if got, ok := health.OffsetAt(5, nil); got != 0 || ok {
		t.Errorf("of nobody: %d, %v", got, ok)
	}
}
