package health

// BlockDay is the UTC day under which a record of a small type is kept: that of
// its start, since versions may disagree about their date. A search for
// records of a day also looks at the neighboring days, so a record whose date is
// further away is kept under its date.
func BlockDay(day Day, start int64) Day {
	at := DayOf(start, 0)
	if away := day - at; away < -1 || away > 1 {
		return day
	}
	return at
}
