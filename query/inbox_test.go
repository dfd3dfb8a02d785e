package query_test

import (
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/query"
)

const aDay = `{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
	`"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"steps":1234}`

// openInbox has one delivery that is done, two that are parked, one of an unknown
// person, one in quarantine and one that waits.
func openInbox(t *testing.T) *query.Reader {
	t.Helper()
	b := openBox(t)
	b.put(db.ClientRight, `{"dailies":[`+aDay+`]}`)
	b.put(db.ClientRight, `{"dailies":[`+aDay+`,{"userId":"u1"}]}`)
	b.put(db.ClientRight, `not JSON`)
	b.put(db.ClientMissing, `{"dailies":[{"userId":"stranger"}]}`)
	b.put(db.ClientWrong, `{"dailies":[`+aDay+`]}`)
	b.drain()
	b.put(db.Unchecked, `{"dailies":[`+aDay+`]}`)
	return b.Reader
}

func TestTheInboxCountsAndListsByState(t *testing.T) {
	t.Parallel()
	q := openInbox(t)
	in, err := q.Deliveries(t.Context(), query.InboxFilter{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[query.DeliveryState]int{query.DeliveryWaiting: 1, query.DeliveryFetching: 0, query.DeliveryDone: 1,
		query.DeliveryParked: 2, query.DeliveryQuarantined: 1, query.DeliveryOrphaned: 1,
		query.DeliveryAside: 0}; !reflect.DeepEqual(in.Counts, want) {
		t.Errorf("counts: %v\nwant %v", in.Counts, want)
	}
	if in.OldestWaiting != time.Minute || len(in.Failures) != 2 || len(in.Unknown) != 1 ||
		in.Unknown[0].GarminUserID != "stranger" {
		t.Errorf("%v, %+v, %+v", in.OldestWaiting, in.Failures, in.Unknown)
	}
	if got := inboxStates(in); !reflect.DeepEqual(got, map[int64]query.DeliveryState{5: query.DeliveryQuarantined,
		4: query.DeliveryOrphaned, 3: query.DeliveryParked}) || in.Older != 3 {
		t.Errorf("the first page lists %v, older %d", got, in.Older)
	}
	rest, err := q.Deliveries(t.Context(), query.InboxFilter{Before: in.Older, Limit: 2})
	if got := inboxStates(rest); err != nil || rest.Older != 0 || !reflect.DeepEqual(got,
		map[int64]query.DeliveryState{2: query.DeliveryParked, 1: query.DeliveryDone}) {
		t.Errorf("the last page lists %v, older %d, %v", got, rest.Older, err)
	}
	for state, want := range map[query.DeliveryState]int{query.DeliveryDone: 1, query.DeliveryParked: 2,
		query.DeliveryQuarantined: 1, query.DeliveryOrphaned: 1, query.DeliveryAside: 0} {
		list, err := q.Deliveries(t.Context(), query.InboxFilter{State: state, Limit: 9})
		if err != nil || len(list.Deliveries) != want {
			t.Errorf("%s: %d deliveries, %v", state, len(list.Deliveries), err)
		}
	}
	stranger := query.Reader{Store: q.Store, Inbox: q.Inbox, Now: q.Now}
	if _, err := stranger.Deliveries(t.Context(), query.InboxFilter{Limit: 1}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a viewer of no one reads the inbox: %v", err)
	}
}

// After an upgrade or a restore the keys of secrets may be missing, and then the Inbox is
// needed most.
func TestTheInboxIsShownWhereWhatErasedPeopleWereCalledCannotBeDecrypted(t *testing.T) {
	t.Parallel()
	b := openBox(t)
	b.Store.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	ben, err := b.Store.AddPerson(t.Context(), t0, "Ben", "u2", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Erase(t.Context(), t0, ben.ID); err != nil {
		t.Fatal(err)
	}
	b.put(db.ClientRight, `{"dailies":[`+aDay+`]}`)
	b.drain()
	b.Store.UseKeys(nil)
	in, err := b.Deliveries(t.Context(), query.InboxFilter{Limit: 3})
	if err != nil || len(in.Deliveries) != 1 || len(in.Deliveries[0].People) != 1 {
		t.Errorf("the list: %+v, %v", in, err)
	}
	if d, err := b.Delivery(t.Context(), 1); err != nil || len(d.People) != 1 {
		t.Errorf("the delivery: %+v, %v", d, err)
	}
}

func inboxStates(in *query.Inbox) map[int64]query.DeliveryState {
	out := map[int64]query.DeliveryState{}
	for _, d := range in.Deliveries {
		out[d.ID] = d.State
	}
	return out
}

func TestADeliverySaysWhatBecameOfItAndWhatCanBeDone(t *testing.T) {
	t.Parallel()
	q := openInbox(t)
	if err := q.Store.SetAside(t.Context(), 3, true); err != nil {
		t.Fatal(err)
	}
	type short struct {
		State   query.DeliveryState
		Sender  query.Sender
		People  []query.PersonRef
		Issues  int
		Actions []query.DeliveryAction
	}
	ada := []query.PersonRef{{Name: "Ada", Slug: "ada"}}
	for id, want := range map[int64]short{
		1: {query.DeliveryDone, query.SenderRight, ada, 0, []query.DeliveryAction{query.ActionRetry}},
		2: {query.DeliveryParked, query.SenderRight, ada, 1,
			[]query.DeliveryAction{query.ActionRetry, query.ActionSetAside}},
		3: {query.DeliveryAside, query.SenderRight, nil, 1, []query.DeliveryAction{query.ActionRetry, query.ActionPutBack}},
		4: {query.DeliveryOrphaned, query.SenderMissing, nil, 1, []query.DeliveryAction{query.ActionRetry}},
		5: {query.DeliveryQuarantined, query.SenderWrong, ada, 0, []query.DeliveryAction{query.ActionAccept}},
		6: {query.DeliveryWaiting, query.SenderUnchecked, ada, 0, nil},
	} {
		d, err := q.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got := short{d.State, d.Sender, d.People, d.IssueCount, d.Actions}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("delivery %d: %+v\nwant %+v", id, got, want)
		}
		kept, err := q.Inbox.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(q.Inbox.Body(t.Context(), kept))
		if err != nil || string(d.Body.Text) != string(body) || d.Body.Truncated || d.Body.Fault != "" {
			t.Errorf("delivery %d: %+v, %v", id, d.Body, err)
		}
	}
}
