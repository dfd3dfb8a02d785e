package api

import (
	"encoding/json"
	"strconv"

	"garner/garmin/element"
	"garner/query"
)

// changePlace is the place in the changes from which to read on.
type changePlace struct {
	Epoch  int64 `json:"e"`
	After  int64 `json:"a"`
	People int64 `json:"p,omitempty"`
}

func changePlaceOf(c query.ChangeCursor) changePlace { return changePlace{c.Epoch, c.After, c.People} }

func (p changePlace) cursor() (c query.ChangeCursor) {
	c.Epoch, c.After, c.People = p.Epoch, p.After, p.People
	return c
}

// changes lists the days that changed since a cursor, each with all that it has now. A
// page ends early where it gets large, never before its first item.
func (r *request) changes() (any, error) {
	limit, err := r.limit(usualLimit, mostLimit)
	if err != nil {
		return nil, err
	}
	var at changePlace
	if _, err := r.after(&at); err != nil {
		return nil, err
	}
	list, next, err := r.query.Changes(r.Context(), at.cursor(), limit)
	if err != nil {
		return nil, err
	}
	out := newPage()
	for _, c := range list {
		if out.full(limit) {
			return r.endChanges(out, c.Before(next))
		}
		out.item()
		if out.b, err = r.appendChange(out.b, c); err != nil {
			return nil, err
		}
	}
	return r.endChanges(out, next)
}

func (r *request) endChanges(out *page, next query.ChangeCursor) (json.RawMessage, error) {
	text, err := r.next(changePlaceOf(next))
	return out.end(text), err
}

// appendChange appends a changed day with all that it has now.
func (r *request) appendChange(b []byte, c query.Change) ([]byte, error) {
	b = strconv.AppendInt(append(b, `{"person_id":`...), c.Person, 10)
	if c.Erased {
		return append(b, `,"erased":true}`...), nil
	}
	b = element.AppendQuoted(append(b, `,"person":`...), c.Slug)
	b = element.AppendQuoted(append(b, `,"date":`...), c.Day.String())
	fill := r.appendDay
	if c.Type == "" {
		fill = r.appendDayMetrics
	}
	b, whole, err := fill(b, c)
	if err == nil && !whole {
		b = append(b, `,"damaged":true`...)
	}
	return append(b, '}'), err
}

// appendDay appends the records of a type and day, and reports whether all could be read.
func (r *request) appendDay(b []byte, c query.Change) (out []byte, whole bool, err error) {
	b, whole = element.AppendQuoted(append(b, `,"type":`...), c.Type), true
	b = append(b, `,"records":[`...)
	n := 0
	for rec, err := range r.query.Records(r.Context(), c.Person, c.Type, c.Day, c.Day, true) {
		switch {
		case query.Damaged(err):
			whole = false
			continue
		case err != nil:
			return b, false, err
		}
		if n++; n > 1 {
			b = append(b, ',')
		}
		if b, err = appendRecord(b, rec, include{sent: true}); err != nil {
			return b, false, err
		}
	}
	return append(b, ']'), whole, nil
}

// appendDayMetrics appends the metrics of a day, and reports whether they could be read.
func (r *request) appendDayMetrics(b []byte, c query.Change) (out []byte, whole bool, err error) {
	values, err := r.query.MetricsOn(r.Context(), c.Person, c.Day)
	if err != nil && !query.Damaged(err) {
		return b, false, err
	}
	return appendMetrics(append(b, `,"metrics":`...), values, nil), err == nil, nil
}
