package text_test

import (
	"testing"
	"time"

	"garner/ui/text"
)

func TestTimesOfDayAreWrittenByTwelveOrTwentyFourHours(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 9, 0, time.UTC) }
	for _, c := range []struct {
		at                     time.Time
		clock                  text.Clock
		minutes, seconds, hour string
	}{
		{at(0, 0), "", "00:00", "00:00:09", "00:00"},
		{at(19, 5), text.Clock24, "19:05", "19:05:09", "19:05"},
		{at(0, 0), text.Clock12, "12:00\u202fam", "12:00:09\u202fam", "12\u202fam"},
		{at(7, 5), text.Clock12, "7:05\u202fam", "7:05:09\u202fam", "7\u202fam"},
		{at(12, 0), text.Clock12, "12:00\u202fpm", "12:00:09\u202fpm", "12\u202fpm"},
		{at(23, 59), text.Clock12, "11:59\u202fpm", "11:59:09\u202fpm", "11\u202fpm"},
	} {
		for layout, want := range map[string]string{c.clock.Minutes(): c.minutes, c.clock.Seconds(): c.seconds} {
			if got := c.at.Format(layout); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		if got := c.at.Format(c.clock.Hours()); got != c.hour {
			t.Errorf("on an axis %q, want %q", got, c.hour)
		}
	}
}
