package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/ui"
)

// inboxPage is how many deliveries the list shows at once.
const inboxRows = 50

func (s *Site) inboxPage(r *http.Request) (answer, error) {
	p, err := s.base(r, "Inbox", ui.NavInbox)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64) // anything else is the newest
	v := ui.InboxView{State: ui.State(q.Get("state")), Type: q.Get("type")}
	if err := s.inboxHead(r, &v); err != nil {
		return answer{}, err
	}
	list, err := s.store.Deliveries(r.Context(), db.DeliveryFilter{Filter: string(v.State), Type: v.Type, Before: before,
		Limit: inboxRows + 1})
	if err != nil {
		return answer{}, err
	}
	if before > 0 {
		v.Newest = inboxURL(v, 0)
	}
	if len(list) > inboxRows {
		list = list[:inboxRows]
		v.Older = inboxURL(v, list[inboxRows-1].ID)
	}
	for _, st := range list {
		v.Rows = append(v.Rows, deliveryRow(st))
	}
	if len(list) == 0 {
		v.Empty = emptyInbox(v, s.CallbackURL)
	}
	for _, t := range garmin.Types {
		v.Types = append(v.Types, t.Key)
	}
	return answer{view: ui.Inbox(p, v), secret: v.Empty != nil}, nil
}

func inboxURL(v ui.InboxView, before int64) string {
	q := url.Values{}
	if v.State != "" {
		q.Set("state", string(v.State))
	}
	if v.Type != "" {
		q.Set("type", v.Type)
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

// inboxHead fills what stands over the list: the sentence, the tabs, like
// failures and unknown people.
func (s *Site) inboxHead(r *http.Request, v *ui.InboxView) error {
	now := time.Now()
	c, err := s.store.Counts(r.Context(), s.inbox, now)
	if err != nil {
		return err
	}
	aside, err := s.store.CountAside(r.Context())
	if err != nil {
		return err
	}
	v.Sentence, v.Status = inboxSentence(c)
	v.Tabs = []ui.StateTab{{State: ui.Waiting, Count: int(c.Waiting)}, {State: ui.Done, Count: int(c.Done)},
		{State: ui.Parked, Count: int(c.Parked)},
		{State: ui.Orphaned, Count: int(c.Orphaned)}, {State: ui.Fetching, Count: int(c.Fetching)},
		{State: ui.Quarantined, Count: int(c.Quarantined)},
		{State: ui.Aside, Count: int(aside)}}
	groups, err := s.store.ParkedGroups(r.Context())
	if err != nil {
		return err
	}
	for _, g := range groups {
		v.Groups = append(v.Groups, ui.FailureGroup{Key: g.Type + groupSeparator + g.Reason, Reason: g.Reason, Type: g.Type,
			Count: g.Count, First: g.FirstSeen, Last: g.LastSeen})
	}
	unknown, err := s.store.Unknowns(r.Context())
	if err != nil {
		return err
	}
	for _, u := range unknown {
		v.Unknown = append(v.Unknown, ui.UnknownPerson{GarminUserID: u.UserID, Elements: u.Count, First: u.FirstSeen,
			Until: u.FirstSeen.Add(s.KeepOrphans), Form: ui.PersonForm{GarminUserID: u.UserID}})
	}
	return nil
}

func inboxSentence(c db.Counts) (string, ui.Status) {
	waiting := "Nothing waits."
	if c.Waiting > 0 {
		waiting = ui.Plural(int(c.Waiting), "message waits", "messages wait") + ", the oldest for " +
			ui.Duration(time.Duration(c.OldestWaiting)*time.Second) + "."
	}
	switch {
	case c.Parked > 0:
		return waiting + " " + ui.Plural(int(c.Parked), "delivery could not be processed; it is kept.",
			"deliveries could not be processed; they are kept."), ui.Late
	case c.Quarantined > 0:
		return waiting + " " + ui.Plural(int(c.Quarantined), "message came with a wrong client id.",
			"messages came with a wrong client id."), ui.Late
	case c.Waiting > 0:
		return waiting, ui.Running
	}
	return waiting + " Everything that arrived was processed.", ui.OK
}

func emptyInbox(v ui.InboxView, callback string) *ui.Empty {
	if v.State != "" || v.Type != "" {
		return &ui.Empty{What: "Deliveries in this state or of this type.", Why: "There are none at the moment.",
			Next: &ui.Link{Text: "Show all", URL: "/inbox"}}
	}
	return &ui.Empty{What: "Every message that Garmin sends, with its story.",
		Why:  "Nothing was received yet. Garmin sends to " + callback + "/…",
		Next: &ui.Link{Text: "How to set Garmin up", URL: "/help"}, When: "A few minutes after the next watch sync."}
}

func deliveryRow(st db.Status) ui.DeliveryRow {
	return ui.DeliveryRow{ID: st.ID, Received: st.Received, Type: st.Type, State: stateOf(st), Elements: st.Elements,
		Bytes: st.Size, Reason: st.Reason}
}

// stateOf is the word for a delivery: the worst of what its elements are.
func stateOf(st db.Status) ui.State {
	switch {
	case st.State == db.Waiting:
		return ui.Waiting
	case st.State == db.Quarantined:
		return ui.Quarantined
	case st.SetAside:
		return ui.Aside
	case st.Worst == db.Parked:
		return ui.Parked
	case st.Worst == db.Orphaned:
		return ui.Orphaned
	case st.Worst == db.Fetching:
		return ui.Fetching
	}
	return ui.Done
}

// groupSeparator joins type and reason of like failures into one form value.
const groupSeparator = "|"

// inboxAgain tries all like failures again.
func (s *Site) inboxAgain(r *http.Request) (answer, error) {
	typ, reason, ok := strings.Cut(r.PostFormValue("group"), groupSeparator)
	if !ok {
		return answer{}, badRequest("Which messages to try again was not said.")
	}
	ids, err := s.store.ParkedIDs(r.Context(), typ, reason)
	if err != nil {
		return answer{}, err
	}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		if _, err := s.store.Requeue(r.Context(), false, ids[:n]...); err != nil {
			return answer{}, err
		}
		ids = ids[n:]
	}
	return redirect("/inbox")
}

// asStatus reads the delivery's status; one that was never claimed is waiting.
func (s *Site) asStatus(r *http.Request, d *db.Delivery) (db.Status, error) {
	st, err := s.store.Status(r.Context(), d.ID)
	if errors.Is(err, db.ErrNotFound) {
		return db.Status{ID: d.ID, State: db.Waiting, Received: d.Received, Size: d.Size, Type: d.Path}, nil
	}
	return st, err
}
