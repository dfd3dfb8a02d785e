package simulator

import (
	"net/http"
	"time"
)

// ClientID is the garmin-client-id of simulated deliveries, unless a Pusher
// has another.
const ClientID = "5eed0000-simu-lated-0000-garmin000000"

// Delivery is one body as Garmin would push it.
type Delivery struct {
	// At is when Garmin would push it.
	At time.Time
	// Type is the callback key and the path hint.
	Type   string
	Header http.Header
	Body   []byte
	// Person is the index of the person, -1 where the body holds several.
	Person int
	// people are all persons inside.
	people []int
}

func (w *World) deliver(kind string, person int, at int64, body []byte) Delivery {
	return Delivery{
		At:   time.Unix(at, 0).UTC(),
		Type: kind,
		Header: http.Header{
			"Content-Type":     {"application/json;charset=UTF-8"},
			"User-Agent":       {"Garmin Health API"},
			"Garmin-Client-Id": {ClientID},
		},
		Body:   body,
		Person: person,
		people: []int{person},
	}
}

// merge makes one delivery of several of one type, at the time of the last.
func merge(parts []Delivery) Delivery {
	d := parts[len(parts)-1]
	bodies := make([][]byte, 0, len(parts))
	d.people = nil
	for _, part := range parts {
		bodies = append(bodies, part.Body)
		d.people = append(d.people, part.people...)
		if part.Person != d.Person {
			d.Person = -1
		}
	}
	d.Body = join(d.Type, bodies)
	return d
}
