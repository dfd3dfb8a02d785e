package ui

// navItem is an entry of the bar or rail.
type navItem struct {
	Nav  Nav
	Text string
	URL  string
	// Bar is what a phone's bar shows; the others stand under More.
	Bar bool
}

// navGroup is a part of the navigation with its heading; empty for the first one.
type navGroup struct {
	Title string
	Items []navItem
}

// navGroups are the same on every page, in the same order. Pages of a person lead to
// the one at hand, or else to the first one.
func (p Page) navGroups() []navGroup {
	groups := []navGroup{{Items: []navItem{{NavHome, "Home", "/", true}}}}
	if p.Values != nil {
		groups = append(groups, navGroup{p.Values.Name, p.personItems(p.Values.Slug)})
	}
	delivery := navGroup{"Delivery", []navItem{
		{NavSync, "Sync", "/sync", p.Values == nil},
		{NavCoverage, "Coverage", "/coverage", false},
		{NavAlerts, "Alerts", "/alerts", false},
		{NavBackfill, "Backfill", "/backfill", false},
	}}
	box := navGroup{"Garner", []navItem{{NavExport, "Export", p.exportURL(), false}}}
	if p.Operates {
		delivery.Items = append(delivery.Items, navItem{NavInbox, "Inbox", "/inbox", false})
		box.Items = append(box.Items, navItem{NavPeople, "People", "/people", false})
	}
	if p.Account != nil {
		box.Items = append(box.Items, navItem{NavSettings, "Settings", "/settings", false})
	}
	box.Items = append(box.Items, navItem{NavHelp, "Help", "/help", false})
	return append(groups, delivery, box)
}

// personItems are the pages of a person's values.
func (p Page) personItems(slug string) []navItem {
	base := personURL(slug)
	items := []navItem{
		{NavDay, "Day", base, true},
		{NavTrends, "Trends", base + "/trends", true},
		{NavActivities, "Activities", base + "/activities", true},
		{NavSleep, "Sleep", base + "/sleep", false},
		{NavHeart, "Heart", base + "/heart", false},
		{NavStress, "Stress", base + "/stress", false},
		{NavBody, "Body", base + "/body", false},
		{NavBreathing, "Breathing", base + "/breathing", false},
		{NavCalendar, "Calendar", base + "/calendar", false},
		{NavSnapshots, "Snapshots", base + "/snapshots", false},
	}
	if p.Cycle {
		items = append(items, navItem{NavCycle, "Women’s health", base + "/womens-health", false})
	}
	return append(items, navItem{NavData, "Data", base + "/data", false})
}

// moreCurrent reports whether the page stands under More.
func (p Page) moreCurrent() string {
	for _, group := range p.navGroups() {
		for _, item := range group.Items {
			if !item.Bar && item.Nav == p.Active {
				return "page"
			}
		}
	}
	return "false"
}

const (
	// MenuPeople is the number of people up to which the person menu lists them.
	MenuPeople = 50
	// searchAbove is the number of people above which it has a search.
	searchAbove = 7
)

// shownPerson is whom the person menu names; nil if the reader may read no one's values.
func (p Page) shownPerson() *PersonLink {
	if p.Person != nil {
		return p.Person
	}
	return p.Values
}

// switchURL is the page like this one of another person.
func (p Page) switchURL(slug string) string {
	switch p.Active {
	case NavCoverage, NavBackfill, NavExport, NavSync, NavData, NavTrends, NavActivities, NavSleep, NavHeart, NavStress,
		NavBody, NavBreathing, NavCalendar, NavSnapshots, NavCycle:
		return personURL(slug) + "/" + string(p.Active)
	}
	return personURL(slug)
}
