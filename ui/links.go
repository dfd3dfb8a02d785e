package ui

import (
	"net/url"
	"strconv"

	"garner/health"
)

// The addresses of pages. Slugs are made of letters, digits and hyphens, yet
// are escaped all the same.

func personURL(slug string) string { return "/p/" + url.PathEscape(slug) }

func dayURL(slug string, d health.Day) string { return personURL(slug) + "/day/" + d.String() }

func dataURL(slug string) string { return personURL(slug) + "/data" }

func tableURL(slug, key string) string { return dataURL(slug) + "/" + url.PathEscape(key) }

func unitsURL(slug string) string { return "/people/" + url.PathEscape(slug) + "/units" }

func deliveryURL(id int64) string { return "/inbox/" + strconv.FormatInt(id, 10) }

// inboxURL is the list in a state, of a type; empty means all.
func inboxURL(state State, key string) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", string(state))
	}
	if key != "" {
		q.Set("type", key)
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

// navItem is an entry of the bar or rail.
type navItem struct {
	Nav  Nav
	Text string
	URL  string
}

// navItems are the same on every page, in the same order. Day and Data lead
// to the person at hand, or else to the first one.
func (p Page) navItems() []navItem {
	items := []navItem{{NavHome, "Home", "/"}}
	person := p.Person
	if person == nil && len(p.People) > 0 {
		person = &p.People[0]
	}
	if person != nil {
		items = append(items,
			navItem{NavDay, "Day", personURL(person.Slug)},
			navItem{NavData, "Data", dataURL(person.Slug)})
	}
	return append(items,
		navItem{NavInbox, "Inbox", "/inbox"},
		navItem{NavPeople, "People", "/people"},
		navItem{NavHelp, "Help", "/help"})
}

// switchURL is the page like this one of somebody else.
func (p Page) switchURL(slug string) string {
	if p.Active == NavData {
		return dataURL(slug)
	}
	return personURL(slug)
}

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
