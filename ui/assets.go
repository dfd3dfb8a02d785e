package ui

import "slices"

// styles are the style sheets of the page, in the order in which they overrule each
// other.
func (p Page) styles() (names []string) {
	if p.Plots {
		names = append(names, "vendor/uplot.css")
	}
	if p.Map {
		names = append(names, "vendor/leaflet.css")
	}
	return append(names, "app.css")
}

// scripts are those of the page, libraries before what uses them.
func (p Page) scripts() []string {
	names := []string{"app.js", "keys.js"}
	if slices.Contains([]Nav{NavCalendar, NavHome, NavSync}, p.Active) {
		names = append(names, "heat.js")
	}
	if p.Plots || p.Map {
		names = append(names, "recording.js")
	}
	if p.Plots {
		names = append(names, "vendor/uplot.js", "charts.js")
	}
	if p.Map {
		names = append(names, "vendor/leaflet.js", "map.js")
	}
	return names
}
