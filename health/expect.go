package health

// Excuse is a span of days, both ends included, on which no data was expected.
type Excuse struct {
	From, To Day
	Why      Reason
}

// Expectation is what decides whether one type of a person was to be expected
// on a day.
type Expectation struct {
	Today Day
	// First and Last are the first and last day with data; First is after Last if
	// there is none.
	First, Last Day
	// Rhythmic types are expected daily; other types are never missing.
	Rhythmic bool
	// Unsupported means that the device apparently does not measure it, that no way in
	// that the person has brings it, or that the type was marked as not applicable.
	Unsupported bool
	// Overdue means that its silence is longer than its limit.
	Overdue bool
	Excuses []Excuse
}

// DayRecord is what came for a day, as far as it matters for absence.
type DayRecord struct {
	Class Class
	// Start and End are the span that the record covers, for types that cover
	// whole days; both 0 for the others. NextStart is where the next day's
	// record begins, 0 if there is none.
	Start, End, NextStart int64
}

// State is the one rule of why a type is absent on a day. got is nil if
// nothing came; parked means that an element came that could not be processed.
func (e *Expectation) State(day Day, got *DayRecord, parked bool) DayState {
	switch {
	case got != nil:
		return e.arrived(day, got)
	case parked:
		return DayState{Absence: Failed}
	}
	if why := e.excused(day); why != NoReason {
		return DayState{NotExpected, why}
	}
	if day > e.Last && day >= e.Today-1 && !e.Overdue {
		return DayState{Absence: Awaited}
	}
	return DayState{Absence: Missing}
}

func (e *Expectation) excused(day Day) Reason {
	switch {
	case day > e.Today:
		return Future
	case e.Unsupported:
		return Unsupported
	}
	for _, x := range e.Excuses {
		if day >= x.From && day <= x.To {
			return x.Why
		}
	}
	switch {
	case !e.Rhythmic:
		return AsItComes
	case e.First > e.Last:
		return NothingYet
	case day < e.First:
		return BeforeFirst
	}
	return NoReason
}

// wholeDay is the minimum length of a day's summary, in seconds, except on days of
// flights east. Garmin sends a day again and again while it grows, up
// to 86,400 seconds.
const wholeDay = 23 * 3600

// arrived distinguishes complete days from those that ended early, whose rest was
// never sent. The day of a flight east is short by itself:
// the next one begins where it ended.
func (e *Expectation) arrived(day Day, got *DayRecord) DayState {
	switch {
	case got.Class == OffWrist:
		return DayState{OffBody, Unworn}
	case got.Class == Tentative:
		return DayState{Absence: Provisional}
	case day < e.Today-1 && got.endsEarly():
		return DayState{Absence: Partial}
	}
	return DayState{Absence: Present}
}

// endsEarly reports whether a record is too short for a complete day, and the next
// one does not begin where it ends.
func (r *DayRecord) endsEarly() bool {
	if r.End <= r.Start || r.End-r.Start >= wholeDay {
		return false
	}
	return r.NextStart == 0 || r.NextStart-r.End >= 3600
}

// Share is how many of the expected days came. If Of is 0, none was
// expected.
type Share struct{ Got, Of int }

// Add counts days.
func (s *Share) Add(states []DayState) {
	for _, state := range states {
		if state.Expected() {
			s.Of++
		}
		if state.Came() {
			s.Got++
		}
	}
}
