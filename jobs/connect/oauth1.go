package connect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"garner/db"
	"garner/garmin/client"
)

// oauth1Mark begins the access token of a connection by OAuth 1, whose refresh token
// is the token's secret.
const oauth1Mark = "oauth1:"

// oauth1Ends is when Garmin retires OAuth 1, with the 30 days for which exchanged
// tokens live on (Garmin API, 9.1 and 9.3).
var oauth1Ends = time.Date(2027, 1, 30, 0, 0, 0, 0, time.UTC)

// OAuth1 moves people who are connected by OAuth 1 to OAuth 2.
type OAuth1 struct {
	Store  *db.Store
	Garmin *client.Client
	Signer *client.OAuth1
}

// OAuth1Tokens are the tokens of OAuth 1 as a connection keeps them.
func OAuth1Tokens(token, secret string) db.Tokens {
	return db.Tokens{Access: oauth1Mark + token, Refresh: secret, AccessEnds: oauth1Ends, RefreshEnds: oauth1Ends}
}

// Credential is for Keeper.LongLived.
func (o *OAuth1) Credential(t db.Tokens) (client.Credential, bool) {
	token, ok := strings.CutPrefix(t.Access, oauth1Mark)
	if !ok {
		return nil, false
	}
	return o.Signer.Credential(token, t.Refresh), true
}

// Brought is a person of another system, connected by OAuth 1.
type Brought struct {
	Name   string
	UserID string // Garmin's; empty if the other system does not know it
	// Token and Secret are those of OAuth 1.
	Token, Secret string
}

// Bring adds a person of another system, or finds the one of that name, links the
// token and the user id, and begins a connection by OAuth 1. Garmin is asked for a
// user id that is not known, and for the permissions. Bringing a person who is
// connected already changes nothing; brought is then false.
func (o *OAuth1) Bring(ctx context.Context, now time.Time, b Brought) (brought bool, err error) {
	cred := o.Signer.Credential(b.Token, b.Secret)
	userID, err := o.Garmin.UserID(ctx, cred)
	if err != nil {
		return false, fmt.Errorf("ask Garmin for the user id: %w", err)
	}
	if b.UserID != "" && b.UserID != userID {
		return false, errors.New("Garmin gives another user id for this token")
	}
	granted, err := o.Garmin.Permissions(ctx, cred)
	if err != nil {
		return false, fmt.Errorf("ask Garmin for the permissions: %w", err)
	}
	p, err := o.Store.PersonByName(ctx, b.Name)
	if errors.Is(err, db.ErrNotFound) {
		p, err = o.Store.AddPerson(ctx, now, b.Name, userID, b.Token)
	} else if err == nil {
		err = o.Store.LinkToken(ctx, p.ID, b.Token)
	}
	if err != nil {
		return false, err
	}
	if c, err := o.Store.ConnectionOf(ctx, p.ID); err == nil && c.State == db.Connected {
		return false, nil
	}
	_, err = o.Store.AddConnection(ctx, now, p.ID, userID, OAuth1Tokens(b.Token, b.Secret), granted)
	return err == nil, err
}

// Exchange gets tokens of OAuth 2 for a connection by OAuth 1, and reports whether it
// was one. The older tokens stay until the new ones are durable, and live on at
// Garmin for 30 days, so an exchange that was interrupted can be repeated.
func (o *OAuth1) Exchange(ctx context.Context, now time.Time, connection int64) (exchanged bool, err error) {
	c, t, err := o.Store.TokensOf(ctx, connection)
	if err != nil {
		return false, err
	}
	token, ok := strings.CutPrefix(t.Access, oauth1Mark)
	if !ok {
		return false, nil
	}
	fresh, err := o.Signer.Exchange(ctx, token, t.Refresh)
	if err != nil {
		return false, err
	}
	return true, o.Store.PutTokens(ctx, connection, c.Rotation, TokensOf(fresh))
}
