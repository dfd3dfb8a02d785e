package api

import (
	"encoding/json"
	"slices"

	"garner/health"
)

// covered is a type and day of a person as the API has them.
type covered struct {
	Person    string `json:"person" doc:"The slug of the person."`
	Type      string `json:"type"`
	Date      string `json:"date" format:"date"`
	State     string `json:"state" doc:"Present, or one of the seven kinds of absence."`
	Reason    string `json:"reason,omitempty" doc:"Why data is absent, more precisely than state says. See the guide."`
	Records   int    `json:"records" doc:"How many records there are."`
	Simulated bool   `json:"simulated" doc:"Whether all of them come from Garmin's Data Generator."`
}

// coveredPlace is the place after a type and day.
type coveredPlace struct {
	Day  health.Day `json:"d"`
	Type string     `json:"t"`
}

// coverage lists each day and type of a person with what arrived or why not.
func (r *request) coverage() (any, error) {
	l, err := r.listing("types", recordTypes)
	if err != nil {
		return nil, err
	}
	var at coveredPlace
	resumed, err := r.after(&at)
	if err != nil {
		return nil, err
	}
	if resumed {
		l.from = max(l.from, at.Day)
	}
	out := newPage()
	for day, err := range r.query.CoverageOfTypes(r.Context(), l.person.ID, l.words, l.from, l.to) {
		if err != nil {
			return nil, err
		}
		if resumed && day.Day == at.Day && before(day.Type, at.Type) {
			continue
		}
		if out.full(l.limit) {
			next, err := r.next(at)
			return out.end(next), err
		}
		body, err := json.Marshal(covered{Person: l.person.Slug, Type: day.Type, Date: day.Day.String(),
			State: day.State.Key(), Reason: day.State.Why.Key(), Records: day.Records, Simulated: day.Simulated})
		if err != nil {
			return nil, err
		}
		out.item()
		out.b = append(out.b, body...)
		at, resumed = coveredPlace{day.Day, day.Type}, false
	}
	return out.end(""), nil
}

// before reports whether a type is another or comes before it in the order of the
// dictionary.
func before(typ, other string) bool {
	return slices.Index(recordTypes, typ) <= slices.Index(recordTypes, other)
}
