package query

import (
	"testing"

	"garner/health"
)

func TestBoundsHoldTheDaysFromTheFirstWithDataToToday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bounds Bounds
		day    health.Day
		want   bool
	}{
		{Bounds{First: 100, Today: 200}, 99, false}, {Bounds{First: 100, Today: 200}, 100, true},
		{Bounds{First: 100, Today: 200}, 200, true}, {Bounds{First: 100, Today: 200}, 201, false},
		{Bounds{First: 201, Today: 200}, 1, true}, {Bounds{First: 201, Today: 200}, 201, false},
	} {
		if got := c.bounds.Hold(c.day); got != c.want {
			t.Errorf("%+v hold day %d: %v", c.bounds, c.day, got)
		}
	}
}
