package health

// Delivered is what came of all that was due on a day.
type Delivered struct {
	// State is Present only if all of it came and is complete. Partial means that some
	// of it is missing or incomplete, Awaited that the rest is not late yet.
	State DayState
	// Share counts types: those that came complete, of those that were due.
	Share Share
}

// DeliveredOn folds the states of a day's types.
func DeliveredOn(types []DayState) Delivered {
	var d Delivered
	var count [Provisional + 1]int
	idle := DayState{Absence: NotExpected}
	for _, s := range types {
		count[s.Absence]++
		switch {
		case s.Absence == NotExpected && count[NotExpected] == 1:
			idle.Why = s.Why
		case s.Absence == NotExpected && s.Why != idle.Why:
			idle.Why = NoReason
		}
	}
	d.Share.Got = count[Present] + count[OffBody] + count[Provisional]
	d.Share.Of = d.Share.Got + count[Awaited] + count[Missing] + count[Partial] + count[Failed]
	switch {
	case d.Share.Of == 0:
		d.State = idle
	case count[Failed] > 0:
		d.State.Absence = Failed
	case d.Share.Got == 0 && count[Partial] == 0 && count[Missing] > 0:
		d.State.Absence = Missing
	case count[Missing]+count[Partial] > 0:
		d.State.Absence = Partial
	case count[Awaited] > 0:
		d.State.Absence = Awaited
	case count[Provisional] > 0:
		d.State.Absence = Provisional
	}
	return d
}
