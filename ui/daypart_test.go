package ui

import "testing"

func TestAPartOfADayIsOfWholeQuartersWithinTheDayAndNotTooShort(t *testing.T) {
	t.Parallel()
	const from, to = 900 * 1000, 900*1000 + 24*3600
	for asked, want := range map[DayPart]DayPart{
		{}:                         {},
		{from, to}:                 {},
		{from - 1, to + 1}:         {},
		{to, from}:                 {},
		{to, to + 3600}:            {},
		{from - 7200, from}:        {},
		{from + 3600, from + 7200}: {from + 3600, from + 7200},
		{from + 3601, from + 7199}: {from + 3600, from + 7200},
		{from - 7200, from + 7200}: {from, from + 7200},
		{from + 3601, from + 3602}: {from + 3600, from + 5400},
		{to - 60, to}:              {to - 1800, to},
		{-1 << 62, 1 << 62}:        {},
	} {
		if got := asked.within(from, to); got != want {
			t.Errorf("%+v is %+v, want %+v", asked, got, want)
		}
	}
}
