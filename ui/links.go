package ui

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"garner/health"
)

// The addresses of pages. Slugs are made of letters, digits and hyphens, yet
// are escaped all the same.

func personURL(slug string) string { return "/p/" + url.PathEscape(slug) }

func dayURL(slug string, d health.Day) string { return personURL(slug) + "/day/" + d.String() }

func activitiesURL(slug string) string { return personURL(slug) + "/activities" }

// activityURL is the page of an activity, by Garmin's id; empty without one.
func activityURL(slug, id string) string {
	if id == "" {
		return ""
	}
	return activitiesURL(slug) + "/" + url.PathEscape(id)
}

func dataURL(slug string) string { return personURL(slug) + "/data" }

func tableURL(slug, key string) string { return dataURL(slug) + "/" + url.PathEscape(key) }

func unitsURL(slug string) string { return "/people/" + url.PathEscape(slug) + "/units" }

func deliveryURL(id int64) string { return "/inbox/" + strconv.FormatInt(id, 10) }

// inboxURL is the list in a state, of a type, from below an id; empty and 0 mean
// all.
func inboxURL(state State, key string, before int64) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", string(state))
	}
	if key != "" {
		q.Set("type", key)
	}
	if before > 0 {
		q.Set("before", itoa(before))
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

func syncURL(slug string) string { return personURL(slug) + "/sync" }

func pairURL(slug, key string) string { return syncURL(slug) + "/" + url.PathEscape(key) }

func coverageURL(slug string, year int, month int) string {
	q := url.Values{"year": {strconv.Itoa(year)}}
	if month > 0 {
		q.Set("month", strconv.Itoa(month))
	}
	return personURL(slug) + "/coverage?" + q.Encode()
}

func backfillURL(slug string) string { return personURL(slug) + "/backfill" }

func backfillPlanURL(slug string) string { return backfillURL(slug) + "/plan" }

// askURL is the preview of a request for some types, by key, on some days.
func askURL(slug string, types []string, from, to health.Day) string {
	return backfillPlanURL(slug) + "?" + url.Values{"type": types, "from": {from.String()}, "to": {to.String()}}.Encode()
}

func incidentURL(id int64) string { return "/alerts/" + strconv.FormatInt(id, 10) }

// current is the value of aria-current for the entry of the page.
func (p Page) current(n Nav) string {
	if p.Active == n {
		return "page"
	}
	return "false"
}

// themes are the choices of the switch; the first follows the system.
var themes = []struct{ Value, Text string }{{"", "Auto"}, {"light", "Light"}, {"dark", "Dark"}}

// number is a delivery's id as people quote it: ungrouped, so that it can be
// pasted into a command.
func number(id int64) string { return "#" + strconv.FormatInt(id, 10) }

func exportURL(slug string) string { return personURL(slug) + "/export" }

// exportURL leads to the export of the person at hand, or else of all.
func (p Page) exportURL() string {
	if p.Person != nil && p.Values != nil && *p.Person == *p.Values {
		return exportURL(p.Person.Slug)
	}
	return "/export"
}

func metricsURL(slug, format string) templ.SafeURL {
	return templ.SafeURL("/p/" + slug + "/export/metrics?format=" + format)
}
