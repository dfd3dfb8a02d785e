package pages

import (
	"net/http"

	"garner/ui"
)

// valueRoutes are those of Home and of the pages that show a person's values, and of what
// these pages load, offer for download or change.
func (s *Site) valueRoutes(to *routes) {
	to.get(SignedIn, "/", s.home)
	const person = "/p/{slug}"
	to.get(Values, person, s.newestDay)
	to.get(Values, person+"/day", s.newestDay)
	to.get(Values, person+"/day/{date}", s.day)
	to.get(Values, person+"/sleep", s.newestNight)
	to.get(Values, person+"/sleep/weeks", s.sleepWeeks)
	to.file(Values, person+"/sleep/weeks.csv", s.sends(s.sleepWeeksCSV))
	to.get(Values, person+"/sleep/compare", s.sleepCompare)
	to.get(Values, person+"/sleep/{date}", s.sleepNight)
	for _, spec := range ui.FigurePages {
		to.get(Values, person+"/"+spec.Path, s.figurePage(spec))
	}
	to.get(Values, person+"/trends", s.trends)
	to.file(Values, person+"/trends.csv", s.sends(s.trendsCSV))
	const year = person + "/calendar/{year:[0-9]{4}}"
	to.get(Values, person+"/calendar", s.newestYear)
	to.get(Values, year, s.calendarYear)
	to.file(Values, year+".csv", s.sends(s.calendarCSV))
	to.get(Values, year+"/{month:[0-9]{1,2}}", s.calendarMonth)
	to.file(Values, year+"/{month:[0-9]{1,2}}.csv", s.sends(s.monthCSV))
	to.get(Values, person+"/body", s.body)
	to.get(Values, person+"/womens-health", s.womensHealth)
	to.get(Values, person+"/snapshots", s.snapshots)
	to.get(Values, person+"/snapshots/{id:[0-9]+}", s.snapshot)
	s.activityRoutes(to)
	to.add(Values, http.MethodGet, person+"/activities/{id:[0-9]+}", s.mapped(s.inTurn(s.activity)), true)
	to.get(Values, person+"/data", s.dataIndex)
	to.get(Values, person+"/data/{type}", s.dataTable)
	to.post(Values, person+"/womens-health", s.womensHealthSwitch)
	to.post(Write, person+"/day/{date}/note", s.dayNote)
}
