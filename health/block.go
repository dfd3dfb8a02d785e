package health

// BlockDay is the UTC day under which a record of a small type is kept: that of
// its start, since versions may disagree about their date. Who looks for
// records of a day looks there and at the days beside it, so a record whose
// date is further away than that is kept under its date.
func BlockDay(day Day, start int64) Day {
	at := DayOf(start, 0)
	if away := day - at; away < -1 || away > 1 {
		return day
	}
	return at
}
