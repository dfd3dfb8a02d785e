package ui

// shortcut is a key that the scripts know.
type shortcut struct{ Keys, Does string }

// shortcuts are those that are no characters, so that nothing types them by accident.
var shortcuts = []shortcut{
	{"← →", "On a day: the previous or next day. In the read-out of charts: the previous or next sample."},
	{"Shift ← →", "In the read-out of charts: the previous or next lap, or half an hour of a day."},
	{"Home End", "In the read-out of charts: the first or last sample that is shown."},
	{"Esc", "Ends a choice of a part of an activity, and shows all of it."},
	{"Tab Enter", "All controls work with the keyboard."},
}

// singleKeys are single characters. They can be switched off, since speech input may
// type them.
var singleKeys = []shortcut{
	{"?", "Show this list."},
	{"/", "Search or filter."},
	{".", "Choose another person."},
	{"t", "Open or close the table of a chart."},
}

// goKeys lead to pages, after g.
var goKeys = map[Nav]string{NavHome: "h", NavDay: "d", NavSleep: "s", NavTrends: "t", NavActivities: "a", NavCalendar: "c",
	NavHeart: "r", NavStress: "x", NavBody: "b", NavSync: "y", NavCoverage: "o", NavAlerts: "l", NavInbox: "i",
	NavExport: "e"}
