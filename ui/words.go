package ui

import (
	"strings"

	"garner/ui/chart"
)

// stripTitle says in words what a delivery strip shows.
func stripTitle(c PersonCard) string {
	counts := map[chart.Absence]int{}
	for _, d := range c.Strip {
		counts[d.State]++
	}
	parts := []string{Count(counts[chart.Present]+counts[chart.Tentative]) + " arrived"}
	for _, a := range chart.Kinds {
		if n := counts[a]; n > 0 && a != chart.Tentative {
			parts = append(parts, Count(n)+" "+a.Word())
		}
	}
	return "Delivery for " + c.Person.Name + ", last " + Plural(len(c.Strip), "day", "days") + ": " + strings.Join(parts, ", ")
}

// laneWord names the source of a lane's numbers in its table.
func laneWord(l chart.Lane) string {
	if l.Series.Unit == "" {
		return l.Title
	}
	return l.Title + ", " + l.Series.Unit
}
