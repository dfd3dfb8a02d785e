package ui

import (
	"time"

	"github.com/a-h/templ"

	"garner/query"
)

// connectPages are the pages of connecting in their states.
func connectPages() map[string]templ.Component {
	p := Page{Title: "Connect", SignedOut: true, Now: sampleNow, Path: "/connect/token"}
	all := query.Permissions([]string{"HEALTH_EXPORT", "ACTIVITY_EXPORT", "MCT_EXPORT", query.HistoricalPermission})
	some := query.Permissions([]string{"HEALTH_EXPORT", "ACTIVITY_EXPORT"})
	return map[string]templ.Component{
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
