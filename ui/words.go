package ui

import (
	"strconv"
	"strings"

	"garner/ui/chart"
	"garner/ui/text"
)

// stripTitle says in words what a delivery strip shows.
func stripTitle(c PersonCard) string {
	counts := map[chart.Absence]int{}
	for _, d := range c.Strip {
		counts[d.State.Absence]++
	}
	parts := []string{Count(counts[chart.Present]+counts[chart.Tentative]) + " arrived"}
	for _, a := range chart.Kinds {
		if n := counts[a]; n > 0 && a != chart.Tentative {
			parts = append(parts, Count(n)+" "+text.AbsenceWord(a))
		}
	}
	return "Delivery for " + c.Person.Name + ", last " + Plural(len(c.Strip), "day", "days") + ": " +
		strings.Join(parts, ", ")
}

// laneWord names the source of a lane's numbers in its table.
func laneWord(l chart.Lane) string {
	if l.Series.Unit == "" {
		return l.Title
	}
	return l.Title + ", " + l.Series.Unit
}

// seamData tells the script when the clock changed and to what.
func seamData(r chart.Ribbon) string {
	parts := make([]string, 0, len(r.Seams))
	for _, s := range r.Seams {
		parts = append(parts, strconv.FormatInt(s.At, 10)+" "+strconv.Itoa(int(s.Offset)))
	}
	return strings.Join(parts, ",")
}

// names joins people's names.
func names(people []PersonLink) string {
	all := make([]string, 0, len(people))
	for _, p := range people {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}

// currentTab is the value of aria-current for a tab.
func currentTab(here bool) string {
	if here {
		return "page"
	}
	return "false"
}
