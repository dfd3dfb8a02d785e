package personal

import "garner/garmin/element"

// cycleMembers are the members of a cycle that the push has under other names.
var cycleMembers = members{
	"userProfilePk": {}, "userProfilePK": {}, "daySummary": {}, "cycleSummary": {},
	"startDate":      {"periodStartDate", nil},
	"cycleStartDate": {"periodStartDate", nil},
	"lastUpdatedAt":  {"lastUpdatedTimeInSeconds", inSeconds},
}

// cycle is the menstrual cycle that a day is in, and cycleDay the same with what the
// person noted on the day. Of the answers about the days of one cycle that of the last
// day must count, in each order in which they are asked for: one that does not say when it was
// last updated counts as of the end of its day.
func (a *answer) cycle() error {
	v, err := a.object()
	if err != nil || v.Len() == 0 {
		return err
	}
	about := v
	for _, name := range []string{"daySummary", "cycleSummary"} {
		if part := v.Get(name); part.Kind() == element.Object {
			about = part
		}
	}
	if _, ok := date(first(about, "periodStartDate", "startDate", "cycleStartDate")); !ok {
		a.found(a.From, Placeholder)
		return nil
	}
	a.found(a.From, Data)
	e := a.element()
	e.take(about, cycleMembers)
	e.take(v, cycleMembers)
	if a.From != 0 {
		e.int("lastUpdatedTimeInSeconds", (a.From + 1).Midnight().Unix())
	}
	a.add("mct", e)
	return nil
}
