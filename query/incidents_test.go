package query_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/query"
)

// t0 is the instant of these tests.
var t0 = time.Date(2026, 11, 23, 12, 0, 0, 0, time.Local)

// put writes incidents with their events at t0, and a notification for each that
// says when it is due.
func put(t *testing.T, store *db.Store, list ...alert.Change) {
	t.Helper()
	tell := func(c alert.Change) ([]db.Notification, error) {
		key := string(c.Incident.Kind) + c.Incident.Type
		return []db.Notification{{Key: key, Event: "opened", Channel: "mail", Destination: "ada@example.org", Subject: key,
			Created: t0, Due: t0.Add(time.Hour)}}, nil
	}
	if err := store.PutIncidents(t.Context(), t0, list, tell); err != nil {
		t.Fatal(err)
	}
}

func silent(person int64, typ string, closed time.Time) alert.Change {
	e := alert.Incident{Subject: alert.Subject{Kind: alert.PersonTypeStopped, Person: person, Type: typ},
		Since: t0.Add(-60 * time.Hour), Opened: t0, Closed: closed}
	return alert.Change{Incident: e, Events: []alert.Event{alert.Opened}}
}

func TestIncidentsCarryTheirTimelineAndWhatWasSent(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	ada, err := store.AddPerson(t.Context(), t0, "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	put(t, store, silent(ada.ID, "sleeps", time.Time{}), silent(ada.ID, "hrv", time.Time{}),
		silent(ada.ID, "dailies", t0), alert.Change{Incident: alert.Incident{Since: t0, Opened: t0,
			Subject: alert.Subject{Kind: alert.NothingArrives}}, Events: []alert.Event{alert.Opened}})
	if err := store.EndMessage(t.Context(), t0.Add(time.Minute), 1, db.Sent, "250 ok"); err != nil {
		t.Fatal(err)
	}
	q := query.Reader{Viewer: query.Operator(), Store: store, Now: t0}

	got, err := q.Incident(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	sent := query.Notification{ID: 1, Incident: 1, Channel: "mail", Destination: "ada@example.org",
		Subject: string(alert.PersonTypeStopped) + "sleeps", State: query.NotificationSent, Answer: "250 ok", Created: t0,
		Ended: t0.Add(time.Minute)}
	want := query.Incident{Incident: silent(ada.ID, "sleeps", time.Time{}).Incident,
		Person: &query.PersonRef{Name: "Ada", Slug: "ada"}, Type: &query.TypeRef{Key: "sleeps", Title: "Sleep"},
		Timeline:      []query.IncidentStep{{At: t0, Event: alert.Opened}, {At: t0.Add(time.Minute), Sent: &sent}},
		Notifications: []query.Notification{sent}}
	want.ID = 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	open, total, err := q.OpenIncidents(t.Context(), 2)
	if err != nil || total != 3 || len(open) != 2 || open[0].Kind != alert.NothingArrives || !open[1].Open() {
		t.Errorf("open: %d of %d, %+v, %v", len(open), total, open, err)
	}
	for _, e := range open {
		if len(e.Timeline) == 0 || len(e.Notifications) != 1 || e.Notifications[0].Incident != e.ID {
			t.Errorf("incident %d has %+v and %+v", e.ID, e.Timeline, e.Notifications)
		}
	}
	past, older, err := q.PastIncidents(t.Context(), 0, 5)
	if err != nil || older != 0 || len(past) != 1 || past[0].ID != 3 || past[0].Open() {
		t.Errorf("past: %+v, older %d, %v", past, older, err)
	}
	stranger := query.Reader{Store: store, Now: t0}
	if _, err := stranger.Incident(t.Context(), 1); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a viewer of no one reads an incident: %v", err)
	}
	if list, n, err := stranger.OpenIncidents(t.Context(), 9); err != nil || n+len(list) != 0 {
		t.Errorf("a viewer of no one sees %d open incidents, %v", n, err)
	}
}

func TestPagesOfPastIncidentsFollowOneAnotherWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	for range 6 {
		put(t, store, silent(0, "sleeps", t0))
	}
	q := query.Reader{Viewer: query.Operator(), Store: store, Now: t0}
	var ids []int64
	var pages int
	for before := int64(0); pages == 0 || before > 0; pages++ {
		list, older, err := q.PastIncidents(t.Context(), before, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		before = older
	}
	if want := []int64{6, 5, 4, 3, 2, 1}; pages != 2 || !reflect.DeepEqual(ids, want) {
		t.Errorf("%d pages, %v", pages, ids)
	}
}

func TestAChannelFailsOnlyUntilItSucceedsAgain(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	q := query.Reader{Viewer: query.Operator(), Store: store, Now: t0}
	test := func(key string, at time.Time, ok bool, answer string) {
		t.Helper()
		m := db.Notification{Key: key, Event: "test", Channel: "mail", Destination: "a@example.org", Created: at, Due: at}
		if err := store.PutTested(t.Context(), at, m, ok, answer); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want map[string]query.Channel) {
		t.Helper()
		if got, err := q.Channels(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
		}
	}
	is(map[string]query.Channel{})
	test("k1", t0, false, "535 no")
	is(map[string]query.Channel{"mail": {Failed: t0, Failure: "535 no"}})
	put(t, store, silent(0, "sleeps", time.Time{}))
	test("k2", t0.Add(time.Minute), true, "250 ok")
	is(map[string]query.Channel{"mail": {Succeeded: t0.Add(time.Minute), Answer: "250 ok", Waiting: 1}})
	if err := store.SetSignal(t.Context(), "heartbeat", db.Signal{At: t0, Value: 0, Detail: "timeout"}); err != nil {
		t.Fatal(err)
	}
	is(map[string]query.Channel{"mail": {Succeeded: t0.Add(time.Minute), Answer: "250 ok", Waiting: 1},
		"heartbeat": {Failed: t0, Failure: "timeout"}})
}

func TestOnlyAdminsSeeToWhomNotificationsOfOthersWent(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	ada, err := store.AddPerson(t.Context(), t0, "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	tell := func(alert.Change) ([]db.Notification, error) {
		return []db.Notification{{Key: "1", Channel: "mail", Destination: "admin@example.org"},
			{Key: "2", Channel: "mail", Destination: "ada@example.org", Person: ada.ID}}, nil
	}
	if err := store.PutIncidents(t.Context(), t0, []alert.Change{silent(ada.ID, "sleeps", time.Time{})}, tell); err != nil {
		t.Fatal(err)
	}
	for id := range int64(2) {
		if err := store.EndMessage(t.Context(), t0, id+1, db.Sent, "250 ok"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		viewer query.Viewer
		want   []string
	}{
		{query.Operator(), []string{"admin@example.org", "ada@example.org"}},
		{query.Account(true, 0), []string{"admin@example.org", "ada@example.org"}},
		{query.Account(false, ada.ID), []string{"", "ada@example.org"}},
		{query.Account(false, ada.ID+1, ada.ID), []string{"", ""}},
		{query.Account(false, 0, ada.ID), []string{"", ""}},
	} {
		q := query.Reader{Viewer: c.viewer, Store: store, Now: t0}
		e, err := q.Incident(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		var list, steps []string
		for _, n := range e.Notifications {
			list = append(list, n.Destination)
			if (n.Answer == "") != (n.Destination == "") {
				t.Errorf("%+v sees %q of %q", c.viewer, n.Answer, n.Destination)
			}
		}
		for _, s := range e.Timeline {
			if s.Sent != nil {
				steps = append(steps, s.Sent.Destination)
			}
		}
		if !reflect.DeepEqual(list, c.want) || !reflect.DeepEqual(steps, c.want) {
			t.Errorf("%+v sees %q and %q, want %q", c.viewer, list, steps, c.want)
		}
	}
}
