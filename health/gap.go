package health

// Gap is a run of days, both ends included, on which data was expected and did
// not come, came in part, or could not be processed.
type Gap struct {
	From, To Day
	Kind     Absence
	// Why is what is known of missing days.
	Why Reason
}

// Days is how long it is.
func (g Gap) Days() int { return int(g.To-g.From) + 1 }

// GapsOf returns the runs of days of one kind and reason in the states of days from
// first on.
func GapsOf(states []DayState, first Day) []Gap {
	var out []Gap
	for i, state := range states {
		if !state.Gap() {
			continue
		}
		day := first + Day(i)
		if n := len(out); n > 0 && out[n-1].To == day-1 && out[n-1].Kind == state.Absence &&
			out[n-1].Why == state.Why {
			out[n-1].To = day
			continue
		}
		out = append(out, Gap{day, day, state.Absence, state.Why})
	}
	return out
}
