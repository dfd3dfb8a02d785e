package auth

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"garner/db"
	"garner/server/peer"
)

// The values of a session.
const (
	accountKey = "account" // int64
	sinceKey   = "since"   // int64, unix milliseconds: Who.Since
	seenKey    = "seen"    // int64, unix milliseconds: last use on record
	httpsKey   = "https"   // bool: whether the browser used HTTPS at the sign-in
)

// Load finds out who a request is from, for Of, and keeps their session alive.
// Handlers that sign in or out must be behind it.
func (a *Auth) Load(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		ctx, err := a.load(w, r)
		if err != nil {
			if r.Context().Err() == nil {
				a.log.Error("read the session", "err", err)
			}
			http.Error(w, "The session cannot be read now. Try again later.", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (a *Auth) load(w http.ResponseWriter, r *http.Request) (context.Context, error) {
	ctx, err := a.sessions.Load(r.Context(), cookie(r, sessionCookie))
	if err != nil {
		return nil, err
	}
	id := a.sessions.GetInt64(ctx, accountKey)
	// A token that crossed a network in clear text does not work from elsewhere.
	if id == 0 || peer.Of(r.Context()).HTTPS != a.sessions.GetBool(ctx, httpsKey) {
		return ctx, nil
	}
	account, err := a.store.Account(ctx, id)
	if errors.Is(err, db.ErrNotFound) || err == nil && account.Disabled {
		return ctx, nil
	}
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if now.Sub(time.UnixMilli(a.sessions.GetInt64(ctx, seenKey))).Abs() >= seenAfter {
		a.sessions.Put(ctx, seenKey, now.UnixMilli())
		// Pages can be read where nothing can be written.
		if err := a.commit(ctx, w, r); err != nil && !errors.Is(err, db.ErrBroken) && !errors.Is(err, db.ErrFull) {
			return nil, err
		}
	}
	return context.WithValue(ctx, whoKey{}, Who{
		Account: *account, SessionID: sessionID(a.sessions.Token(ctx)),
		Since: time.UnixMilli(a.sessions.GetInt64(ctx, sinceKey)),
	}), nil
}

// StillSignedIn reports whether the session of a request that takes long, such
// as an event stream, has not ended in the meantime.
func (a *Auth) StillSignedIn(ctx context.Context, who Who) bool {
	hash, err := hex.DecodeString(who.SessionID)
	if err == nil {
		_, err = a.store.SessionData(ctx, time.Now(), hash)
	}
	return err == nil
}

// begin gives the browser a new session of an account whose password had the
// hash that was checked. A session that it had before ends.
func (a *Auth) begin(w http.ResponseWriter, r *http.Request, account *db.Account, hash string) error {
	ctx, err := a.sessions.Load(r.Context(), cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	if err := a.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now := time.Now()
	a.sessions.Put(ctx, httpsKey, peer.Of(r.Context()).HTTPS)
	a.sessions.Put(ctx, accountKey, account.ID)
	a.sessions.Put(ctx, sinceKey, now.UnixMilli())
	a.sessions.Put(ctx, seenKey, now.UnixMilli())
	err = a.commit(context.WithValue(ctx, beginKey{}, beginning{hash, db.Session{Account: account.ID, Created: now,
		Seen: now, Address: address(r), Agent: cut(r.UserAgent(), maxAgent)}}), w, r)
	if errors.Is(err, db.ErrNotFound) {
		return ErrWrong // changed while the password was being checked
	}
	return err
}

// maxAgent is how many bytes of a User-Agent are kept.
const maxAgent = 300

func cut(s string, n int) string { return s[:min(len(s), n)] }

func (a *Auth) commit(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	token, ends, err := a.sessions.Commit(ctx)
	if err == nil {
		setCookie(w, r, sessionCookie, token, ends)
	}
	return err
}

// SignOut ends the session of a request.
func (a *Auth) SignOut(w http.ResponseWriter, r *http.Request) error {
	ctx, err := a.sessions.Load(r.Context(), cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	if err := a.sessions.Destroy(ctx); err != nil {
		return err
	}
	dropCookie(w, r, sessionCookie)
	if who, ok := Of(r.Context()); ok {
		a.Audit(r, &who.Account, db.ActionSignedOut, "")
	}
	return nil
}

// sessionID is db.Session.ID of a token.
func sessionID(token string) string { return hex.EncodeToString(HashToken(token)) }

// sessionStore lets scs keep sessions in the store. Its tokens are those that
// scs has hashed.
type sessionStore struct{ db *db.Store }

// beginning is the value of beginKey in the context of a session's first
// commit: a later one does not bring back a session that has ended.
type beginning struct {
	hash string // of the password that was checked
	of   db.Session
}

type beginKey struct{}

// CommitCtx stores a session.
func (s sessionStore) CommitCtx(ctx context.Context, hashed string, data []byte, ends time.Time) error {
	hash, err := base64.RawURLEncoding.DecodeString(hashed)
	if err != nil {
		return err
	}
	b, first := ctx.Value(beginKey{}).(beginning)
	if !first {
		return s.db.TouchSession(ctx, time.Now(), hash, data, ends)
	}
	b.of.Ends = ends
	return s.db.AddSession(ctx, hash, data, b.of, b.hash)
}

// FindCtx returns the data of a session.
func (s sessionStore) FindCtx(ctx context.Context, hashed string) (data []byte, found bool, err error) {
	hash, err := base64.RawURLEncoding.DecodeString(hashed)
	if err != nil {
		return nil, false, err
	}
	data, err = s.db.SessionData(ctx, time.Now(), hash)
	if errors.Is(err, db.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, hashed string) error {
	hash, err := base64.RawURLEncoding.DecodeString(hashed)
	if err != nil {
		return err
	}
	return s.db.DropSession(ctx, hash)
}

// Commit, Find and Delete complete scs.Store.
func (s sessionStore) Commit(hashed string, data []byte, ends time.Time) error {
	return s.CommitCtx(context.Background(), hashed, data, ends)
}

// Find is FindCtx without a context.
func (s sessionStore) Find(hashed string) (data []byte, found bool, err error) {
	return s.FindCtx(context.Background(), hashed)
}

// Delete is DeleteCtx without a context.
func (s sessionStore) Delete(hashed string) error { return s.DeleteCtx(context.Background(), hashed) }
