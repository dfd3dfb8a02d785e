package pages

import (
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/health/history"
	"garner/query"
	"garner/ui"
)

const (
	// backfillPeople is how many people the page of all shows at once.
	backfillPeople = 100
	// backfillLines is how many requests the report of a person shows at once.
	backfillLines = 50
)

// backfill is GET /backfill: how far the history of people is. A member with a person
// of their own is led to that one.
func (s *Site) backfill(r *http.Request) (answer, error) {
	v, err := s.look(r, "Backfill", ui.NavBackfill)
	if err != nil {
		return answer{}, err
	}
	people, err := v.q.People(r.Context())
	if err != nil {
		return answer{}, err
	}
	if own := viewer(r).Own(); own != 0 && !v.p.Operates {
		return redirect("/p/" + v.names.People[own].Slug + "/backfill")
	}
	from := min(max(number(r.URL.Query(), "from"), 0), len(people))
	list, err := v.q.BackfillPeople(r.Context(), people[from:min(from+backfillPeople, len(people))])
	if err != nil {
		return answer{}, err
	}
	out := v.names.BackfillPeople(list, len(people))
	out.Prev, out.Next = around("/backfill", r.URL.Query(), from, backfillPeople, len(people))
	return render(ui.BackfillPeople(v.p, out))
}

// lookAtHistory begins a page about the history of the person in the address.
func (s *Site) lookAtHistory(r *http.Request) (arrivals, *db.Person, *query.Backfill, error) {
	v, person, err := s.lookAt(r)
	if err != nil {
		return v, nil, nil, err
	}
	v.p.Active, v.p.Title = ui.NavBackfill, "Backfill of "+person.Name
	b, err := v.q.Backfill(r.Context(), person.ID)
	return v, person, b, err
}

// personBackfill is GET /p/{slug}/backfill?year=&type=&from=.
func (s *Site) personBackfill(r *http.Request) (answer, error) {
	v, person, b, err := s.lookAtHistory(r)
	if err != nil {
		return answer{}, err
	}
	year, err := within(r, "year", 1, 9999)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	choice := ui.BackfillChoice{Year: year, Type: q.Get("type"), From: number(q, "from"), Rows: backfillLines}
	out := v.names.Backfill(link(person), b, choice)
	out.Notice = said(r, "flash")
	q.Del("flash")
	out.Report.Prev, out.Report.Next = around(r.URL.Path, q, choice.From, choice.Rows, out.Report.Total)
	if v.p.Changes {
		if out.Form = v.names.BackfillForm(link(person), b); out.Form != nil {
			days, err := s.daysOf(r, v.q, person)
			if err != nil {
				return answer{}, err
			}
			out.Form.From, out.Form.To = days.suggested()
		}
	}
	return render(ui.Backfill(v.p, out))
}

// personBackfillPlan is GET /p/{slug}/backfill/plan?type=&from=&to=: what would be
// asked for.
func (s *Site) personBackfillPlan(r *http.Request) (answer, error) {
	v, person, b, err := s.lookAtHistory(r)
	if err != nil {
		return answer{}, err
	}
	plan, form, err := s.planOf(r, &v, person, r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	return s.backfillPlanPage(&v, person, b, plan, form)
}

// backfillPlanPage shows a plan, or the form alone if it has a fault.
func (s *Site) backfillPlanPage(v *arrivals, person *db.Person, b *query.Backfill, plan *query.BackfillPlan,
	form ui.BackfillForm) (answer, error) {
	if offered := v.names.BackfillForm(link(person), b); offered != nil {
		form.Types = offered.Types
	}
	cannot := ui.CannotAsk(person.Name, b)
	if form.Wrong() {
		out := ui.BackfillPlanView{Person: link(person), Status: ui.NoData, Sentence: "Choose days to ask for.", Form: form,
			Cannot: cannot}
		return answer{view: ui.BackfillPlan(v.p, out), status: http.StatusBadRequest}, nil
	}
	out := v.names.BackfillPlan(link(person), form, plan)
	out.Cannot = cannot
	return render(ui.BackfillPlan(v.p, out))
}

// personBackfillAsk is POST /p/{slug}/backfill/plan: it plans what can be asked for
// now.
func (s *Site) personBackfillAsk(r *http.Request) (answer, error) {
	v, person, b, err := s.lookAtHistory(r)
	if err != nil {
		return answer{}, err
	}
	plan, form, err := s.planOf(r, &v, person, r.PostForm)
	if err != nil {
		return answer{}, err
	}
	if form.Wrong() {
		return s.backfillPlanPage(&v, person, b, plan, form)
	}
	added, err := s.store.PlanWindows(r.Context(), v.p.Now, plan.Windows(db.ByHand))
	if err != nil {
		return answer{}, err
	}
	to := "/p/" + person.Slug + "/backfill"
	if added == 0 {
		return flash(r, to, "Nothing was planned: none of these days can be asked for any more.")
	}
	requests := ui.Plural(added, "request", "requests")
	s.audit(r, db.ActionHistoryAsked, person.ID, requests+", "+form.From+" to "+form.To)
	return flash(r, to, requests+" planned. Garner asks the newest days first.")
}

// personBackfillCancel cancels what was planned and not asked for yet.
func (s *Site) personBackfillCancel(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	now := time.Now()
	b, err := s.reader(r, now).Backfill(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	to, planned := "/p/"+person.Slug+"/backfill", b.Counts[history.WindowPlanned]+b.Counts[history.WindowRateLimited]
	if planned == 0 {
		return flash(r, to, "Nothing is planned any more.")
	}
	if err := s.store.CancelWindows(r.Context(), now, b.Connection); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionHistoryCanceled, person.ID, strconv.Itoa(planned))
	return flash(r, to, "What was planned is canceled.")
}
