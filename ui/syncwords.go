package ui

import (
	"fmt"
	"time"

	"garner/health/alert"
	"garner/query"
)

// Inside is what a page says of Garner's own doing beside what the watch knows.
type Inside struct {
	// Public means that a public address is configured, Notifies that a channel is.
	Public, Notifies bool
	// Stalled is why the watch cannot be trusted, nil while it can.
	Stalled error
}

// Lamps are the three links of the chain.
func (n *Names) Lamps(c *query.Chain, in Inside) []Lamp {
	return []Lamp{n.lampGarmin(c, in), n.lampStored(c), n.lampNotified(c, in)}
}

func (n *Names) lampGarmin(c *query.Chain, in Inside) Lamp {
	l := Lamp{From: "Garmin", To: "Garner", Status: OK}
	switch {
	case c.News.IsZero():
		l.Status, l.Line = NoData, "Nothing has arrived yet."
	case c.NothingArrives:
		l.Status, l.Line = Down, "No data has arrived since "+n.When(c.News, n.Now)+"."
	case c.TypeStopped:
		l.Status, l.Line = Late, "Data is arriving, but not of every type."
	default:
		l.Line = "The newest data arrived " + Ago(c.News, n.Now) + "."
	}
	switch {
	case !c.UnreachableSince.IsZero():
		l.Status, l.Detail = Down, "The public address has not responded since "+n.When(c.UnreachableSince, n.Now)+"."
	case !in.Public:
		l.Detail = "No public address is configured, so it is not tested."
	case c.Answered:
		l.Detail = "The public address responded " + Ago(c.Probed, n.Now) + "."
	case !c.Probed.IsZero():
		l.Detail = "The public address has never responded to a request from this machine. The router may not support " +
			"NAT loopback: " + c.ProbeDetail
	}
	return l
}

func (n *Names) lampStored(c *query.Chain) Lamp {
	l := Lamp{From: "Garner", To: "database", Status: OK, Line: "Everything received is processed.",
		Link: &Link{Text: "Inbox", URL: "/inbox"}}
	switch {
	case c.Backlogged:
		l.Status, l.Line = Down, fmt.Sprintf("%s, the oldest since %s. All are stored on disk.",
			Plural(int(c.Waiting), "delivery is waiting", "deliveries are waiting"), n.When(c.OldestWaiting, n.Now))
	case c.Waiting > 0:
		l.Status, l.Line = Running, Plural(int(c.Waiting), "delivery is", "deliveries are")+" being processed."
	}
	if c.Parked > 0 {
		if l.Status != Down {
			l.Status = Late
		}
		l.Detail = Plural(int(c.Parked), "delivery", "deliveries") + " could not be processed."
		l.Link = &Link{Text: "Show parked deliveries", URL: "/inbox?state=parked"}
	}
	if c.DiskLow {
		l.Status, l.Detail = Down, "The disk is nearly full."
	}
	return l
}

func (n *Names) lampNotified(c *query.Chain, in Inside) Lamp {
	l := Lamp{From: "Garner", To: "you", Status: OK, Link: &Link{Text: "Alerts", URL: "/alerts"}}
	switch {
	case !c.UnsentSince.IsZero():
		l.Status, l.Line = Down, "Notifications have failed since "+n.When(c.UnsentSince, n.Now)+"."
		l.Detail = c.UnsentError
	case !in.Notifies:
		l.Status, l.Line = NoData, "No notification channel is set up."
	case c.Sent.IsZero():
		l.Line = "No notification has been sent yet."
	default:
		l.Line = "The last notification was sent " + Ago(c.Sent, n.Now) + "."
	}
	if in.Stalled != nil {
		l.Status, l.Line, l.Detail = Down, "The silence check is not running.", in.Stalled.Error()
	}
	return l
}

// Volumes are the charts of how much came.
func (n *Names) Volumes(list []query.Volume) []Volume {
	var out []Volume
	for _, v := range list {
		vol := Volume{Type: n.Types[v.Type], Status: OK}
		for _, d := range v.Days {
			vol.Days = append(vol.Days, VolumeDay(d))
		}
		vol.Words = fmt.Sprintf("%s today, usually %s a day", Count(v.Days[len(v.Days)-1].Count), Count(v.Usual))
		switch {
		case !v.StoppedSince.IsZero():
			vol.Status, vol.Words = Down, "nothing new since "+n.When(v.StoppedSince, n.Now)
		case v.Collapsed:
			vol.Status = Late
		}
		out = append(out, vol)
	}
	return out
}

// Matrix fills a view with a page of people.
func (n *Names) Matrix(v *SyncView, m *query.Matrix) {
	v.Total, v.Matching, v.First = m.Total, m.Matching, m.From+1
	for _, key := range m.Types {
		v.Types = append(v.Types, n.Types[key])
	}
	for _, r := range m.Rows {
		row := SyncRow{Person: n.People[r.Person], State: stateOf(r.State), Received: r.News,
			Note: pausedNote(r.PausedUntil, n.Now), Share: r.Share}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, SyncCell{State: stateOf(c.State), Received: c.News})
		}
		v.Rows = append(v.Rows, row)
	}
}

func stateOf(s alert.State) SyncState { return SyncState(s.String()) }

// pausedNote says until when someone is paused; empty for who is not.
func pausedNote(until, now time.Time) string {
	if until.IsZero() {
		return ""
	}
	return "paused until " + until.Add(-time.Second).In(now.Location()).Format("Mon 2 Jan")
}
