package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"garner/db"
	"garner/garmin/client"
)

// OAuth1 connects people by OAuth 1, and moves them to OAuth 2.
type OAuth1 struct {
	Store  *db.Store
	Garmin *client.Client
	Signer *client.OAuth1
}

// Credential is for Keeper.LongLived.
func (o *OAuth1) Credential(t db.Tokens) (client.Credential, bool) {
	token, secret, ok := t.OAuth1()
	if !ok {
		return nil, false
	}
	return o.Signer.Credential(token, secret), true
}

// Begin is for pages.SignIn. Garmin sends the person back to redirect, whose query
// gets the state.
func (o *OAuth1) Begin(ctx context.Context, redirect, state string) (consent, secret string, err error) {
	return o.Signer.Begin(ctx, redirect+"?"+url.Values{"state": {state}}.Encode())
}

// Finish is for pages.SignIn.
func (o *OAuth1) Finish(ctx context.Context, _, secret string, returned url.Values) (db.Tokens, client.Credential,
	error) {
	token, tokenSecret, err := o.Signer.Finish(ctx, secret, returned)
	return db.OAuth1Tokens(token, tokenSecret), o.Signer.Credential(token, tokenSecret), err
}

// Brought is a person of another system, connected by OAuth 1.
type Brought struct {
	Name   string
	UserID string // Garmin's; empty if the other system does not know it
	// Token and Secret are those of OAuth 1.
	Token, Secret string
}

// Bring adds a person of another system, or finds the one of that name, links the
// token and the user id, and begins a connection by OAuth 1. Garmin is asked for the
// user id and the permissions. Bringing a person who is connected already changes
// nothing but that the token is linked; brought is then false.
func (o *OAuth1) Bring(ctx context.Context, now time.Time, b Brought) (brought bool, err error) {
	cred := o.Signer.Credential(b.Token, b.Secret)
	userID, err := o.Garmin.UserID(ctx, cred)
	if err != nil {
		return false, fmt.Errorf("ask Garmin for the user id: %w", err)
	}
	if b.UserID != "" && b.UserID != userID {
		return false, errors.New("the user id is not the one that Garmin gives for this token")
	}
	granted, err := o.Garmin.Permissions(ctx, cred)
	if err != nil {
		return false, fmt.Errorf("ask Garmin for the permissions: %w", err)
	}
	p, err := o.personFor(ctx, now, b.Name, userID)
	if err != nil {
		return false, err
	}
	if c, err := o.Store.ConnectionOf(ctx, p.ID); err == nil && c.State == db.Connected {
		return false, o.Store.LinkToken(ctx, p.ID, b.Token)
	}
	_, err = o.Store.AddConnection(ctx, now, p.ID, userID, db.OAuth1Tokens(b.Token, b.Secret), granted)
	return err == nil, err
}

// personFor is the person of a name, who may have no other Garmin account than userID.
func (o *OAuth1) personFor(ctx context.Context, now time.Time, name, userID string) (*db.Person, error) {
	whose, err := o.Store.PersonOfUserID(ctx, userID)
	if err == nil && db.FoldName(whose.Name) != db.FoldName(name) {
		return nil, fmt.Errorf("the Garmin account belongs to %s here", whose.Name)
	}
	if err == nil || !errors.Is(err, db.ErrNotFound) {
		return whose, err
	}
	p, err := o.Store.PersonByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) || err == nil && db.FoldName(p.Name) != db.FoldName(name) { // a slug
		return o.Store.AddPerson(ctx, now, name, userID, "")
	}
	if err == nil && len(p.UserIDs) > 0 && !slices.Contains(p.UserIDs, userID) {
		return nil, errors.New("the person of this name has another Garmin account: give this one another name")
	}
	return p, err
}

// ErrNotMoved means that Garmin refused to exchange a token of OAuth 1.
var ErrNotMoved = errors.New("the token was not exchanged; perhaps Garmin has not moved the application to " +
	"OAuth 2 yet, or the person has disconnected. Nothing was changed")

// Exchange gets tokens of OAuth 2 for a connection by OAuth 1, and reports whether it
// was one. The older tokens stay until the new ones are durable, and live on at
// Garmin for 30 days, so an exchange that was interrupted can be repeated. Errors are
// ErrNotMoved, ErrMustReconnect, and those of calls and of db.
func (o *OAuth1) Exchange(ctx context.Context, connection int64) (exchanged bool, err error) {
	c, t, err := o.Store.TokensOf(ctx, connection)
	if err != nil {
		return false, err
	}
	token, secret, ok := t.OAuth1()
	switch {
	case !ok:
		return false, nil
	case c.State != db.Connected:
		return false, ErrMustReconnect
	}
	fresh, err := o.Signer.Exchange(ctx, token, secret)
	if err != nil {
		return false, notMoved(err)
	}
	return true, o.Store.PutTokens(ctx, connection, c.Rotation, db.Tokens(fresh))
}

// notMoved adds ErrNotMoved where Garmin refused.
func notMoved(err error) error {
	var status *client.StatusError
	if errors.As(err, &status) && status.Status < http.StatusInternalServerError &&
		status.Status != http.StatusTooManyRequests {
		return fmt.Errorf("%w (%w)", ErrNotMoved, status)
	}
	return err
}

// OnOAuth1 returns the connections that have tokens of OAuth 1, by person.
func OnOAuth1(ctx context.Context, store *db.Store) (list []db.Connection, err error) {
	all, err := store.Connections(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		_, t, err := store.TokensOf(ctx, c.ID)
		if errors.Is(err, db.ErrNotFound) {
			continue // it has ended meanwhile
		}
		if err != nil {
			return nil, err
		}
		if _, _, ok := t.OAuth1(); ok {
			list = append(list, c)
		}
	}
	return list, nil
}
