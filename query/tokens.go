package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
)

// APIToken is a token of the API as its maker and admins see it.
type APIToken struct {
	ID   int64
	Name string
	// Account is the name of who made it; empty for the command line.
	Account string
	// Own means that the viewer's account made it.
	Own bool
	// One means that it reads one person only: Person, nil if the viewer no longer sees
	// them. Others read all whom the account reads.
	One    bool
	Person *PersonRef
	// PersonID is the id of that person, 0 for all.
	PersonID int64
	// Scopes are sorted.
	Scopes  []string
	Created time.Time
	// Expires is zero if it works until it is revoked; Used is zero for never.
	Expires, Used time.Time
	Expired       bool
}

// APITokens are the tokens that the viewer's account made, and all for a viewer who runs
// the installation, by name.
func (q *Reader) APITokens(ctx context.Context) ([]APIToken, error) {
	list, err := q.Store.APITokens(ctx)
	if err != nil {
		return nil, err
	}
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	var out []APIToken
	for _, k := range list {
		own := k.Account != 0 && k.Account == q.Viewer.account
		if own || q.Viewer.Operates() {
			out = append(out, APIToken{ID: k.ID, Name: k.Name, Account: k.AccountName, Own: own, One: k.Person != 0,
				Person: names.person(k.Person), PersonID: k.Person, Scopes: k.Scopes, Created: k.Created,
				Expires: k.Expires, Used: k.Used, Expired: k.Expired(q.Now)})
		}
	}
	return out, nil
}

// APIToken is one of them, or db.ErrNotFound.
func (q *Reader) APIToken(ctx context.Context, id int64) (*APIToken, error) {
	list, err := q.APITokens(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(k APIToken) bool { return k.ID == id })
	if at < 0 {
		return nil, db.ErrNotFound
	}
	return &list[at], nil
}
