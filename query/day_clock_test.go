package query_test

import (
	"fmt"
	"testing"
)

// Ada flies from UTC+9 to UTC-7 in the evening of 20 November: the clock shows 00:00 of the
// 21st in the air, and once more at home. The summaries say that the 20th has 40 hours.
func TestADayOfAFlightWestEndsWhereItsSummaryDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const east, west = 9 * hour, -7 * hour
	const start, end = midnight + hour - east, midnight + hour + 24*hour - west // midnight is that of UTC+1
	slice := func(date string, at, offset, steps int) string {
		return dated(date, at, 900, offset) + fmt.Sprintf(`,"activityType":"WALKING","steps":%d`, steps)
	}
	h.push("dailies", dated("2026-11-20", start, 40*hour, east)+`,"steps":12`,
		dated("2026-11-21", end, 24*hour, west)+`,"steps":9`)
	h.push("epochs", slice("2026-11-20", start+20*hour, east, 5), slice("2026-11-20", end-9*hour, west, 7),
		slice("2026-11-21", end+10*hour, west, 9))
	h.push("sleeps", dated("2026-11-21", end-hour, 7*hour, west)+`,"validation":"DEVICE"`) // began on the 20th, at home
	flight, next := h.day("2026-11-20"), h.day("2026-11-21")
	if flight.From != start || flight.To != end || next.From != end || next.To != end+24*hour {
		t.Errorf("the days are from %d to %d and from %d to %d, want %d, %d and a day more", flight.From, flight.To,
			next.From, next.To, start, end)
	}
	if flight.Steps.Figures.Sum != 12 || next.Steps.Figures.Sum != 9 {
		t.Errorf("the lanes have %v and %v steps, the summaries 12 and 9", flight.Steps.Figures.Sum, next.Steps.Figures.Sum)
	}
}
