package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/history"
	"garner/query"
	"garner/ui"
)

// askableDays are the days that a form may name.
type askableDays struct{ oldest, today health.Day }

func (s *Site) daysOf(r *http.Request, q *query.Reader, person *db.Person) (askableDays, error) {
	zone, err := q.Zone(r.Context(), person.ID)
	if err != nil {
		return askableDays{}, err
	}
	_, offset := q.Now.In(zone).Zone()
	today := health.DayOf(q.Now.Unix(), int32(offset))
	return askableDays{history.Oldest(today), today}, nil
}

// suggested is the newest month that Garmin does not send by itself.
func (d askableDays) suggested() (from, to string) {
	last := d.today - history.RetryDays - 1
	return (last - history.WindowDays + 1).String(), last.String()
}

// read reads a day. The fault is empty if it may be named.
func (d askableDays) read(text string) (day health.Day, fault string) {
	day, err := health.ParseDay(text)
	switch {
	case err != nil:
		return 0, "Give a day, such as " + (d.today - history.RetryDays - 1).String() + "."
	case day > d.today:
		return day, "This day is in the future."
	case day < d.oldest:
		return day, "Give a day of the last " + strconv.Itoa(history.MostYears) + " years."
	}
	return day, ""
}

// planOf reads a form and plans for it. If the form has a fault, plan is nil.
func (s *Site) planOf(r *http.Request, v *arrivals, person *db.Person, q url.Values) (plan *query.BackfillPlan,
	form ui.BackfillForm, err error) {
	days, err := s.daysOf(r, v.q, person)
	if err != nil {
		return nil, form, err
	}
	form = ui.BackfillForm{Action: "/p/" + person.Slug + "/backfill/plan", From: q.Get("from"), To: q.Get("to")}
	types, ok := backfillTypes(q["type"])
	if !ok {
		form.TypeError = "There is no such type."
	}
	var from, to health.Day
	from, form.FromError = days.read(form.From)
	to, form.ToError = days.read(form.To)
	if form.FromError+form.ToError == "" && to < from {
		form.ToError = "The range ends before it begins."
	}
	if form.Wrong() {
		return nil, form, nil
	}
	for _, t := range types {
		form.Chosen = append(form.Chosen, t.Key)
	}
	plan, err = v.q.PlanBackfill(r.Context(), person.ID, types, from, to)
	return plan, form, err
}

// backfillTypes are types by key, each once; none means all.
func backfillTypes(keys []string) (out []*garmin.Type, ok bool) {
	for _, key := range keys {
		t, known := garmin.Lookup(key)
		switch {
		case key == "":
			continue
		case !known || t.Key != key || t.Notice:
			return nil, false
		case !slices.Contains(out, t):
			out = append(out, t)
		}
	}
	return out, true
}
