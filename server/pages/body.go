package pages

import (
	"net/http"
	"time"

	"garner/db"
	"garner/ui"
)

// body shows how the body of a person changes.
func (s *Site) body(r *http.Request) (answer, error) {
	o, err := s.overDays(r, "Body", ui.NavBody)
	if err != nil {
		return answer{}, err
	}
	goal, err := o.q.WeightGoal(r.Context(), o.person.ID, o.window.To)
	if err != nil {
		return answer{}, err
	}
	v := ui.BodyView{Units: o.page.UnitsOf(o.person.Units), Private: o.q.ReadsPrivate(o.person.ID) == nil}
	if v.TrendsView, err = o.view(r, ui.BodyPage(goal.Value)); err != nil {
		return answer{}, err
	}
	if v.Pressures, err = o.q.Pressures(r.Context(), o.person.ID, o.window.From, o.window.To); err != nil {
		return answer{}, err
	}
	return render(ui.Body(o.page, v))
}

// womensHealth shows the cycles of a person to themselves, once they have switched it on.
func (s *Site) womensHealth(r *http.Request) (answer, error) {
	p, err := s.base(r, "Women’s health", ui.NavCycle)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	if err := q.ReadsPrivate(person.ID); err != nil {
		return answer{}, err
	}
	v := ui.CycleView{Person: link(person), On: person.WomensHealth}
	if v.On {
		if v.Cycles, err = q.Cycles(r.Context(), person.ID); err != nil {
			return answer{}, err
		}
	}
	return render(ui.WomensHealth(p, v))
}

// womensHealthSwitch switches it on or off; only the person themselves can.
func (s *Site) womensHealthSwitch(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	if err := s.reader(r, time.Now()).ReadsPrivate(person.ID); err != nil {
		return answer{}, err
	}
	if err := s.store.SetWomensHealth(r.Context(), person.ID, r.PostFormValue("on") == "1"); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionSettingsChanged, person.ID, "women’s health")
	return redirect("/p/" + person.Slug + "/womens-health")
}
