package pages

import (
	"net/http"

	"garner/garmin"
	"garner/query"
	"garner/ui"
)

// inboxRows is how many deliveries the list shows at once.
const inboxRows = 50

func (s *Site) inboxPage(r *http.Request) (answer, error) {
	p, err := s.base(r, "Inbox", ui.NavInbox)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	filter := query.InboxFilter{State: query.DeliveryState(q.Get("state")), Type: q.Get("type"), Before: before(q),
		Limit: inboxRows}
	in, err := s.reader(r, p.Now).Deliveries(r.Context(), filter)
	if err != nil {
		return answer{}, err
	}
	types := map[string]string{}
	for _, t := range garmin.Types {
		types[t.Key] = t.Title
	}
	v := ui.NewInbox(in, filter, types, s.KeepOrphans)
	return answer{view: ui.Inbox(p, v), secret: v.Empty != nil}, nil
}

// retriedAtOnce is how many deliveries one transaction requeues.
const retriedAtOnce = 200

// inboxAgain processes again what is parked for the same reason.
func (s *Site) inboxAgain(r *http.Request) (answer, error) {
	typ, reason := r.PostFormValue("type"), r.PostFormValue("reason")
	if reason == "" {
		return answer{}, badRequest("The form does not say which deliveries to process again.")
	}
	ids, err := s.store.ParkedIDs(r.Context(), typ, reason)
	if err != nil {
		return answer{}, err
	}
	for len(ids) > 0 {
		n := min(len(ids), retriedAtOnce)
		if _, err := s.store.Requeue(r.Context(), false, ids[:n]...); err != nil {
			return answer{}, err
		}
		ids = ids[n:]
	}
	return redirect("/inbox")
}
