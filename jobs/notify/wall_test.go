package notify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/health/alert"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A daily summary at 02:30, over both changes of the clock: it comes once a day,
// at 03:00 on the day that has no 02:30.
func TestASummaryAtAnHourThatTheClockSkipsOrRepeatsComesOnce(t *testing.T) {
	t.Parallel()
	schedule, err := cron.ParseStandard("30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []time.Time{time.Date(2026, 3, 27, 12, 0, 0, 0, berlin(t)),
		time.Date(2026, 10, 23, 12, 0, 0, 0, berlin(t))} {
		p, _ := newPost(t, nil)
		p.Zone, p.Summary = berlin(t), schedule
		var got []string
		for now, n := first, 0; now.Before(first.AddDate(0, 0, 3)); now = now.Add(15 * time.Minute) {
			if err := p.WriteSummary(t.Context(), now, &alert.Facts{Now: now}); err != nil {
				t.Fatal(err)
			}
			list, err := p.Store.UnsentNotifications(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for ; n < len(list); n++ {
				got = append(got, list[n].Created.In(berlin(t)).Format("2 15:04"))
			}
		}
		want := []string{"28 02:30", "29 03:00", "30 02:30"}
		if first.Month() == time.October {
			want = []string{"24 02:30", "25 02:30", "26 02:30"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("summaries at %q, want %q", got, want)
		}
	}
}

func TestQuietHoursThatEndInAnHourThatIsSkippedOrRepeatedLetNothingThroughEarly(t *testing.T) {
	t.Parallel()
	zone := berlin(t)
	at := func(text string) time.Time {
		t.Helper()
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ quiet, ready, next string }{
		{"22:00-02:30", "2026-03-28T23:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"22:00-02:30", "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"22:00-02:30", "2026-03-29T03:00:00+02:00", "2026-03-29T03:00:00+02:00"},
		{"02:30-07:00", "2026-03-29T03:00:00+02:00", "2026-03-29T07:00:00+02:00"},
		{"22:00-07:00", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"22:00-02:30", "2026-10-24T23:00:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"22:00-02:30", "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"22:00-02:30", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"02:30-02:45", "2026-10-25T02:35:00+02:00", "2026-10-25T02:45:00+01:00"},
		{"22:00-07:00", "2026-10-31T23:00:00+01:00", "2026-11-01T07:00:00+01:00"},
		{"22:00-02:30", "2026-03-07T23:00:00-05:00", "2026-03-08T03:00:00-04:00"},
		{"22:00-02:30", "2026-10-31T23:00:00-04:00", "2026-11-01T02:30:00-05:00"},
		{"22:00-01:30", "2026-11-01T01:45:00-04:00", "2026-11-01T01:30:00-05:00"},
	} {
		q, err := ParseQuietHours(c.quiet)
		if err != nil {
			t.Fatal(err)
		}
		zone := zone
		if strings.HasSuffix(c.next, "-05:00") || strings.HasSuffix(c.next, "-04:00") {
			zone = newYork
		}
		if got := q.Next(at(c.ready), zone); !got.Equal(at(c.next)) {
			t.Errorf("%s at %s: held until %s, want %s", c.quiet, c.ready, got.Format(time.RFC3339), c.next)
		}
	}
}

func TestQuietHoursAreRead(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"22", "22:00", "22:00-25:00", "22:60-07:00", "2:00-7:00", "22:00-07:00 ", "-1:00-07:00"} {
		if q, err := ParseQuietHours(bad); err == nil {
			t.Errorf("%q is read as %v", bad, q)
		}
	}
	q, err := ParseQuietHours("13:00-14:30")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)
	if got := q.Next(noon, time.UTC); !got.Equal(noon.Add(90 * time.Minute)) {
		t.Errorf("held until %s", got)
	}
	if got := q.Next(noon.Add(90*time.Minute), time.UTC); !got.Equal(noon.Add(90 * time.Minute)) {
		t.Errorf("held after the end until %s", got)
	}
}
