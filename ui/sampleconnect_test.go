package ui

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"garner/health"
	"garner/health/history"
	"garner/query"
)

// connectPages are the pages of connecting in their states.
func connectPages() map[string]templ.Component {
	p := Page{Title: "Connect", SignedOut: true, Now: sampleNow, Path: "/connect/token"}
	all := query.Permissions([]string{"HEALTH_EXPORT", "ACTIVITY_EXPORT", "MCT_EXPORT", history.Permission})
	some := query.Permissions([]string{"HEALTH_EXPORT", "ACTIVITY_EXPORT"})
	people := samplePage("Connection to Garmin", NavPeople, &ada)
	day := 24 * time.Hour
	connected := query.ConnectionDetail{State: query.Connected, ID: 3, UserID: "d331", Permissions: some,
		Received: sampleNow, Consents: []query.ConsentSpan{{Began: sampleNow.Add(-3 * day)},
			{Began: sampleNow.Add(-90 * day), Ended: sampleNow.Add(-4 * day), Cause: health.CauseEndedAtGarmin},
			{Began: sampleNow.Add(-95 * day), Ended: sampleNow.Add(-90 * day), Cause: health.CauseReplaced}}}
	gone := query.ConnectionDetail{State: query.Disconnected, Consents: connected.Consents[1:], Invited: sampleNow.Add(day)}
	refused := connected
	refused.State = query.MustReconnect
	stopping := connected
	stopping.State = query.Stopping
	return map[string]templ.Component{
		"connection": Connection(people, ConnectionView{Person: ada, Connection: connected, Own: true, Exports: true,
			Mail: true, To: "ada", MailError: "Give one address.", NameError: "This is not the name of the person."}),
		"connection-gone":     Connection(people, ConnectionView{Person: ada, Connection: gone, Mail: true}),
		"connection-refused":  Connection(people, ConnectionView{Person: ada, Connection: refused}),
		"connection-stopping": Connection(people, ConnectionView{Person: ada, Connection: stopping}),
		"connection-never": Connection(people, ConnectionView{Person: ada, Said: Said{Notice: "Saved."},
			Connection: query.ConnectionDetail{State: query.NeverConnected}}),
		"connection-link": ConnectLink(people, ConnectLinkView{Person: ada, Expires: sampleNow.Add(7 * day),
			Link: "/connect/ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ", MailError: "The mail server did not take it."}),
		"connect":           Connect(p, ConnectView{Name: "Ada", Expires: sampleNow.AddDate(0, 0, 7), Ready: true}),
		"connect-not-ready": Connect(p, ConnectView{Name: "Ada", Missing: "the public address is missing."}),
		"connect-spent":     ConnectSpent(p),
		"connect-fault": ConnectFailed(p, ConnectFault{Title: "Garmin cannot be reached",
			What: []string{"Garner got no answer from Garmin.", "Nothing was linked."}, State: "x"}),
		"connect-waits": ConnectFailed(p, ConnectFault{Title: "Garmin has not answered yet",
			What: []string{"Load this page again in some seconds."}, State: "x", Waits: true}),
		"connect-confirm": ConnectConfirm(p, ConnectConfirmView{Name: "Ada",
			UserID: "d3315b1072421d0dd7c8f6b8e1de4df8", State: "x", Permissions: some}),
		"connect-again": ConnectConfirm(p, ConnectConfirmView{Name: "Ada", UserID: "d331", State: "x", Known: true,
			Permissions: all}),
		"connect-done": ConnectDone(p, ConnectDoneView{Name: "Ada", Permissions: some, Account: true}),
		"connect-nothing": ConnectDone(p, ConnectDoneView{Name: "Ada", Permissions: query.Permissions(nil),
			Next: &Link{"Home", "/"}}),
		"connect-data":  ConnectDone(p, ConnectDoneView{Name: "Ada", Permissions: all, Received: sampleNow.Add(-time.Minute)}),
		"connect-ended": ConnectDone(p, ConnectDoneView{Name: "Ada", Permissions: some, Ended: true}),
	}
}

func TestWhatIsForGoodIsMarkedAndThePageHasOnePrimaryAction(t *testing.T) {
	t.Parallel()
	for name, primary := range map[string]int{"connection": 0, "connection-never": 1, "connection-gone": 1, "connection-refused": 1,
		"connect": 1, "connect-confirm": 1, "connect-waits": 1, "connection-link": 1} {
		_, doc := render(t, connectPages()[name])
		if n := doc.Find("main .primary").Length(); n != primary {
			t.Errorf("%s has %d primary actions", name, n)
		}
		if erase := doc.Find("[data-testid=erase-form] button"); erase.Length() > 0 && !erase.HasClass("danger") {
			t.Errorf("%s: erasing looks like any other button", name)
		}
	}
}

// TestTheCostOfHistoricalDataIsSaidBeforeTheList: below the list it is not read on a phone.
func TestTheCostOfHistoricalDataIsSaidBeforeTheList(t *testing.T) {
	t.Parallel()
	_, doc := render(t, connectPages()["connect-done"])
	if doc.Find("[data-testid=historical-off] ~ section [data-testid=permissions]").Length() != 1 {
		t.Error("the list comes first")
	}
}
