package ui

import (
	"strings"

	"garner/health"
)

// printed heads a page on paper: whose it is, what it is about, and the day on which it
// was printed, by the reader's zone. The navigation that says so on a screen is left out.
func (p Page) printed() string {
	_, offset := p.Now.Zone()
	parts := []string{p.Title, "printed on " + Date(health.DayOf(p.Now.Unix(), int32(offset)))}
	if p.Person != nil {
		parts = append([]string{p.Person.Name}, parts...)
	}
	return strings.Join(parts, " · ")
}
