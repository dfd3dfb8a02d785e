package ui

import (
	"time"

	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

// ConnectionView is how a person stands with Garmin, and what can be done about it.
type ConnectionView struct {
	Said
	Person     PersonLink
	Connection query.ConnectionDetail
	// Own means that it is the reader's own person; Exports, that the reader may
	// export the person's data.
	Own, Exports bool
	// Mail means that a link can be sent by mail; To is what was typed, MailError what
	// is wrong with it.
	Mail          bool
	To, MailError string
	// Pull is how data come by the Personal API; nil if the person never had a key. Keys
	// means that one can be entered. Again is where the password is entered first; empty if
	// it need not be.
	Pull    *query.Pull
	Keys    bool
	Again   string
	KeyForm KeyForm
	// NameError stands at the name that is typed to erase.
	NameError string
}

// ConnectLinkView shows the link of an invitation once.
type ConnectLinkView struct {
	Person  PersonLink
	Link    string
	Expires time.Time
	// SentTo is the address to which the link was mailed; empty for none. MailError is
	// why it was not.
	SentTo, MailError string
}

// ConnectionState is a connection as a lamp and a few words.
func ConnectionState(p Preferences, c query.ConnectionDetail, now time.Time) (Status, string) {
	status, words := NoData, "never connected to Garmin"
	switch c.State {
	case query.NeverConnected:
		switch {
		case c.KeyRefused:
			status, words = Down, "needs a new key: Garmin no longer accepts this one"
		case c.Keyed:
			status, words = OK, "comes by a key"
		}
	case query.Connected:
		status, words = OK, "connected since "+p.Dated(c.Consents[0].Began, now)
		if c.Lacks(history.Permission) {
			words += ", without historical data"
		}
	case query.MustReconnect:
		status, words = Down, "needs to connect again: Garmin no longer accepts the connection"
	case query.Stopping:
		status, words = Running, "is being disconnected"
	case query.Disconnected:
		words = text.ConnectionCause(c.Consents[0].Cause) + " " + p.Dated(c.Consents[0].Ended, now)
	}
	if !c.Invited.IsZero() {
		words += ", invited until " + p.Dated(c.Invited, now)
	}
	return status, words
}

// mustConnect reports whether nothing but connecting brings data.
func (v *ConnectionView) mustConnect() bool {
	return v.Connection.State != query.Connected && v.Connection.State != query.Stopping && !v.Pull.InUse()
}

// connectText is what the button to connect says.
func connectText(c query.ConnectionDetail) string {
	if c.State == query.NeverConnected {
		return "Connect to Garmin"
	}
	return "Connect again"
}

func connectionURL(slug string) string { return personURL(slug) + "/connection" }
