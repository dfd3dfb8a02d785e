package simulator

import (
	"testing"
	"time"
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func TestNightsOfClockChangeMakeLongAndShortDays(t *testing.T) {
	t.Parallel()
	w := household(1)
	for _, c := range []struct {
		person int
		day    time.Time
		long   float64
	}{
		{2, date(2026, time.March, 29), 82800}, {2, date(2026, time.October, 25), 90000},
		{1, date(2026, time.March, 8), 82800}, {1, date(2026, time.November, 1), 90000},
		{0, date(2026, time.May, 5), 86400},
	} {
		daily := of(t, w.Final(c.person, c.day), "dailies")[0]
		if num(daily, "durationInSeconds") != c.long {
			t.Errorf("%s lasts %v s, want %v", c.day.Format(time.DateOnly), daily["durationInSeconds"], c.long)
		}
	}
}

func TestTheWatchShowsTokyoInTokyo(t *testing.T) {
	t.Parallel()
	w := household(1)
	for _, c := range []struct {
		back           int
		offset, length float64
	}{
		{61, 7200, 86400}, {60, 7200, 61200}, {59, 32400, 86400}, {51, 32400, 86400}, {50, 32400, 86400 + 25200},
		{49, 7200, 86400},
	} {
		daily := of(t, w.Final(0, daysBefore(c.back)), "dailies")[0]
		if daily["calendarDate"] != daysBefore(c.back).Format(time.DateOnly) {
			t.Errorf("%d days ago: %v", c.back, daily["calendarDate"])
		}
		if num(daily, "startTimeOffsetInSeconds") != c.offset || num(daily, "durationInSeconds") != c.length {
			t.Errorf("%d days ago: offset %v, duration %v", c.back, daily["startTimeOffsetInSeconds"],
				daily["durationInSeconds"])
		}
	}
}

func TestDatesJoinWithoutGapOrOverlap(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 3, People: 30, Days: 1, Until: until})
	for i := range w.people {
		p := &w.people[i]
		for c := w.end - 450; c < w.end; c++ {
			start, end := p.start(c), p.start(c+1)
			if p.dateOf(start) != c || p.dateOf(end-1) != c {
				t.Fatalf("%s: the ends of %s lie in other dates", p.Name, c.utc().Format(time.DateOnly))
			}
			n, next := w.night(p, c), w.night(p, c+1)
			if n.bed >= n.wake || n.wake >= next.bed {
				t.Fatalf("%s: nights overlap on %s", p.Name, c.utc().Format(time.DateOnly))
			}
		}
	}
}
