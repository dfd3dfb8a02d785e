package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"garner/db"
	"garner/export"
	"garner/health"
)

// param is a parameter of the query of an address.
type param struct {
	name, about string
	schema      schema
}

// parse reads the query of a request. Parameters that the address does not have are
// refused, so that a misspelt one is not overlooked.
func parse(r *http.Request, known []param) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errParameter.with("the query cannot be read: percent-encode special characters")
	}
	names := make([]string, len(known))
	for i, p := range known {
		names[i] = p.name
	}
	for name, list := range values {
		if !slices.Contains(names, name) {
			return nil, errParameter.with("no parameter %q; there are: %s", name, listed(names))
		}
		if len(list) > 1 {
			return nil, errParameter.with("%s is there %d times; it may be there once", name, len(list))
		}
	}
	return values, nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// days are the dates from and to, both included; without them the range is open.
func (r *request) days() (from, to health.Day, err error) {
	if from, err = r.day("from", export.OpenFrom); err != nil {
		return 0, 0, err
	}
	if to, err = r.day("to", export.OpenTo); err != nil {
		return 0, 0, err
	}
	if from > to {
		return 0, 0, errParameter.with("from is %s, after to, which is %s", from, to)
	}
	return from, to, nil
}

func (r *request) day(name string, otherwise health.Day) (health.Day, error) {
	if !r.params.Has(name) {
		return otherwise, nil
	}
	day, err := health.ParseDay(r.params.Get(name))
	if err != nil {
		return 0, errParameter.with("%s: %v", name, err)
	}
	return day, nil
}

// The limits of a page.
const (
	usualLimit = 500
	mostLimit  = 5000
)

// limit is how many items an answer may have.
func (r *request) limit(usual, most int) (int, error) {
	if !r.params.Has("limit") {
		return usual, nil
	}
	n, err := strconv.Atoi(r.params.Get("limit"))
	if err != nil || n < 1 || n > most {
		return 0, errParameter.with("limit %q: want a number from 1 to %d", r.params.Get("limit"), most)
	}
	return n, nil
}

// several are the words of a parameter, with commas between them; nil without it. All must
// be among the valid ones.
func (r *request) several(name string, valid []string) ([]string, error) {
	if !r.params.Has(name) {
		return nil, nil
	}
	words := strings.Split(r.params.Get(name), ",")
	for _, w := range words {
		if !slices.Contains(valid, w) {
			return nil, errParameter.with("%s %q: valid are %s", name, w, listed(valid))
		}
	}
	return words, nil
}

// listing is what a list of some days of a person is asked for.
type listing struct {
	person *db.Person
	// words are those of the parameter that chooses; nil for all.
	words    []string
	from, to health.Day
	limit    int
}

// listing reads the person in the address, the words of a parameter, the days and the limit.
func (r *request) listing(name string, valid []string) (l listing, err error) {
	if l.person, err = r.addressed(); err != nil {
		return l, err
	}
	if l.words, err = r.several(name, valid); err != nil {
		return l, err
	}
	if l.from, l.to, err = r.days(); err != nil {
		return l, err
	}
	l.limit, err = r.limit(usualLimit, mostLimit)
	return l, err
}
