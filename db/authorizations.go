package db

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"garner/db/seal"
	"garner/health"
)

// Authorization is one run through Garmin's sign-in, for an invitation.
type Authorization struct {
	Person     int64
	Name, Slug string // the person's
	Redirect   string // redirect_uri
	Invitation []byte // hash of its token
	Expires    time.Time
	// Returned is when Garmin's sign-in came back; zero if it has not. A state works
	// once.
	Returned time.Time
	// UserID and Granted are what Garmin said with the new tokens; empty before.
	UserID  string
	Granted []string
	// Fault is why it cannot be confirmed; empty if it can, once UserID is known.
	Fault string
	// Connection is what the confirmation made; 0 before.
	Connection int64
	// Known reports whether the Garmin account was linked to this person before.
	Known bool
}

func authorizationPlace(column string, state []byte) seal.Place {
	return seal.Place{Table: "authorization", Column: column, Row: strings.ToUpper(hex.EncodeToString(state))}
}

// BeginAuthorization begins a run: state and browser are hashes of the state and of
// the cookie that it belongs to. ErrNotFound means that the invitation does not
// work, ErrNoKeys that the verifier cannot be encrypted.
func (s *Store) BeginAuthorization(ctx context.Context, now time.Time, state, browser, invitation []byte,
	redirect, verifier string, expires time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		var person int64
		err := t.row(`select i.person_id from invitation i join person p on p.id = i.person_id and p.erasing_ms = 0
			where `+validInvitation+` and i.token = ?2`, []any{now.UnixMilli(), invitation}, &person)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		sealed, err := s.seal(t, authorizationPlace("verifier", state), []byte(verifier))
		if err != nil {
			return err
		}
		return t.exec(`insert into authorization (state, browser, invitation, person_id, redirect, created_ms, expires_ms,
			verifier, key_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`, state, browser, invitation, person, redirect,
			now.UnixMilli(), expires.UnixMilli(), sealed.Data, sealed.KeyID)
	})
}

// UseState uses up a state in the browser that it belongs to, and returns the PKCE
// verifier, or what another sign-in keeps in its place. ErrNotFound means that there
// is none, that it was used, or that it has expired.
func (s *Store) UseState(ctx context.Context, now time.Time, state, browser []byte) (verifier string, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		if err := t.changeOne(`update authorization set returned_ms = ?1 where state = ?2 and browser = ?3
			and returned_ms = 0 and expires_ms > ?1`, now.UnixMilli(), state, browser); err != nil {
			return err
		}
		var sealed seal.Sealed
		if err := t.row(`select verifier, key_id from authorization where state = ?`, []any{state}, &sealed.Data,
			&sealed.KeyID); err != nil {
			return err
		}
		plain, err := s.unseal(authorizationPlace("verifier", state), sealed)
		verifier = string(plain)
		return err
	})
	return verifier, err
}

// AuthorizationTokens stores the tokens that Garmin issued. They are durable when
// it returns.
func (s *Store) AuthorizationTokens(ctx context.Context, state []byte, tokens Tokens) error {
	return s.w.do(ctx, func(t *tx) error {
		access, err := s.seal(t, authorizationPlace("access", state), []byte(tokens.Access))
		if err != nil {
			return err
		}
		refresh, err := s.seal(t, authorizationPlace("refresh", state), []byte(tokens.Refresh))
		if err != nil {
			return err
		}
		// The verifier was used; without it one key serves the whole row.
		return t.changeOne(`update authorization set verifier = x'', access = ?, refresh = ?, key_id = ?,
			access_ends_ms = ?, refresh_ends_ms = ? where state = ? and connection_id is null`, access.Data, refresh.Data,
			access.KeyID, tokens.AccessEnds.UnixMilli(), tokens.RefreshEnds.UnixMilli(), state)
	})
}

// AuthorizationFacts stores what Garmin said with the new tokens, or why the run
// cannot be confirmed.
func (s *Store) AuthorizationFacts(ctx context.Context, state []byte, userID string, granted []string,
	reason string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update authorization set user_id = ?, granted = ?, fault = ? where state = ?
			and connection_id is null`,
			userID, joined(granted), reason, state)
	})
}

// Authorization returns the run of a state in the browser that it belongs to, or
// ErrNotFound.
func (s *Store) Authorization(ctx context.Context, state, browser []byte) (*Authorization, error) {
	return s.authorization(ctx, `where a.state = ? and a.browser = ?`, state, browser)
}

// LatestAuthorization returns the run that a browser has confirmed last, or
// ErrNotFound.
func (s *Store) LatestAuthorization(ctx context.Context, browser []byte) (*Authorization, error) {
	return s.authorization(ctx, `where a.browser = ? and a.connection_id is not null
		order by a.connection_id desc limit 1`, browser)
}

func (s *Store) authorization(ctx context.Context, where string, args ...any) (*Authorization, error) {
	var a Authorization
	var expires, returned int64
	var granted string
	err := s.f.queryRow(ctx, `select p.id, p.name, p.slug, a.redirect, a.invitation, a.expires_ms, a.returned_ms,
		a.user_id, a.granted, a.fault, coalesce(a.connection_id, 0), exists (select 1 from identity n where n.kind = 'user_id'
		and n.value = cast(a.user_id as blob) and n.person_id = p.id)
		from authorization a join person p on p.id = a.person_id and p.erasing_ms = 0 `+where, args...).
		Scan(&a.Person, &a.Name, &a.Slug, &a.Redirect, &a.Invitation, &expires, &returned, &a.UserID, &granted, &a.Fault,
			&a.Connection, &a.Known)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	a.Expires, a.Returned, a.Granted = instant(expires), instant(returned), strings.Fields(granted)
	return &a, fault(err)
}

// PersonOfUserID returns whose a Garmin user id is, or ErrNotFound.
func (s *Store) PersonOfUserID(ctx context.Context, userID string) (*Person, error) {
	return s.person(ctx, `where p.id = (select person_id from identity where kind = 'user_id' and value = ?)`,
		[]byte(userID))
}

// Confirm links the person to the Garmin account of a run: the invitation is used
// up, a former connection of the person ends, and the elements that waited for the
// user id are processed. Confirming again returns the same connection. ErrNotFound
// means that there is nothing to confirm, or that it came too late, ErrLinked that
// another person has the account.
func (s *Store) Confirm(ctx context.Context, now time.Time, state, browser []byte) (id int64, err error) {
	err = s.w.do(ctx, func(t *tx) (err error) {
		id, err = s.confirm(t, now, state, browser)
		return err
	})
	return id, err
}

func (s *Store) confirm(t *tx, now time.Time, state, browser []byte) (int64, error) {
	var person, done int64
	var invitation []byte
	var userID, granted string
	err := t.row(`select a.person_id, a.invitation, a.user_id, a.granted, coalesce(a.connection_id, 0)
		from authorization a join person p on p.id = a.person_id and p.erasing_ms = 0
		where a.state = ?2 and a.browser = ?3 and a.user_id <> '' and a.fault = '' and (a.expires_ms > ?1
		or a.connection_id is not null)`, []any{now.UnixMilli(), state, browser}, &person, &invitation, &userID, &granted,
		&done)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotFound
	}
	if err != nil || done != 0 {
		return done, err
	}
	if err := t.changeOne(`update invitation set used_ms = ?1 where token = ?2 and used_ms = 0 and expires_ms > ?1`,
		now.UnixMilli(), invitation); err != nil {
		return 0, err
	}
	if err := s.linkUser(t, person, userID); err != nil {
		return 0, err
	}
	tokens, err := s.authorizedTokens(t, state)
	if err != nil {
		return 0, err
	}
	id, err := s.addConnection(t, now, person, userID, tokens)
	if err != nil {
		return 0, err
	}
	return id, cmp.Or(t.putPermissions(now, id, strings.Fields(granted)),
		t.exec(`update authorization set connection_id = ?, access = x'', refresh = x'', verifier = x'', key_id = ''
			where state = ?`, id, state))
}

// linkUser links a person to a Garmin user id, unless they are linked already.
// ErrLinked means that another person has it, ErrNotFound that the person is being
// erased.
func (s *Store) linkUser(t *tx, person int64, userID string) error {
	if living, err := t.living(person); err != nil || !living {
		return cmp.Or(err, ErrNotFound)
	}
	var whose int64
	err := t.row(`select person_id from identity where kind = 'user_id' and value = ?`, []any{[]byte(userID)}, &whose)
	switch {
	case err == nil && whose == person:
		return t.releaseOrphans(userID, "")
	case err == nil:
		return ErrLinked
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	return cmp.Or(s.link(t, person, "user_id", []byte(userID)), t.bumpPeople(), t.releaseOrphans(userID, ""))
}

// authorizedTokens are those that a run brought.
func (s *Store) authorizedTokens(t *tx, state []byte) (tokens Tokens, err error) {
	var access, refresh []byte
	var key string
	var accessEnds, refreshEnds int64
	if err := t.row(`select access, refresh, key_id, access_ends_ms, refresh_ends_ms from authorization where state = ?`,
		[]any{state}, &access, &refresh, &key, &accessEnds, &refreshEnds); err != nil {
		return tokens, err
	}
	tokens.AccessEnds, tokens.RefreshEnds = instant(accessEnds), instant(refreshEnds)
	if tokens.Access, err = s.unsealText(authorizationPlace("access", state), key, access); err == nil {
		tokens.Refresh, err = s.unsealText(authorizationPlace("refresh", state), key, refresh)
	}
	return tokens, err
}

// addConnection begins a connection, and ends those that the person or the Garmin
// account had.
func (s *Store) addConnection(t *tx, now time.Time, person int64, userID string, tokens Tokens) (int64, error) {
	rows, err := t.query(`select id from connection where state < 2 and (person_id = ? or user_id = ?)`, person, userID)
	if err != nil {
		return 0, err
	}
	former, err := collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
	if err != nil {
		return 0, err
	}
	for _, id := range former {
		if err := t.endConnection(now, id, health.CauseReplaced); err != nil {
			return 0, err
		}
	}
	res, err := t.result(`insert into connection (person_id, user_id, state, began_ms, access, refresh, access_ends_ms,
		refresh_ends_ms) values (?, ?, 0, ?, x'', x'', 0, 0)`, person, userID, now.UnixMilli())
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, err
	}
	for _, link := range optionalLinks {
		if err := link(s, t, person, tokens); err != nil {
			return 0, err
		}
	}
	return id, cmp.Or(s.sealTokens(t, id, tokens), t.reconnected(now, person), t.bumpPeople())
}

// optionalLinks link what the tokens of a new connection say of its person. Files that
// will be deleted one day add themselves.
var optionalLinks []func(s *Store, t *tx, person int64, tokens Tokens) error

// AddConnection begins a connection with tokens that came without the sign-in page,
// and what Garmin said of it. ErrLinked means that another person has the account.
func (s *Store) AddConnection(ctx context.Context, now time.Time, person int64, userID string, tokens Tokens,
	granted []string) (id int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		if err := s.linkUser(t, person, userID); err != nil {
			return fmt.Errorf("link the Garmin account: %w", err)
		}
		if id, err = s.addConnection(t, now, person, userID, tokens); err != nil {
			return err
		}
		return t.putPermissions(now, id, granted)
	})
	return id, err
}

// PruneAuthorizations deletes runs that have expired, those that were confirmed a
// day later, and invitations that no longer work.
func (s *Store) PruneAuthorizations(ctx context.Context, now time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return cmp.Or(t.exec(`delete from authorization where expires_ms < ?1 - iif(connection_id is null, 0, 86400000)`,
			now.UnixMilli()),
			t.exec(`delete from invitation where expires_ms < ?1`, now.UnixMilli()))
	})
}
