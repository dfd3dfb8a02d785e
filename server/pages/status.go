package pages

import (
	"context"
	"net/http"
	"time"

	"garner/health/alert"
	"garner/query"
	"garner/ui"
)

// Watcher is what the server needs from the watch over silence.
type Watcher interface {
	query.Watch
	// Stalled returns why the watch cannot be trusted, or nil.
	Stalled(now time.Time) error
	// Test sends a notification by mail, ntfy or webhook at once, and returns the
	// server's own answer.
	Test(ctx context.Context, way string) (string, error)
}

// errUnwatched is shown on pages that need the watch if there is none.
var errUnwatched = &statusError{http.StatusServiceUnavailable,
	"Alerts are not available: the database of records cannot be used."}

// statusPage is the data of a page about the watch.
type statusPage struct {
	ui.Names
	p     ui.Page
	facts *alert.Facts
	found *alert.Findings
	home  *query.Household
	types map[string]ui.SyncType
}

// look starts a page that shows how data arrives.
func (s *Site) look(r *http.Request, title string, nav ui.Nav) (*statusPage, error) {
	p, err := s.base(r, title, nav)
	if err != nil {
		return nil, err
	}
	if s.Watch == nil {
		return nil, errUnwatched
	}
	q := s.reader(p.Now)
	home, err := q.Household(r.Context())
	if err != nil {
		return nil, err
	}
	people, err := q.People(r.Context())
	if err != nil {
		return nil, err
	}
	v := &statusPage{p: p, home: home, facts: home.Facts, found: home.Found, types: ui.TypeNames(home.Facts.Types)}
	v.Names = ui.Names{Now: p.Now, Types: v.types, People: make(map[int64]ui.PersonLink, len(people))}
	for _, person := range people {
		v.People[person.ID] = link(person)
	}
	return v, nil
}

func (v *statusPage) link(person int64) *ui.PersonLink {
	p, ok := v.People[person]
	if !ok {
		return nil
	}
	return &p
}

// has reports whether there is a condition of a kind.
func (v *statusPage) has(kind alert.Kind) bool { return v.home.Has(kind) }
