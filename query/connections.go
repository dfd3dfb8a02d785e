package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/history"
)

// Permission is one permission that a person may grant at Garmin.
type Permission struct {
	// Name is Garmin's, such as HEALTH_EXPORT.
	Name    string
	Granted bool
	// Types are those that come with it; none for history.Permission.
	Types []TypeRef
}

// Permissions are all that Garner uses, in the order of Garmin's types, and whether
// each is among those granted.
func Permissions(granted []string) (out []Permission) {
	add := func(name string) *Permission {
		at := slices.IndexFunc(out, func(p Permission) bool { return p.Name == name })
		if at < 0 {
			at = len(out)
			out = append(out, Permission{Name: name, Granted: slices.Contains(granted, name)})
		}
		return &out[at]
	}
	for _, t := range garmin.Types {
		if t.Permission != "" {
			p := add(t.Permission)
			p.Types = append(p.Types, TypeRef{t.Key, t.Title})
		}
	}
	add(history.Permission)
	return out
}

// ConnectionState is how a person stands with Garmin.
type ConnectionState string

// The states of a connection.
const (
	NeverConnected ConnectionState = "never connected"
	Connected      ConnectionState = "connected"
	MustReconnect  ConnectionState = "must reconnect"
	// Stopping means that Garmin is being asked to end it.
	Stopping     ConnectionState = "stopping"
	Disconnected ConnectionState = "disconnected"
)

// ConsentSpan is one consent of a person at Garmin, from linking until it ended.
type ConsentSpan struct {
	// Began and Ended are its bounds; Ended is zero until it ends.
	Began, Ended time.Time
	// Cause is why it is not in force.
	Cause health.ConnectionCause
}

// ConnectionDetail is how a person stands with Garmin.
type ConnectionDetail struct {
	PersonID int64
	State    ConnectionState
	// ID is that of the newest consent, 0 for none.
	ID int64
	// UserID is Garmin's; empty if the person has never connected.
	UserID string
	// Consents are all of the person's, the newest first.
	Consents []ConsentSpan
	// Permissions are what Garmin confirmed last; nil if it never did.
	Permissions []Permission
	// Received is when data came last since the newest consent began; zero for never.
	Received time.Time
	// Pushed means that Garmin names the person in what it pushes.
	Pushed bool
	// Invited is until when an unused invitation works; zero for none.
	Invited time.Time
	// Keyed means that the person has a key for the Personal API, and KeyRefused that Garmin
	// refuses it.
	Keyed, KeyRefused bool
}

// Open reports whether there is a consent that can be ended.
func (c *ConnectionDetail) Open() bool { return c.State == Connected || c.State == MustReconnect }

// Lacks reports whether Garmin confirmed that a permission is not granted.
func (c *ConnectionDetail) Lacks(permission string) bool {
	return Lacks(c.Permissions, permission)
}

// Lacks reports whether a permission is among some, and not granted.
func Lacks(list []Permission, permission string) bool {
	return slices.ContainsFunc(list, func(p Permission) bool { return p.Name == permission && !p.Granted })
}

// Granted are the permissions that Garmin confirmed last, by Garmin's names.
func (c *ConnectionDetail) Granted() []string {
	granted := []string{}
	for _, p := range c.Permissions {
		if p.Granted {
			granted = append(granted, p.Name)
		}
	}
	return granted
}

// Connection is that of one person whom the viewer sees, or db.ErrNotFound.
func (q *Reader) Connection(ctx context.Context, person int64) (*ConnectionDetail, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	all, err := q.connections(ctx, []int64{person})
	if err != nil {
		return nil, err
	}
	return all[person], nil
}

// Connections are those of all people whom the viewer sees, by the person's id.
func (q *Reader) Connections(ctx context.Context) (map[int64]*ConnectionDetail, error) {
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(people))
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return q.connections(ctx, ids)
}

func (q *Reader) connections(ctx context.Context, people []int64) (map[int64]*ConnectionDetail, error) {
	consents, err := q.Store.ConnectionsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	invited, err := q.Store.InvitationsOf(ctx, q.Now, people)
	if err != nil {
		return nil, err
	}
	seen, err := q.Store.LastSeen(ctx)
	if err != nil {
		return nil, err
	}
	linked, err := q.Store.Linked(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := q.Store.PersonalKeys(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*ConnectionDetail, len(people))
	for _, id := range people {
		c := connectionOf(consents[id])
		c.Pushed = linked[id] && c.State != Disconnected
		c.PersonID, c.Invited = id, invited[id]
		if len(c.Consents) > 0 && !seen[id].Received.Before(c.Consents[0].Began) {
			c.Received = seen[id].Received
		}
		out[id] = c
	}
	for i := range keys {
		if c := out[keys[i].Person]; c != nil && keys[i].State != db.KeyRemoved {
			c.Keyed, c.KeyRefused = true, keys[i].State == db.KeyRefused
		}
	}
	return out, nil
}

// connectionOf describes the consents of a person, the newest first.
func connectionOf(consents []db.Connection) *ConnectionDetail {
	if len(consents) == 0 {
		return &ConnectionDetail{State: NeverConnected}
	}
	newest := consents[0]
	c := &ConnectionDetail{ID: newest.ID, UserID: newest.UserID, State: stateOf(newest)}
	if !newest.GrantedAt.IsZero() {
		c.Permissions = Permissions(newest.Granted)
	}
	for _, former := range consents {
		c.Consents = append(c.Consents, ConsentSpan{Began: former.Began, Ended: former.Ended, Cause: former.Cause})
	}
	return c
}

func stateOf(c db.Connection) ConnectionState {
	switch {
	case c.State == db.Disconnected:
		return Disconnected
	case !c.Stopping.IsZero():
		return Stopping
	case c.State == db.MustReconnect:
		return MustReconnect
	}
	return Connected
}

// HasAccount reports whether a person whom the viewer sees has an account.
func (q *Reader) HasAccount(ctx context.Context, person int64) (bool, error) {
	if err := q.Viewer.sees(person); err != nil {
		return false, err
	}
	accounts, err := q.Store.Accounts(ctx)
	return slices.ContainsFunc(accounts, func(a *db.Account) bool { return a.Person == person }), err
}
