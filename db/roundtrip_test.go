package db_test

import (
	"reflect"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
)

// none is no version.
func none(db.Job) []health.Version { return nil }

var noon = time.UnixMilli(1_700_000_000_000)

func must[T any](t *testing.T) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\ngot  %+v\nwant %+v", what, got, want)
	}
}

func TestPausesComeBackAsTheyWereSetAndEnd(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ada := must[*db.Person](t)(s.AddPerson(t.Context(), noon, "Ada", "", ""))
	all := db.Pause{From: noon, To: noon.Add(2 * time.Hour), Reason: "works"}
	hers := db.Pause{Person: ada.ID, Type: "keyed", From: noon.Add(time.Minute), To: noon.Add(time.Hour)}
	all.ID, hers.ID = must[int64](t)(s.PutPause(t.Context(), all)), must[int64](t)(s.PutPause(t.Context(), hers))
	if _, err := s.PutPause(t.Context(), db.Pause{Type: "unheard of", From: noon, To: noon}); err == nil {
		t.Error("a pause of an unknown type was set for all types")
	}
	pauses := func(after time.Time) []db.Pause { return must[[]db.Pause](t)(s.Pauses(t.Context(), after)) }
	same(t, "by their end", pauses(noon), []db.Pause{hers, all})
	same(t, "at the end of one", pauses(hers.To), []db.Pause{all})
	same(t, "those of no one", must[[]db.Pause](t)(s.PausesOf(t.Context(), nil)), []db.Pause{all})
	if err := s.EndPause(t.Context(), noon.Add(time.Second), hers.ID); err != nil { // has not begun
		t.Fatal(err)
	}
	if err := s.EndPause(t.Context(), noon.Add(time.Second), all.ID); err != nil {
		t.Fatal(err)
	}
	all.To = noon.Add(time.Second)
	same(t, "all that ever were", must[[]db.Pause](t)(s.PausesOf(t.Context(), []int64{ada.ID})), []db.Pause{all})
}

func TestARuleIsReplacedByTheNextOneOfTheSamePersonAndType(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ada := must[*db.Person](t)(s.AddPerson(t.Context(), noon, "Ada", "", ""))
	list := []db.Rule{{Limit: time.Hour}, {Type: "keyed", Limit: 2 * time.Hour}, {Person: ada.ID, Limit: 3 * time.Hour},
		{Person: ada.ID, Type: "keyed", Off: true}}
	rules := func() []db.Rule { return must[[]db.Rule](t)(s.AlertRules(t.Context())) }
	for range 2 { // again is not twice
		for i := range list {
			if err := s.PutRule(t.Context(), list[i]); err != nil {
				t.Fatal(err)
			}
		}
		got := rules()
		for i := range got {
			list[i].ID = got[i].ID
		}
		same(t, "rules", got, list)
	}
	if err := s.PutRule(t.Context(), db.Rule{Person: ada.ID, Type: "keyed"}); err != nil { // says nothing
		t.Fatal(err)
	}
	if err := s.DeleteRule(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	same(t, "what is left", rules(), list[1:3])
}

func TestIncidentsComeBackWithTheirEventsAndNotifications(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	ada := must[*db.Person](t)(s.AddPerson(t.Context(), noon, "Ada", "", ""))
	incident := alert.Incident{Subject: alert.Subject{Kind: alert.PersonTypeStopped, Person: ada.ID, Type: "keyed"},
		Since: noon.Add(-time.Hour), Opened: noon, Evidence: alert.Evidence{Limit: time.Hour, Silence: 2 * time.Hour},
		Notified: 1, NotifiedAt: noon, Reminders: 2, Reopened: 1}
	note := db.Notification{Key: "k1", Event: "opened", Channel: "mail", Destination: "ada@example.org", Person: ada.ID, Subject: "stopped",
		Body: []byte(`{"a":1}`), Created: noon, Due: noon.Add(time.Minute)}
	tell := func(c alert.Change) ([]db.Notification, error) { return []db.Notification{note}, nil }
	changes := []alert.Change{{Incident: incident, Events: []alert.Event{alert.Opened, alert.Reminded}}}
	if err := s.PutIncidents(t.Context(), noon, changes, tell); err != nil {
		t.Fatal(err)
	}
	id := changes[0].Incident.ID
	incident.ID, note.ID, note.Incident = id, 1, id
	same(t, "incident", must[alert.Incident](t)(s.Incident(t.Context(), id)), incident)
	same(t, "open", must[[]alert.Incident](t)(s.OpenIncidents(t.Context())), []alert.Incident{incident})
	same(t, "events", must[[]db.IncidentEvent](t)(s.IncidentEvents(t.Context(), id)),
		[]db.IncidentEvent{{Incident: id, At: noon, Event: alert.Opened}, {Incident: id, At: noon, Event: alert.Reminded}})
	same(t, "notifications", must[[]db.Notification](t)(s.NotificationsOf(t.Context(), id)), []db.Notification{note})

	twice := []alert.Change{{Incident: incident}} // it is open already
	twice[0].Incident.ID = 0
	if err := s.PutIncidents(t.Context(), noon, twice, tell); err == nil {
		t.Error("two incidents of one person and type are open")
	}
	incident.Closed, incident.Notified = noon.Add(time.Hour), 2
	over := []alert.Change{{Incident: incident, Events: []alert.Event{alert.Recovered}}}
	if err := s.PutIncidents(t.Context(), incident.Closed, over, nothing); err != nil {
		t.Fatal(err)
	}
	same(t, "past", must[[]alert.Incident](t)(s.PastIncidents(t.Context(), 0, 5, nil)), []alert.Incident{incident})
	same(t, "still open", must[int](t)(s.CountOpenIncidents(t.Context())), 0)
}

func nothing(alert.Change) ([]db.Notification, error) { return nil, nil }

func TestANotificationKeepsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	m := db.Notification{Key: "k1", Event: "summary", Channel: "ntfy", Destination: "d", Subject: "s", Body: []byte("{}"),
		Created: noon, Due: noon}
	if err := s.PutNotifications(t.Context(), []db.Notification{m}); err != nil {
		t.Fatal(err)
	}
	m.ID = 1
	unsent := func() []db.Notification { return must[[]db.Notification](t)(s.UnsentNotifications(t.Context())) }
	same(t, "as it was put", unsent(), []db.Notification{m})
	if err := s.Try(t.Context(), noon, 1); err != nil {
		t.Fatal(err)
	}
	same(t, "a try counts", must[[]time.Time](t)(s.Spent(t.Context(), "d", noon.Add(-time.Hour), noon)), []time.Time{noon})
	if err := s.RetryMessage(t.Context(), 1, noon.Add(time.Hour), "not now", false); err != nil {
		t.Fatal(err)
	}
	m.Attempts, m.Due, m.Answer = 1, noon.Add(time.Hour), "not now"
	same(t, "after a failed try", unsent(), []db.Notification{m})
	same(t, "one that was not taken does not count",
		must[[]time.Time](t)(s.Spent(t.Context(), "d", noon.Add(-time.Hour), noon)), nil)
	if err := s.HurryMessages(t.Context(), noon.Add(time.Minute), ""); err != nil {
		t.Fatal(err)
	}
	if err := s.EndMessage(t.Context(), noon.Add(2*time.Minute), 1, db.Sent, "ok"); err != nil {
		t.Fatal(err)
	}
	m.Due, m.State, m.Ended, m.Answer = noon.Add(time.Minute), db.Sent, noon.Add(2*time.Minute), "ok"
	same(t, "sent", must[[]db.Notification](t)(s.RecentNotifications(t.Context(), 5)), []db.Notification{m})
	same(t, "unsent", unsent(), nil)
	if err := s.PruneHistory(t.Context(), m.Ended.Add(db.MessagesKept+time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	same(t, "pruned", must[[]db.Notification](t)(s.RecentNotifications(t.Context(), 5)), nil)
}
