package health_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/health"
)

// seenIn are sightings of a clock that follows a zone's rules, at some hours
// after an instant.
func seenIn(t *testing.T, zone, from string, hours ...float64) []health.Sighting {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Skip(err)
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", from, loc)
	if err != nil {
		t.Fatal(err)
	}
	var out []health.Sighting
	for _, h := range hours {
		at := start.Add(time.Duration(h * float64(time.Hour)))
		_, offset := at.Zone()
		out = append(out, health.Sighting{At: at.Unix(), Offset: int32(offset)})
	}
	return out
}

// TestTheClockChangesWhenItDid knows of each day only its beginning and its
// end, and where the clock changed in truth.
func TestTheClockChangesWhenItDid(t *testing.T) {
	t.Parallel()
	for zone, days := range map[string][]string{
		"Europe/Berlin": {"2026-03-29", "2026-10-25"}, "Europe/Lisbon": {"2026-03-29", "2026-10-25"},
		"Europe/Helsinki":  {"2026-03-29", "2026-10-25"},
		"America/New_York": {"2026-03-08", "2026-11-01"}, "America/Los_Angeles": {"2026-03-08", "2026-11-01"},
		"Australia/Sydney": {"2026-10-04", "2026-04-05"}, "Pacific/Auckland": {"2026-09-27", "2026-04-05"},
	} {
		for _, date := range days {
			seen := seenIn(t, zone, date+" 00:00", 0, 24.5)
			day, _ := health.ParseDay(date)
			c := health.ReadClock(seen)
			loc, _ := time.LoadLocation(zone)
			for minute := range 25 * 60 {
				at := seen[0].At + int64(minute)*60
				if _, want := time.Unix(at, 0).In(loc).Zone(); c.Offset(at) != int32(want) {
					t.Errorf("%s, %s: at %v the clock is %d ahead, want %d", zone, date, time.Unix(at, 0).In(loc), c.Offset(at), want)
					break
				}
			}
			next := time.Date(2026, time.Unix(seen[0].At, 0).In(loc).Month(), time.Unix(seen[0].At, 0).In(loc).Day()+1, 0, 0, 0,
				0, loc)
			if c.Begins(day) != seen[0].At || c.Begins(day+1) != next.Unix() {
				t.Errorf("%s, %s: from %d to %d, want %d to %d", zone, date, c.Begins(day), c.Begins(day+1), seen[0].At,
					next.Unix())
			}
		}
	}
}

// TestRecordsKnowBetterThanTheUsualTime puts the clock on between 09:00 and
// 09:15, as a traveller does.
func TestRecordsKnowBetterThanTheUsualTime(t *testing.T) {
	t.Parallel()
	c := health.ReadClock([]health.Sighting{{At: 40_500, Offset: 3600}, {At: 0, Offset: 0}, {At: 32_400, Offset: 0},
		{At: 33_300, Offset: 3600}})
	if diff := cmp.Diff(health.Clock{{At: 0, Offset: 0}, {At: 33_300, Offset: 3600}}, c); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	far := health.ReadClock([]health.Sighting{{At: 0, Offset: 0}, {At: 50_000, Offset: 9 * 3600}})
	if diff := cmp.Diff([]health.Sighting{{At: 50_000, Offset: 9 * 3600}}, far.Changes(0, 86_400)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTwoDevicesThatDisagreeAreNoJourney(t *testing.T) {
	t.Parallel()
	var seen []health.Sighting
	for i := range int64(96) {
		seen = append(seen, health.Sighting{At: i * 900, Offset: int32(i%2) * 7200})
	}
	if c := health.ReadClock(seen); len(c) != 1 {
		t.Errorf("%d offsets", len(c))
	}
}

func TestAClockPutOnOverMidnightBeginsTheDayThere(t *testing.T) {
	t.Parallel()
	c := health.Clock{{At: 0, Offset: 0}, {At: 86_400, Offset: 3600}}
	if got := c.Begins(1); got != 86_400 {
		t.Errorf("the day begins at %d", got)
	}
	if got := (health.Clock)(nil).Begins(1); got != 86_400 {
		t.Errorf("without a clock the day begins at %d", got)
	}
}

func TestOfTwoMidnightsTheOneOfASummaryBeginsTheDay(t *testing.T) {
	t.Parallel()
	const east, west = 9 * 3600, -7 * 3600
	c := health.Clock{{At: 0, Offset: east}, {At: 86_400, Offset: west}}
	for _, tt := range []struct {
		told []int64
		want int64
	}{{nil, 86_400 - east}, {[]int64{86_400 - west}, 86_400 - west}, {[]int64{5}, 86_400 - east}} {
		if got := c.Begins(1, tt.told...); got != tt.want {
			t.Errorf("with summaries at %v the day begins at %d, want %d", tt.told, got, tt.want)
		}
	}
}

func TestTheRunningDayIsNoShortDay(t *testing.T) {
	t.Parallel()
	const start = 20_000*86_400 - 3600
	for name, tt := range map[string]struct {
		length, next, received int64
		want                   int32
		ok                     bool
	}{
		"a whole day":                {86_400, 0, start + 86_500, 3600, true},
		"23 hours, long over":        {82_800, 0, start + 90_000, 7200, true},
		"23 hours, just synced":      {82_800, 0, start + 82_900, 7200, false},
		"23 hours, the next known":   {82_800, start + 82_800, start + 82_900, 7200, true},
		"synced at 23:00, then left": {82_800, start + 86_400, start + 99_999, 7200, false},
		"25 hours":                   {90_000, 0, start + 1, 0, true},
		"synced at noon":             {43_200, 0, start + 99_999, 0, false},
		"flown east by 5 hours":      {68_400, start + 68_400, start + 99_999, 6 * 3600, true},
		"no such length":             {86_401, 0, start + 99_999, 0, false},
		"two days":                   {2*86_400 + 900, 0, start + 999_999, 0, false},
	} {
		got, ok := health.LengthSays(20_000, start, start+tt.length, tt.next, tt.received)
		if ok != tt.ok || ok && (got.Offset != tt.want || got.At != start+tt.length) {
			t.Errorf("%s: %+v, %t", name, got, ok)
		}
	}
}
