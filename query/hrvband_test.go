package query_test

import (
	"fmt"
	"testing"

	"garner/health"
)

// hrvHome has 40 nights of HRV up to yesterday, and steps of today.
func hrvHome(t *testing.T) *home {
	t.Helper()
	h := newHome(t, "Ada")
	for back := health.Day(40); back > 0; back-- {
		h.push("hrv", 1, today-back, 0, 25200, fmt.Sprintf(`"lastNightAvg":%d`, 30+back))
	}
	h.push("dailies", 1, today, 0, 64800, `"steps":1234`)
	h.Run()
	return h
}

// TestHomeHasTheRangeOfTheHRVOfItsDay: the range of the next day is derived as well.
func TestHomeHasTheRangeOfTheHRVOfItsDay(t *testing.T) {
	t.Parallel()
	h := hrvHome(t)
	card := h.cards()[0]
	list, err := h.q.Trends(t.Context(), card.Person, []string{"hrv"}, today-1, today)
	if err != nil {
		t.Fatal(err)
	}
	days := list[0].Days
	if card.HRV.Day != today-1 || days[0].Usual == days[1].Usual {
		t.Fatalf("HRV of %s, %+v", card.HRV.Day, days)
	}
	if card.HRVBand == nil || *card.HRVBand != days[0].Usual {
		t.Errorf("Home has %+v, Heart %+v", card.HRVBand, days[0].Usual)
	}
}

// TestNothingIsToldOfDaysToCome: a night counts for the ranges of the days after it.
func TestNothingIsToldOfDaysToCome(t *testing.T) {
	t.Parallel()
	h := hrvHome(t)
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hrv", "hrv_7_days", "hrv_band_low", "hrv_band_high"} {
		list, err := h.q.Trends(t.Context(), people[0], []string{name}, today-1, today+7)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list[0].Days {
			if d.Day > today && (d.Has || d.Known && name == "hrv" || d.State.Why != health.Future) {
				t.Errorf("%s of %s: %+v", name, d.Day, d)
			}
		}
	}
}

// TestMetricsHaveTheDaysThatTrendsHave: a mean of a week stands on the days after the last night, too.
func TestMetricsHaveTheDaysThatTrendsHave(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada")
	for back := health.Day(40); back > 2; back-- {
		h.push("hrv", 1, today-back, 0, 25200, fmt.Sprintf(`"lastNightAvg":%d`, 30+back))
	}
	h.Run()
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.q.Trends(t.Context(), people[0], []string{"hrv_7_days"}, today-5, today+5)
	if err != nil {
		t.Fatal(err)
	}
	got := map[health.Day]float64{}
	for day, err := range h.q.Metrics(t.Context(), people[0].ID, today-5, today+5) {
		if err != nil {
			t.Fatal(err)
		}
		got[day.Day] = day.Values["hrv_7_days"]
	}
	for _, d := range list[0].Days {
		if got[d.Day] != d.Value {
			t.Errorf("%s: %v in Metrics, %v in Trends", d.Day, got[d.Day], d.Value)
		}
	}
	if got[today] == 0 {
		t.Error("no mean of a week three days after the last night")
	}
}
