package personal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
	"garner/health"
)

// Revision numbers the translation of answers into elements. It is part of the version
// order: count it up when the same answer becomes other elements, so that a replay
// replaces what the older translation made.
const Revision = 1

// ErrUnknownEndpoint means that an answer is of an endpoint that is not known.
var ErrUnknownEndpoint = errors.New("is of an endpoint that is not known")

// limits of one answer: a list of fifty activities and a week of Body Battery take a few
// megabytes as a tree.
var limits = element.Limits{Depth: 48, Bytes: 32 << 20}

const (
	// mostDays is how many days Days of an Answer has at most.
	mostDays = 400
	// mostElements is how many elements an answer may become: a month of weighings is some
	// hundreds.
	mostElements = 5000
)

// errElsewhere means that an answer is about other days than were asked for.
var errElsewhere = errors.New("is about days that were not asked for")

// errTooMany means that an answer becomes more elements than any that Garmin has.
var errTooMany = fmt.Errorf("has more than %d elements", mostElements)

// Read reads an answer; raw may be empty. An error says why it is not readable: it is no
// JSON, or not of the endpoint's form.
func Read(head Head, raw []byte) (Answer, error) {
	decode, known := decoders[head.Endpoint]
	if !known {
		return Answer{}, ErrUnknownEndpoint
	}
	a := newAnswer(head, raw)
	if len(bytes.TrimSpace(raw)) == 0 {
		return a.done(), nil
	}
	if head.Endpoint != FileKey {
		root, err := readJSON(raw)
		if err != nil {
			return Answer{}, err
		}
		if a.root = root; root.Kind() == element.Null {
			return a.done(), nil
		}
	}
	if err := decode(a); err != nil {
		return Answer{}, err
	}
	switch {
	case a.added > mostElements:
		return Answer{}, errTooMany
	case a.out.Elsewhere > 0 && a.out.Outcome == Nothing:
		return Answer{}, errElsewhere
	}
	return a.done(), nil
}

func readJSON(raw []byte) (element.Value, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	root, err := element.Read(dec, limits)
	switch {
	case errors.Is(err, element.ErrLimit):
		return element.Value{}, err
	case err != nil:
		return element.Value{}, errors.New("is not JSON")
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return element.Value{}, errors.New("is more than one JSON value")
	}
	return root, nil
}

// answer is an answer while it is read.
type answer struct {
	Head
	raw  []byte
	root element.Value
	out  Answer
	// keys are those of the elements so far, in their order, and lists the elements.
	keys  []string
	lists map[string][]byte
	added int            // elements
	clock *time.Location // of the person, nil if it is not known
}

func newAnswer(head Head, raw []byte) *answer {
	a := &answer{Head: head, raw: raw, lists: map[string][]byte{}, clock: location(head.Zone)}
	a.out.Outcome = Nothing
	if head.From != 0 {
		a.out.Days = map[health.Day]Outcome{}
		for day := head.From; day <= head.To && day-head.From < mostDays; day++ {
			a.out.Days[day] = Nothing
		}
	}
	return a
}

// found notes what the answer has for a day; the most of several counts. A day that was
// not asked for counts for the answer as a whole only.
func (a *answer) found(day health.Day, o Outcome) {
	a.out.Outcome = max(a.out.Outcome, o)
	if had, asked := a.out.Days[day]; asked {
		a.out.Days[day] = max(had, o)
	}
}

// elsewhere reports whether a day was not asked for. What an answer says of it is not
// taken: it would replace what another call brought, and no call would ask for it again.
func (a *answer) elsewhere(day health.Day) bool {
	if a.asked(day) {
		return false
	}
	a.out.Elsewhere++
	return true
}

// asked reports whether a day is one of those that were asked for, if any were.
func (a *answer) asked(day health.Day) bool { return a.From == 0 || day >= a.From && day <= a.To }

// add adds an element of a type, while there are not too many.
func (a *answer) add(key string, e *object) {
	if a.added++; a.added > mostElements {
		return
	}
	list, again := a.lists[key]
	if again {
		list = append(list, ',')
	} else {
		a.keys = append(a.keys, key)
	}
	a.lists[key] = append(list, e.json()...)
}

// done is the answer with all elements in one callback.
func (a *answer) done() Answer {
	for i, key := range a.keys {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		b := element.AppendQuoted(append(a.out.Callback, separator), key)
		b = append(append(b, ':', '['), a.lists[key]...)
		a.out.Callback = append(b, ']')
	}
	if len(a.keys) > 0 {
		a.out.Callback = append(a.out.Callback, '}')
	}
	return a.out
}

// object is the answer's one object, or an error.
func (a *answer) object() (element.Value, error) {
	if a.root.Kind() != element.Object {
		return element.Value{}, errors.New("is not an object")
	}
	return a.root, nil
}

// rows are the objects of a list: the answer itself, or its member of one of the names.
// An answer that is one row, of a date, is that row. An error means that there is no
// list.
func (a *answer) rows(names ...string) ([]element.Value, error) {
	list := a.root
	if list.Kind() == element.Object {
		at := slices.IndexFunc(names, func(name string) bool { return a.root.Get(name).Kind() != element.Absent })
		switch {
		case at >= 0:
			list = a.root.Get(names[at])
		case a.root.Get("calendarDate").Kind() == element.String:
			return []element.Value{a.root}, nil
		case a.root.Len() == 0:
			return nil, nil
		}
	}
	switch list.Kind() {
	case element.Null:
		return nil, nil
	case element.Array:
	default:
		return nil, fmt.Errorf("has no list of %s", a.Endpoint)
	}
	if list.Len() > mostElements {
		return nil, errTooMany
	}
	var out []element.Value
	for row := range list.Items() {
		if row.Kind() == element.Object {
			out = append(out, row)
		}
	}
	return out, nil
}
