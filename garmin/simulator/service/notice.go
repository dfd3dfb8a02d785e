package service

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"garner/garmin/simulator"
)

// ForgedDeregistration is a notice that a stranger could send: the person is
// still connected.
func (s *Service) ForgedDeregistration(person int) simulator.Delivery {
	return s.stamp(s.world.Deregistration(person, s.cfg.Now()))
}

// ForgedPermissions is a notice that a stranger could send: what the person
// grants has not changed.
func (s *Service) ForgedPermissions(person int, permissions ...string) simulator.Delivery {
	return s.permissionsNotice(person, s.cfg.Now(), permissions)
}

func (s *Service) permissionsNotice(person int, at time.Time, granted []string) simulator.Delivery {
	id := s.people[person].UserID
	return s.delivery(person, permissionsKey, at, map[string]any{
		"userId":              id,
		"summaryId":           fmt.Sprintf("x%s-%x", id[:7], at.Unix()),
		"permissions":         append([]string{}, granted...), // never null
		"changeTimeInSeconds": at.Unix(),
	})
}

// delivery makes a body of elements of one type.
func (s *Service) delivery(person int, kind string, at time.Time, elements ...any) simulator.Delivery {
	return simulator.Delivery{
		At:   at.UTC(),
		Type: kind,
		Header: http.Header{
			"Content-Type":     {"application/json;charset=UTF-8"},
			"User-Agent":       {"Garmin Health API"},
			"Garmin-Client-Id": {s.cfg.ClientID},
		},
		Body:   mustJSON(map[string]any{kind: elements}),
		Person: person,
	}
}

// mustJSON writes a value that was made here and cannot fail.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("service: " + err.Error())
	}
	return b
}
