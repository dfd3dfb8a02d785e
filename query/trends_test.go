package query_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"garner/health"
	"garner/query"
)

// trendsHouse has 40 days of Ada's up to today, 2026-11-20 at 18:00, whose steps are 1000
// and the number of the day. The 25th day did not come, the 26th came without steps.
func trendsHouse(t *testing.T) (h *house, today health.Day) {
	t.Helper()
	h = newHouse(t)
	today = health.DayOf(midnight, hour)
	h.reader.Now = time.Unix(midnight+18*hour, 0)
	for n := 1; n <= 40; n++ {
		day := today - 40 + health.Day(n)
		length, steps := 24*hour, fmt.Sprintf(`,"steps":%d`, 1000+n)
		switch n {
		case 25:
			continue
		case 26:
			steps = ""
		case 40:
			length = 17 * hour
		}
		h.push("dailies", dated(day.String(), midnight-(40-n)*24*hour, length, hour)+steps+
			`,"restingHeartRateInBeatsPerMinute":50`)
	}
	return h, today
}

func TestTrendsSayOfEachDayItsValueOrWhyThereIsNone(t *testing.T) {
	t.Parallel()
	h, today := trendsHouse(t)
	list, err := h.reader.Trends(t.Context(), h.ada, []string{"steps", "no_metric", "resting_heart_rate"}, today-20, today+1)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "steps" || list[1].Name != "resting_heart_rate" || len(list[0].Days) != 22 {
		t.Fatalf("%+v", list)
	}
	steps := list[0].Days
	for i, d := range steps {
		n := 20 + i
		if d.Day != today-20+health.Day(i) {
			t.Fatalf("day %d is %s", i, d.Day)
		}
		if has := n != 25 && n != 26 && n != 41; d.Has != has || has && d.Value != float64(1000+n) {
			t.Errorf("day %d: %+v", n, d)
		}
	}
	same(t, "a day that did not come", health.DayState{Absence: health.Missing}, steps[5].State)
	same(t, "a day without steps", health.DayState{Absence: health.OffBody, Why: health.Unmeasured}, steps[6].State)
	same(t, "tomorrow", health.DayState{Absence: health.NotExpected, Why: health.Future}, steps[21].State)
	same(t, "yesterday and today so far", [2]bool{false, true}, [2]bool{steps[19].SoFar, steps[20].SoFar})
}

func TestMeansAndRangesLeaveOutTodayAndSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	h, today := trendsHouse(t)
	list, err := h.reader.Trends(t.Context(), h.ada, []string{"steps"}, today-20, today)
	if err != nil {
		t.Fatal(err)
	}
	days := list[0].Days
	same(t, "a week with two gaps", health.Mean{Value: 1024.8, N: 5}, days[8].Mean) // 22, 23, 24, 27, 28
	same(t, "the week of today", health.Mean{Value: 1036.5, N: 6}, days[20].Mean)   // 34 to 39
	// The 28 days before today are 12 to 39 without 25 and 26: 26 values.
	if u := days[20].Usual; !days[20].Known || math.Abs(u.Low-1014.5) > 1e-9 || math.Abs(u.High-1036.5) > 1e-9 {
		t.Errorf("the usual range is %+v", u)
	}
	early, err := h.reader.Trends(t.Context(), h.ada, []string{"steps"}, today-26, today-25)
	if err != nil {
		t.Fatal(err)
	}
	if d := early[0].Days; d[0].Known || !d[1].Known {
		t.Errorf("13 and 14 days before: %v, %v", d[0].Known, d[1].Known)
	}
}

func TestTrendsOfMoreThanTwoYearsAreReadWhole(t *testing.T) {
	t.Parallel()
	h, today := trendsHouse(t)
	list, err := h.reader.Trends(t.Context(), h.ada, []string{"steps"}, today-3653, today)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range list[0].Days {
		if d.Has {
			n++
		}
	}
	if n != 38 || len(list[0].Days) != 3654 {
		t.Errorf("%d values on %d days", n, len(list[0].Days))
	}
	h.reader.Viewer = query.Account(true, 0)
	if _, err := h.reader.Trends(t.Context(), h.ada, []string{"steps"}, today, today); !errors.Is(err, query.ErrNotShared) {
		t.Errorf("an admin to whom nothing is shared gets %v", err)
	}
}
