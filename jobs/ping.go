package jobs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
)

// How long Garmin keeps what a ping announces (Health API, Ping; Activity API, Activity
// files).
const (
	keepsData = 7 * 24 * time.Hour
	keepsFile = 24 * time.Hour
)

// mostPings is how many addresses one delivery may announce. Garmin sends few.
const mostPings = 5000

// announced handles a ping of a known person: its address is to be fetched.
func (p *processing) announced(it garmin.Item, at int32, person int64) (db.IssueKind, string) {
	if p.target == nil {
		return db.Fetching, "to be fetched"
	}
	target, err := p.target(it.Type, it.CallbackURL)
	if err != nil {
		return db.Parked, err.Error()
	}
	about := withoutAddress(it.Value)
	switch {
	case len(about) > longestNotice:
		return db.Parked, fmt.Sprintf("is a ping longer than %d KiB", longestNotice>>10)
	case len(p.out.Fetches) == mostPings:
		return db.Parked, fmt.Sprintf("is one of more than %d pings", mostPings)
	}
	keeps := keepsData
	if it.Type == garmin.ActivityFiles {
		keeps = keepsFile
	}
	p.out.Fetches = append(p.out.Fetches, db.Fetch{Element: at, Person: person, Type: it.Type.Key, Path: target.Path,
		Query: target.Query, Announced: about, From: target.From, To: target.To, Ends: p.out.Job.Received.Add(keeps)})
	return db.Fetching, "to be fetched"
}

// withoutAddress is an element as JSON without its callbackURL, which has a token.
func withoutAddress(v element.Value) string {
	var names []string
	var values []element.Value
	for name, member := range v.Members() {
		if name != "callbackURL" {
			names, values = append(names, name), append(values, member)
		}
	}
	return string(element.NewObject(names, values).AppendJSON(nil))
}

// fetched reports whether an element is of a body that Garner fetched.
func (p *processing) fetched(it garmin.Item) bool {
	return p.out.Job.Source.MayBeFetched() && it.Ping != ""
}

// ofAnother reports whether an element of a fetched body belongs to another person than
// the one with whose token it was fetched. A user id that is not known may only be that
// person's own.
func (p *processing) ofAnother(it garmin.Item) bool {
	if !p.fetched(it) || it.UserID == it.Owner {
		return false
	}
	owner := p.ids.UserIDs[it.Owner]
	if person, known := p.ids.UserIDs[it.UserID]; known {
		return person != owner
	}
	person, known := p.ids.Tokens[string(db.TokenHash(it.Token))]
	return !known || it.Token == "" || person != owner
}

// PingName is how a fetched body names the ping that announced it, in garmin.Outer.
func PingName(p db.Ping) string { return fmt.Sprintf("%d/%d", p.Delivery, p.Element) }

// pingNamed is the ping of a name, zero if it names none.
func pingNamed(name string) db.Ping {
	delivery, number, _ := strings.Cut(name, "/")
	id, err := strconv.ParseInt(delivery, 10, 64)
	at, err2 := strconv.ParseInt(number, 10, 32)
	if err != nil || err2 != nil {
		return db.Ping{}
	}
	return db.Ping{Delivery: id, Element: int32(at)}
}
