package pages

import (
	"net/http"

	"garner/ui"
)

// valueRoutes are those of the pages that show a person's values, and of what these
// pages load or offer for download. A page is shown by a handler that renders it itself.
func (s *Site) valueRoutes(get func(Access, string, func(*http.Request) (answer, error)),
	file, page func(Access, string, http.HandlerFunc)) {
	const person = "/p/{slug}"
	get(Values, person, s.newestDay)
	get(Values, person+"/day", s.newestDay)
	get(Values, person+"/day/{date}", s.day)
	get(Values, person+"/sleep", s.newestNight)
	get(Values, person+"/sleep/weeks", s.sleepWeeks)
	file(Values, person+"/sleep/weeks.csv", s.sends(s.sleepWeeksCSV))
	get(Values, person+"/sleep/compare", s.sleepCompare)
	get(Values, person+"/sleep/{date}", s.sleepNight)
	for _, spec := range ui.FigurePages {
		get(Values, person+"/"+spec.Path, s.figurePage(spec))
	}
	get(Values, person+"/trends", s.trends)
	file(Values, person+"/trends.csv", s.sends(s.trendsCSV))
	const year = person + "/calendar/{year:[0-9]{4}}"
	get(Values, person+"/calendar", s.newestYear)
	get(Values, year, s.calendarYear)
	file(Values, year+".csv", s.sends(s.calendarCSV))
	get(Values, year+"/{month:[0-9]{1,2}}", s.calendarMonth)
	file(Values, year+"/{month:[0-9]{1,2}}.csv", s.sends(s.monthCSV))
	get(Values, person+"/body", s.body)
	get(Values, person+"/womens-health", s.womensHealth)
	get(Values, person+"/snapshots", s.snapshots)
	get(Values, person+"/snapshots/{id:[0-9]+}", s.snapshot)
	s.activityRoutes(get, file)
	page(Values, person+"/activities/{id:[0-9]+}", s.mapped(s.activity))
	get(Values, person+"/data", s.dataIndex)
	get(Values, person+"/data/{type}", s.dataTable)
}
