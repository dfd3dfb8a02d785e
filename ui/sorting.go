package ui

import (
	"net/url"
	"strconv"

	"garner/query"
)

// Sorting is how a list of people at a path is sorted and searched.
type Sorting struct {
	Path, Search string
	By           query.Order
	// Only is a filter that stays, optional.
	Only string
}

// Orders are the names of orders in addresses.
var Orders = map[string]query.Order{"name": query.ByName, "trouble": query.ByTrouble, "silence": query.BySilence,
	"coverage": query.ByCoverage}

// Name is the order's name in addresses.
func (s Sorting) Name() string {
	for name, by := range Orders {
		if by == s.By {
			return name
		}
	}
	return ""
}

// by is the address of the list in another order.
func (s Sorting) by(name string) string { return s.url(name, url.Values{}) }

// from is the address of the page that begins after some people.
func (s Sorting) from(n int) string {
	return s.url(s.Name(), url.Values{"from": {strconv.Itoa(n)}})
}

func (s Sorting) url(name string, q url.Values) string {
	q.Set("sort", name)
	if s.Search != "" {
		q.Set("q", s.Search)
	}
	if s.Only != "" {
		q.Set("only", s.Only)
	}
	return s.Path + "?" + q.Encode()
}

// aria is the direction of a column: names and coverage rise, silence falls.
func (s Sorting) aria(name string) string {
	switch {
	case s.Name() != name:
		return "none"
	case name == "silence":
		return "descending"
	}
	return "ascending"
}

// arrow is the direction as a sign.
func (s Sorting) arrow(name string) string {
	return map[string]string{"none": "↕", "ascending": "↑", "descending": "↓"}[s.aria(name)]
}
