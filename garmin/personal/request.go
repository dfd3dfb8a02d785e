package personal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"garner/health"
)

// Request is one call of an endpoint of the table. It has what the shape of the endpoint
// is about, and nothing else.
type Request struct {
	Endpoint *Endpoint
	// From and To are the first and the last day; the same for a Day.
	From, To health.Day
	// Activity is the id of an Activity.
	Activity int64
	// Start is how many activities of a Listed to skip.
	Start int
}

// target is the path of the call and its query. An error means that the request asks for
// what its endpoint does not have.
func (r Request) target() (path, query string, err error) {
	if err := r.check(); err != nil {
		return "", "", err
	}
	values := strings.NewReplacer("{from}", r.From.String(), "{to}", r.To.String(), "{date}", r.From.String(),
		"{id}", strconv.FormatInt(r.Activity, 10), "{start}", strconv.Itoa(r.Start), "{limit}", strconv.Itoa(PageSize))
	return values.Replace(r.Endpoint.Path), values.Replace(r.Endpoint.Query), nil
}

// lastDay is the last day that is written with a year of four digits.
const lastDay health.Day = 2_932_896

// check refuses requests that are not of the endpoint's shape. Dates and numbers are all
// that a request brings, so nothing of it needs escaping.
func (r Request) check() error {
	e := r.Endpoint
	if e == nil {
		return errors.New("the request names no endpoint")
	}
	days := int(r.To-r.From) + 1
	hasDays, dated := r.From != 0 || r.To != 0, r.From > 0 && r.To <= lastDay
	fits := false
	switch e.Shape {
	case Day:
		fits = dated && days == 1
	case Range, Listed:
		fits = dated && days >= 1 && days <= e.MostDays
	case Activity, Once:
		fits = !hasDays
	}
	switch {
	case !fits:
		return fmt.Errorf("%s cannot be asked for %s to %s", e.Key, r.From, r.To)
	case (r.Activity > 0) != (e.Shape == Activity) || r.Activity < 0:
		return fmt.Errorf("%s cannot be asked for the activity %d", e.Key, r.Activity)
	case r.Start < 0 || r.Start > 0 && e.Shape != Listed:
		return fmt.Errorf("%s cannot be asked for what follows %d activities", e.Key, r.Start)
	}
	return nil
}
