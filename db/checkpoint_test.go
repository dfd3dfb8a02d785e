package db

import "testing"

func TestALogBeginsAnewOnlyWhereThatHoldsTheWriterForAMoment(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for _, c := range []struct {
		log, moved int64
		want       bool
	}{{10 * mb, 10 * mb, false}, {100 * mb, 100 * mb, true}, {100 * mb, 98 * mb, true}, {100 * mb, 0, false},
		{1000 * mb, 50 * mb, false}} {
		if got := restartable(c.log, c.moved); got != c.want {
			t.Errorf("a log of %d MiB of which %d are moved: %v", c.log/mb, c.moved/mb, got)
		}
	}
}
