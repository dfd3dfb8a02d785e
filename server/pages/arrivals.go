package pages

import (
	"context"
	"net/http"
	"time"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// Watcher is what the server shows and asks of the watch over silence.
type Watcher interface {
	query.Watch
	// Stalled says why the watch cannot be trusted; nil while it can.
	Stalled(now time.Time) error
	// Held reports whether past data is still being loaded, so that nothing is
	// evaluated.
	Held() bool
	// Test sends a notice by mail, ntfy or webhook at once, and gives the
	// other side's own answer.
	Test(ctx context.Context, way string) (string, error)
	// Invite mails the link of an invitation at once, and keeps nothing of it.
	Invite(ctx context.Context, to, name, link string, until time.Time) error
}

// arrivals is what a page about how data arrive is made of.
type arrivals struct {
	p     ui.Page
	q     *query.Reader
	home  *query.Household
	names *ui.Names
}

// look begins a page about how data arrive.
func (s *Site) look(r *http.Request, title string, nav ui.Nav) (v arrivals, err error) {
	if v.p, err = s.base(r, title, nav); err != nil {
		return v, err
	}
	v.q = s.reader(r, v.p.Now)
	if v.home, err = v.q.Household(r.Context()); err != nil {
		return v, err
	}
	names, err := v.q.Names(r.Context())
	if err != nil {
		return v, err
	}
	v.names = ui.NewNames(names, v.p)
	return v, nil
}

// lookAt begins a page about how one person's data arrive.
func (s *Site) lookAt(r *http.Request) (arrivals, *db.Person, error) {
	v, err := s.look(r, "Sync", ui.NavSync)
	if err != nil {
		return v, nil, err
	}
	person, err := s.of(r, &v.p)
	if err != nil {
		return v, nil, err
	}
	v.p.Title = "Sync of " + person.Name
	return v, person, nil
}
