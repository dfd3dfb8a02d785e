package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"garner/export"
	"garner/health"
	"garner/query"
	"garner/ui"
)

// activityRows is how many activities a page of the list shows.
const activityRows = 50

// activityRoutes are those of a person's activities, by Garmin's id.
func (s *Site) activityRoutes(to *routes) {
	const list = "/p/{slug}/activities"
	const one = list + "/{id:[0-9]+}"
	to.get(Values, list, s.activities)
	to.file(Values, list+".csv", s.sends(s.activitiesCSV))
	to.file(Values, one+"/samples.json", s.page(s.inTurn(s.activitySamples)))
	to.file(Values, one+"/track.svg", s.page(s.inTurn(s.activityThumb)))
	to.file(Values, one+".csv", s.sends(activityAs("csv", csvKind, export.WriteRecording)))
	to.file(Values, one+".gpx", s.sends(activityAs("gpx", "application/gpx+xml", export.WriteGPX)))
	to.file(Values, one+".tcx", s.sends(activityAs("tcx", "application/vnd.garmin.tcx+xml", export.WriteTCX)))
}

// activities is GET /p/{slug}/activities?sport=&from=&to=&least=&most=&device=&gps=&sort=&dir=&after=&filter=.
func (s *Site) activities(r *http.Request) (answer, error) {
	p, err := s.base(r, "Activities", ui.NavActivities)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	p.Title = "Activities of " + person.Name
	units, asked := p.UnitsOf(person.Units), r.URL.Query()
	f, form := activityFilter(asked, units)
	f.Limit, f.WeekStart = activityRows, p.WeekStart.Weekday()
	list, err := s.reader(r, p.Now).Activities(r.Context(), person.ID, f)
	if err != nil {
		return answer{}, err
	}
	view := ui.Activities(p, ui.NewActivities(p, units, form, asked, list))
	if form.Error != "" {
		return answer{view: view, status: http.StatusBadRequest}, nil
	}
	return render(view)
}

// activityFilter reads the query of the list. What is wrong with it stands in the form,
// and then nothing fits.
func activityFilter(q url.Values, units ui.Units) (query.ActivityFilter, ui.ActivityForm) {
	form := ui.ActivityForm{Sport: q.Get("sport"), Device: q.Get("device"), From: q.Get("from"), To: q.Get("to"),
		Least: q.Get("least"), Most: q.Get("most"), GPS: q.Get("gps") != "", Sort: q.Get("sort"), Direction: q.Get("dir"),
		Asked: q.Get("filter") != ""}
	f := query.ActivityFilter{Sport: form.Sport, Device: form.Device, GPS: form.GPS, Sort: form.Sort,
		Reverse: form.Direction == ui.Up, After: q.Get("after"), Choices: form.Asked}
	day := func(name, text string) (d health.Day) {
		if text == "" {
			return 0
		}
		d, err := health.ParseDay(text)
		if err != nil {
			form.Error = name + ": that is no date such as 2026-11-23."
		}
		return d
	}
	distance := func(name, text string) float64 {
		if text == "" {
			return 0
		}
		x, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
		if err != nil || strings.Trim(text, "0123456789.,") != "" || x > 1e6 { // no exponent, no 0x10
			form.Error = name + ": that is no distance such as 12.5."
		}
		return x * units.MetersPerDistance()
	}
	f.From, f.To = day("From", form.From), day("To", form.To)
	f.Least, f.Most = distance("At least", form.Least), distance("At most", form.Most)
	if form.Error != "" {
		f.From, f.To = 2, 1
	}
	return f, form
}
