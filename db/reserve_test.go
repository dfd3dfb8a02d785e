package db

import (
	"os"
	"testing"
)

func TestTheReserveIsGivenUpOnAFullDiskAndMadeAgainWithRoom(t *testing.T) {
	t.Parallel()
	r := NewReserve(t.TempDir(), 1<<20)
	adjust := func(when string, want ReserveChange, size int64) {
		t.Helper()
		got, err := r.Adjust()
		if err != nil || got != want {
			t.Errorf("%s: change %d, want %d, %v", when, got, want, err)
		}
		if st, err := os.Stat(r.path); size > 0 && (err != nil || st.Size() != size) || size == 0 && !os.IsNotExist(err) {
			t.Errorf("%s: %v, %v, want %d bytes", when, st, err, size)
		}
	}
	adjust("with room", ReserveMade, 1<<18)
	adjust("a second time", ReserveKept, 1<<18)
	r.size = 1 << 17
	adjust("of another size", ReserveMade, 1<<17)
	r.size = 1 << 60
	adjust("on a full disk", ReserveGivenUp, 0)
	adjust("on a disk that stays full", ReserveKept, 0)
	r.size, r.minFree = 1<<18, 1<<60
	adjust("with some room", ReserveKept, 0)
	r.minFree = 1 << 20
	adjust("with room again", ReserveMade, 1<<18)
	r.size = 0
	adjust("where none is wanted", ReserveGivenUp, 0)
}

// The space of a reserve that was given up must not go to new bodies.
func TestTheReserveIsPartOfWhatBodiesLeaveFree(t *testing.T) {
	t.Parallel()
	for _, minFree := range []int64{0, 1, 1 << 20, 256 << 20, 1 << 40} {
		r := NewReserve(t.TempDir(), minFree)
		if free := r.size - 1; r.size > mostReserve || r.size > 0 && free+r.size >= minFree {
			t.Errorf("with %d bytes to stay free: a reserve of %d", minFree, r.size)
		}
	}
}
