package pages

import (
	"net/http"

	"garner/export"
	"garner/health"
	"garner/ui"
)

// mostSnapshots is about how many a page of the list has.
const mostSnapshots = 50

// snapshots lists the health snapshots of a person.
func (s *Site) snapshots(r *http.Request) (answer, error) {
	p, err := s.base(r, "Health snapshots", ui.NavSnapshots)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	p.Title = "Health snapshots of " + person.Name
	to := export.OpenTo
	if text := r.URL.Query().Get("to"); text != "" {
		if to, err = health.ParseDay(text); err != nil {
			return answer{}, badRequest("To: " + err.Error())
		}
	}
	list, next, err := s.reader(r, p.Now).Snapshots(r.Context(), person.ID, to, mostSnapshots)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Snapshots(p, ui.NewSnapshots(link(person), p.UnitsOf(person.Units), list, next)))
}

// snapshot shows one.
func (s *Site) snapshot(r *http.Request) (answer, error) {
	p, err := s.base(r, "Health snapshot", ui.NavSnapshots)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	found, err := s.reader(r, p.Now).Snapshot(r.Context(), person.ID, pathID(r))
	if err != nil {
		return answer{}, err
	}
	p.Title = found.Start.Format("2 Jan 2006 ") + p.Time(found.Start) + " · " + person.Name
	return render(ui.Snapshot(p, ui.NewSnapshot(link(person), p.UnitsOf(person.Units), found)))
}
