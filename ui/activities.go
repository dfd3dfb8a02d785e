package ui

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// MetersPerDistance is how many metres the unit of distances has.
func (u Units) MetersPerDistance() float64 { return 1 / u.long().factor }

// activityColumns are those of the list behind the track, with what they sort by. The sport
// stands under the name.
var activityColumns = [][]struct{ sort, label string }{
	{{query.ActivityByName, "Name"}, {query.ActivityBySport, "Sport"}}, {{query.ActivityByDate, "Date"}},
	{{query.ActivityByDistance, "Distance"}}, {{query.ActivityByTime, "Time"}},
	{{query.ActivityBySpeed, "Pace or speed"}}, {{query.ActivityByBPM, "Heart rate"}},
	{{query.ActivityByAscent, "Climb"}},
}

// Up is the direction that turns the order of a column round.
const Up = "up"

// NewActivities writes a page of a person's activities. asked is the query of its
// address.
func NewActivities(p Page, units Units, form ActivityForm, asked url.Values, list *query.ActivityList) ActivitiesView {
	v := ActivitiesView{Person: *p.Person, Units: units, Form: form, Origins: list.Origins, Home: list.Home}
	v.Form.DistanceUnit = units.long().name
	for _, key := range list.Kinds {
		v.Form.Sports = append(v.Form.Sports, Choice{key, sportOf(key).Word, key == form.Sport})
	}
	for _, d := range list.Devices {
		v.Form.Devices = append(v.Form.Devices, Choice{d, d, d == form.Device})
	}
	path := activitiesURL(v.Person.Slug)
	address := func(path string, set map[string]string) string {
		q := maps.Clone(asked)
		for name, value := range set {
			if q.Set(name, value); value == "" {
				q.Del(name)
			}
		}
		return strings.TrimSuffix(path+"?"+q.Encode(), "?")
	}
	v.columns(form, func(sort, dir string) string {
		return address(path, map[string]string{"sort": sort, "dir": dir, "after": ""})
	})
	v.CSV = address(path+".csv", map[string]string{"after": ""})
	if list.All > 0 && len(list.Kinds) == 0 {
		v.Filter = address(path, map[string]string{"filter": "1"})
	}
	if asked.Get("after") != "" {
		v.First = address(path, map[string]string{"after": ""})
	}
	if list.More {
		v.Next = address(path, map[string]string{"after": list.Rows[len(list.Rows)-1].ID})
	}
	v.rows(list)
	v.said(list)
	return v
}

func (v *ActivitiesView) columns(form ActivityForm, address func(sort, dir string) string) {
	for i, orders := range activityColumns {
		words := i == 0
		col := SortColumn{Number: i > 1}
		for _, o := range orders {
			dir, sorted := "", form.Sort == o.sort || form.Sort == "" && o.sort == query.ActivityByDate
			if sorted {
				col.Sorted = "descending"
				if words != (form.Direction == Up) {
					col.Sorted = "ascending"
				}
				if form.Direction != Up {
					dir = Up
				}
			}
			col.Orders = append(col.Orders, SortOrder{o.label, address(o.sort, dir), sorted})
		}
		v.Columns = append(v.Columns, col)
	}
}

// rows lists the activities, by week if they are sorted by date.
func (v *ActivitiesView) rows(list *query.ActivityList) {
	var week health.Day
	for i := range list.Rows {
		r := &list.Rows[i]
		if i == 0 || list.Weeks != nil && r.Week != week {
			g := ActivityGroup{}
			if week = r.Week; list.Weeks != nil {
				g.Title, g.Sums = "Week of "+Date(week), v.sums(list.Weeks[week])
			}
			v.Groups = append(v.Groups, g)
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Rows = append(g.Rows, v.item(r))
	}
	for i := range list.Rows {
		if d := list.Rows[i].Device; d != "" && !slices.Contains(v.Devices, d) {
			v.Devices = append(v.Devices, d)
		}
	}
}

func (v *ActivitiesView) sums(w query.ActivityWeek) string {
	text := Plural(w.Count, "activity", "activities") + ", " + Duration(w.Time)
	if w.Meters > 0 {
		text += ", " + v.Units.Format(Val(w.Meters, health.Meter, 0))
	}
	if w.Ascent > 0 {
		text += ", " + v.Units.Format(climb(w.Ascent)) + " of climb"
	}
	return text
}

func (v *ActivitiesView) item(r *query.ActivityRow) ActivityItem {
	s := sportOf(r.Sport)
	return ActivityItem{URL: activityURL(v.Person.Slug, r.ID), Name: r.Name, Start: onClock(r.Start, r.Offset), Day: r.Day,
		sport: s, Duration: r.Duration, Distance: s.distance(r.Meters), Speed: s.speed(r.MetersPerSecond),
		HeartRate: positive(r.BPM, health.BPM), Ascent: climb(r.Ascent), Device: r.Device, Part: r.Part, Second: r.Second,
		Track: r.GPS}
}

// secondRecording says why an activity is in no sum.
const secondRecording = "second recording, not counted"

// climb is an ascent; one of nothing is not there.
func climb(meters float64) Value {
	return Value{V: meters, OK: meters > 0, Unit: health.Meter, Height: true}
}

// said says what the list shows, or why it is empty.
func (v *ActivitiesView) said(list *query.ActivityList) {
	name := v.Person.Name
	switch {
	case v.Form.Error != "":
		v.Sentence = "The filter cannot be read."
	case list.All == 0:
		v.Sentence = "No activities of " + name + " yet."
		v.Empty = &Empty{What: "This page lists every activity of a watch or bike computer, with its track, charts and laps.",
			Why:  "No activity of " + name + " has arrived.",
			Next: &Link{Text: "What arrives, and what does not", URL: syncURL(v.Person.Slug)},
			When: "Some minutes after the next activity, once the device has synced."}
	case list.Found == 0:
		v.Sentence = fmt.Sprintf("None of %s fits the filter.", Plural(list.All, "activity", "activities"))
		v.Empty = &Empty{What: "Activities that fit the filter.", Why: "The filter leaves none.",
			Next: &Link{Text: "All activities", URL: activitiesURL(v.Person.Slug)}}
	case list.Found < list.All:
		v.Sentence = fmt.Sprintf("%s of %s fit the filter.", Count(list.Found), Plural(list.All, "activity", "activities"))
	default:
		v.Sentence = fmt.Sprintf("%s of %s.", Plural(list.All, "activity", "activities"), name)
	}
}

// thumbPoints is how many points a rough track has at most.
const thumbPoints = 60

// ActivityThumb is a rough track as an image; ok is false without places.
func ActivityThumb(d *query.ActivityDetail) (image templ.Component, ok bool) {
	if !d.Placed() {
		return nil, false
	}
	var places []chart.Place
	lat, lon := d.Stream("latitude"), d.Stream("longitude")
	for i := 0; i < len(d.T); i += len(d.T)/thumbPoints + 1 {
		if !math.IsNaN(lat[i]) && !math.IsNaN(lon[i]) {
			places = append(places, chart.Place{Lat: lat[i], Lon: lon[i]})
		}
	}
	return chart.Thumb(places), true
}

// open reports whether the form leaves anything out, or was asked for.
func (f ActivityForm) open() bool {
	return f.Asked || f.Sport+f.Device+f.From+f.To+f.Least+f.Most+f.Error != "" || f.GPS
}
