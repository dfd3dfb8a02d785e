package service

import (
	"net/http"
	"time"
)

// KeysPath is the page on which people make their keys for the Personal API, at Garmin's
// own path.
const KeysPath = "/app/settings/personalApiToken"

// keyRow is a person on the page of keys.
type keyRow struct {
	Index     int
	Name      string
	Key, Ends string // empty without a key
}

// showKeys lists the people with their keys, so that one can be pasted.
func (s *Service) showKeys(a *answer, _ *http.Request) {
	var rows []keyRow
	for _, p := range s.people {
		row := keyRow{Index: p.Index, Name: p.Name}
		if key, ends, ok := s.Key(p.Index); ok {
			row.Key, row.Ends = key, ends.UTC().Format(time.DateOnly)
		}
		rows = append(rows, row)
	}
	a.header.Set("Cache-Control", "no-store")
	a.page("keys", rows)
}

// changeKey makes or deletes a person's key.
func (s *Service) changeKey(a *answer, r *http.Request) {
	person, known := s.personIn(r)
	switch change := r.FormValue("change"); {
	case known && change == "make":
		s.MakeKey(person, s.cfg.Now().Add(keyLife))
	case known && change == "delete":
		s.DeleteKey(person)
	default:
		a.status = http.StatusBadRequest
		a.page("refused", "the person or the change is unknown")
		return
	}
	a.redirect(KeysPath)
}
