package health_test

import (
	"math/rand/v2"
	"testing"

	"garner/health"
)

func TestTheNearestOfSortedSightingsGiveTheOffsetThatAllOfThemGive(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var known []health.Sighting
		for range rng.IntN(8) {
			known = append(known, health.Sighting{At: rng.Int64N(6), Offset: int32(rng.IntN(4))})
		}
		at := rng.Int64N(8) - 1
		want, wantOK := health.OffsetAt(at, known)
		health.SortSightings(known)
		if got, ok := health.OffsetAt(at, health.Nearest(at, known)); got != want || ok != wantOK {
			t.Fatalf("at %d of %v: %d, %v, want %d, %v", at, known, got, ok, want, wantOK)
		}
	}
}
