package query_test

import (
	"reflect"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/query"
)

func TestTheStatusTellsOfEveryoneWhomTheViewerSees(t *testing.T) {
	t.Parallel()
	news := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	states := []alert.State{alert.Overdue, alert.Waiting, alert.Late, alert.Paused, alert.OnTime}
	facts, found := &alert.Facts{}, &alert.Findings{}
	for i, name := range []string{"Ada", "Ben", "Cora", "Dan", "Eve"} {
		facts.People = append(facts.People, alert.Person{ID: int64(i + 1), Name: name,
			News: news.Add(-time.Duration(i*i-2*i+1) * time.Hour)}) // the second is the newest
		found.People = append(found.People, alert.Finding{State: states[i]})
	}
	stopped := alert.Subject{Kind: alert.TypeStopped, Type: "hrv"}
	ofAda := alert.Subject{Kind: alert.PersonTypeStopped, Person: 1, Type: "sleeps"}
	for _, s := range []alert.Subject{{Kind: alert.DiskLow}, {Kind: alert.Unreachable}, {Kind: alert.PersonSilent, Person: 1},
		stopped, ofAda, {Kind: alert.Collapsed, Type: "epochs"}} {
		found.Conditions = append(found.Conditions, alert.Condition{Subject: s})
	}
	home := query.Household{Viewer: query.Operator(), Facts: facts, Found: found}
	want := query.Status{People: 5, Paused: 1, News: news, Fault: &found.Conditions[1], Overdue: []string{"Ada"},
		Waiting: []string{"Ben"}, Late: []string{"Cora"}, Stopped: []alert.Subject{stopped, ofAda},
		Collapsed: []string{"epochs"}}
	if got := home.Status(); !reflect.DeepEqual(*got, want) {
		t.Errorf("got %+v\nwant %+v", *got, want)
	}
	home.Viewer = query.Viewer{}
	if got := home.Status(); !reflect.DeepEqual(*got, query.Status{}) {
		t.Errorf("a viewer of no one is told %+v", got)
	}
}

func TestTheBacklogCountsWhatIsParkedAndWhatIsOfUnknownPeople(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	for _, body := range []string{`{"dailies":[{"userId":"stranger","calendarDate":"2026-11-20"}]}`, "not JSON"} {
		_, err := s.Inbox.Put(t.Context(), db.Arrival{Received: evening}, []byte(body))
		s.must(err)
	}
	s.Run()
	_, err := s.Inbox.Put(t.Context(), db.Arrival{Received: evening}, []byte(`{"dailies":[]}`)) // not drained
	s.must(err)
	s.q.Inbox = s.Inbox.InboxReader
	if got, err := s.q.Backlog(t.Context()); err != nil || got != (query.Backlog{Waiting: 1, Unsettled: 2}) {
		t.Errorf("%+v, %v", got, err)
	}
}
