package health

import "testing"

func TestADayIsCompleteOnlyIfAllThatWasDueCameComplete(t *testing.T) {
	t.Parallel()
	states := func(list ...Absence) (out []DayState) {
		for _, a := range list {
			out = append(out, DayState{Absence: a})
		}
		return out
	}
	paused, unsupported := DayState{NotExpected, Paused}, DayState{NotExpected, Unsupported}
	for name, c := range map[string]struct {
		types []DayState
		want  Delivered
	}{
		"all":              {states(Present, OffBody, NotExpected), Delivered{DayState{}, Share{2, 2}}},
		"one missing":      {states(Present, Missing, Present), Delivered{DayState{Absence: Partial}, Share{2, 3}}},
		"one in part":      {states(Partial), Delivered{DayState{Absence: Partial}, Share{0, 1}}},
		"none":             {states(Missing, Awaited), Delivered{DayState{Absence: Missing}, Share{0, 2}}},
		"not late":         {states(Present, Awaited), Delivered{DayState{Absence: Awaited}, Share{1, 2}}},
		"not processed":    {states(Present, Missing, Failed), Delivered{DayState{Absence: Failed}, Share{1, 3}}},
		"may still change": {states(Present, Provisional), Delivered{DayState{Absence: Provisional}, Share{2, 2}}},
		"paused":           {[]DayState{paused, paused}, Delivered{State: paused}},
		"several reasons":  {[]DayState{paused, unsupported, paused}, Delivered{State: DayState{Absence: NotExpected}}},
		"nothing":          {nil, Delivered{State: DayState{Absence: NotExpected}}},
	} {
		if got := DeliveredOn(c.types); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
