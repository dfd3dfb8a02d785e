package query_test

import (
	"fmt"
	"testing"

	"garner/health"
)

func TestDevicesAreThoseOfTheWindowTheLastUsedFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	today := health.DayOf(midnight, hour)
	with := func(typ string, back int, device string) {
		h.push(typ, dated((today-health.Day(back)).String(), midnight-back*24*hour, hour, hour)+fmt.Sprintf(
			`,"activityId":%d,"activityType":"RUNNING","deviceName":%q`, back, device))
	}
	with("activities", 300, "Forerunner 235")
	with("activities", 40, "Forerunner 945")
	with("activities", 3, "Forerunner 965")
	with("activities", 2, "")
	with("hrv", 1, "unread")
	for _, c := range []struct {
		from health.Day
		want []string
	}{
		{today - 1, nil}, {today - 27, []string{"Forerunner 965"}},
		{today - 40, []string{"Forerunner 965", "Forerunner 945"}},
		{today - 3650, []string{"Forerunner 965", "Forerunner 945", "Forerunner 235"}},
	} {
		before := h.Store.Queries()
		got, err := h.reader.Devices(t.Context(), 1, c.from, today)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "devices since "+c.from.String(), c.want, got)
		same(t, "statements", int64(1), h.Store.Queries()-before)
	}
}

func TestANightAndAHeartRateNameTheWatchThatWasWornThen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	today := health.DayOf(midnight, hour)
	for i, device := range []string{"Forerunner 235", "Forerunner 965", "Edge 840"} {
		back := 50 - 20*i
		h.push("activities", dated((today-health.Day(back)).String(), midnight-back*24*hour, hour, hour)+fmt.Sprintf(
			`,"activityId":%d,"activityType":"CYCLING","deviceName":%q`, back, device))
	}
	for back, want := range map[health.Day][]string{0: nil, 8: {"Forerunner 965"}, 35: {"Forerunner 235"}, 60: nil} {
		night, err := h.reader.Night(t.Context(), h.ada, today-back)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("%d days ago", back), want, night.Devices)
	}
	for _, c := range []struct {
		metric string
		back   health.Day
		want   []string
	}{
		{"resting_heart_rate", 11, []string{"Forerunner 965"}}, {"activity_time", 11, []string{"Edge 840"}},
		{"resting_heart_rate", 55, []string{"Forerunner 965", "Forerunner 235"}},
		{"activity_time", 55, []string{"Edge 840", "Forerunner 965", "Forerunner 235"}},
	} {
		got, err := h.reader.MetricDevices(t.Context(), 1, []string{c.metric}, today-c.back, today-8)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("%s of %d days", c.metric, c.back), c.want, got)
	}
}
