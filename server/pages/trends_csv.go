package pages

import (
	"fmt"
	"net/http"
	"slices"

	"garner/db"
	"garner/export"
	"garner/query"
	"garner/ui"
)

// mostInFile is how many metrics a file of trends holds: more than any page shows.
const mostInFile = 24

// trendsCSV is GET /p/{slug}/trends.csv: the days of the window of the address with the
// values of its metrics, in the units in which Garmin sends them, and all else that the page
// shows of a day. export.Trends has the columns.
func (s *Site) trendsCSV(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	names, err := metricsOf(r)
	if err != nil {
		return sent{}, err
	}
	window, err := windowOf(r, q, person)
	if err != nil {
		return sent{}, err
	}
	file := export.Trends{Person: person.Name}
	if file.List, err = q.Trends(r.Context(), person, names, window.From, window.To); err != nil {
		return sent{}, err
	}
	if comparing(r, window) {
		before := window.Before()
		if file.Before, err = q.Trends(r.Context(), person, names, before.From, before.To); err != nil {
			return sent{}, err
		}
	}
	if file.Notes, err = q.DayNotes(r.Context(), person.ID, window.From, window.To); err != nil {
		return sent{}, err
	}
	return csvFile(person.Slug+"_trends_"+window.To.String()+".csv", file.Write), nil
}

// metricsOf are the metrics of an address, each once; those of the Trends page without any.
func metricsOf(r *http.Request) ([]string, error) {
	asked := r.URL.Query()["m"]
	if len(asked) == 0 {
		return ui.Metrics(ui.TrendsPage(nil).Specs), nil
	}
	var names []string
	for _, name := range asked {
		if _, ok := query.MetricNamed(name); !ok {
			return nil, badRequest(fmt.Sprintf("m: there is no metric named %.40q. The data dictionary lists them.", name))
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > mostInFile {
		return nil, badRequest(fmt.Sprintf("m: a file holds up to %d metrics.", mostInFile))
	}
	return names, nil
}
