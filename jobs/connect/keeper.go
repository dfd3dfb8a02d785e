// Package connect keeps connections to Garmin: it owns their tokens, asks Garmin
// about what notices claim, and ends connections.
package connect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"garner/db"
	"garner/garmin/client"
)

var (
	// ErrMustReconnect means that Garmin refuses the tokens of a connection: only a
	// new consent of the person helps.
	ErrMustReconnect = errors.New("the person must connect again")
	// ErrNotSetUp means that Garmin cannot be called: its client id or secret is not
	// set.
	ErrNotSetUp = errors.New("no client id or secret of Garmin is set")
	// ErrEnded means that a connection has ended, or is about to.
	ErrEnded = errors.New("the connection has ended")
)

// LaterError means that there is no valid token now, and when to ask again.
type LaterError struct {
	Until time.Time
	Err   error // why, nil if the reason is an earlier failure
}

func (e *LaterError) Error() string {
	text := "no valid token until " + e.Until.UTC().Format(time.RFC3339)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns why there is no token.
func (e *LaterError) Unwrap() error { return e.Err }

// Keeper is the one owner of all tokens. It is safe for concurrent use.
type Keeper struct {
	Store *db.Store
	// Garmin is the client of the settings in force; nil while Garmin is not set up.
	Garmin func() *client.Client
	Log    *slog.Logger
	// LongLived makes the credential of tokens that are never refreshed, as those of
	// OAuth 1, and reports whether they are. Nil means that there are none.
	LongLived func(db.Tokens) (cred client.Credential, ok bool)

	refreshes singleflight.Group
	running   sync.WaitGroup
	mu        sync.Mutex
	paces     map[int64]pace // by connection
}

// ahead is how long before its end an access token is replaced.
const ahead = 10 * time.Minute

// Credential gives a credential that is valid for at least ten more minutes. While
// no new tokens can be had, it gives the older one as long as that is valid. Errors
// are ErrMustReconnect, ErrEnded, *LaterError, and those of db.
func (k *Keeper) Credential(ctx context.Context, connection int64) (client.Credential, error) {
	return k.credential(ctx, time.Now(), connection, false)
}

// Refused is called after Garmin answered 401 to a credential. It refreshes the
// tokens, at most once a minute, and reports whether to try the call once
// more. Errors are those of Credential.
func (k *Keeper) Refused(ctx context.Context, connection int64) (again bool, err error) {
	return k.refused(ctx, time.Now(), connection)
}

func (k *Keeper) refused(ctx context.Context, now time.Time, connection int64) (again bool, err error) {
	if _, _, err := k.tokens(ctx, connection, true); err != nil {
		return false, err
	}
	err = k.renew(ctx, now, connection, true)
	return err == nil, err
}

// Do makes a call with a person's credential, and once more with new tokens if
// Garmin refuses it. A 401 that it returns is Garmin's answer to new tokens.
func (k *Keeper) Do(ctx context.Context, connection int64, call func(client.Credential) error) error {
	return k.do(ctx, connection, false, call)
}

// do is Do; stopping allows it for connections that are about to end.
func (k *Keeper) do(ctx context.Context, connection int64, stopping bool, call func(client.Credential) error) error {
	cred, err := k.credential(ctx, time.Now(), connection, stopping)
	if err != nil {
		return err
	}
	err = call(cred)
	if !unauthorized(err) {
		return err
	}
	if err := k.renew(ctx, time.Now(), connection, true); err != nil {
		return err
	}
	if cred, err = k.credential(ctx, time.Now(), connection, stopping); err != nil {
		return err
	}
	return call(cred)
}

func unauthorized(err error) bool {
	var status *client.StatusError
	return errors.As(err, &status) && status.Status == http.StatusUnauthorized
}

func (k *Keeper) credential(ctx context.Context, now time.Time, id int64, stopping bool) (client.Credential, error) {
	_, t, err := k.tokens(ctx, id, stopping)
	if err != nil {
		return nil, err
	}
	if cred, ok := k.longLived(t); ok {
		return cred, nil
	}
	if !fresh(now, t) {
		failed := k.renew(ctx, now, id, false)
		if _, t, err = k.tokens(ctx, id, stopping); err != nil {
			return nil, err
		}
		if failed != nil && !now.Before(t.AccessEnds) {
			return nil, failed
		}
	}
	return client.Bearer(t.Access), nil
}

func (k *Keeper) longLived(t db.Tokens) (client.Credential, bool) {
	if k.LongLived == nil {
		return nil, false
	}
	return k.LongLived(t)
}

func fresh(now time.Time, t db.Tokens) bool { return t.AccessEnds.Sub(now) >= ahead }

// tokens reads those of a connection that may be used.
func (k *Keeper) tokens(ctx context.Context, id int64, stopping bool) (*db.Connection, db.Tokens, error) {
	c, t, err := k.Store.TokensOf(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, t, ErrEnded
	case err != nil:
		return nil, t, fmt.Errorf("tokens of connection %d: %w", id, err)
	case c.State == db.MustReconnect:
		return nil, t, ErrMustReconnect
	case c.State != db.Connected || !stopping && !c.Stopping.IsZero():
		return nil, t, ErrEnded
	}
	return c, t, nil
}

// renew refreshes the tokens once for all callers of a connection that wait. It
// goes on when a caller gives up: the answer of Garmin must not be lost.
func (k *Keeper) renew(ctx context.Context, now time.Time, id int64, forced bool) error {
	done := make(chan error, 1)
	k.running.Go(func() {
		_, err, _ := k.refreshes.Do(strconv.FormatInt(id, 10), func() (any, error) {
			own, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshWithin)
			defer cancel()
			return nil, k.refresh(own, now, id, forced)
		})
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close waits for refreshes under way. It is called when there are no more calls,
// and before the store is closed.
func (k *Keeper) Close() { k.running.Wait() }
