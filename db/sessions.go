package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"
)

// Session is a browser that is signed in.
type Session struct {
	ID      string // of this session, and not its token: the hash of that, in hexadecimal
	Account int64
	Created time.Time
	Seen    time.Time // last use, up to ten minutes old
	Ends    time.Time
	Address string // of the client, when it signed in
	Agent   string // its User-Agent
}

// SessionData returns the data of a session that has not ended, by the hash of
// its token; ErrNotFound if there is none. Sessions of disabled accounts are
// not found.
func (s *Store) SessionData(ctx context.Context, now time.Time, hash []byte) (data []byte, err error) {
	err = s.f.queryRow(ctx, `select s.data from session s join account a on a.id = s.account_id
		where s.token = ? and s.ends_ms > ? and a.disabled = 0`, hash, now.UnixMilli()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return data, fault(err)
}

// AddSession begins a session of an account whose password had the hash
// password. ErrNotFound means that the account was disabled or removed, or its
// password was changed, since that hash was read.
func (s *Store) AddSession(ctx context.Context, hash, data []byte, of Session, password string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.changeOne(`insert into session (token, account_id, data, created_ms, seen_ms, ends_ms, address, agent)
			select ?, id, ?, ?, ?, ?, ?, ? from account where id = ? and disabled = 0 and password = ? and password <> ''`,
			hash, data, of.Created.UnixMilli(), of.Seen.UnixMilli(), of.Ends.UnixMilli(), of.Address, of.Agent, of.Account,
			password)
	})
}

// TouchSession replaces the data and the end of a session that is in use. One
// that was ended in the meantime stays ended.
func (s *Store) TouchSession(ctx context.Context, now time.Time, hash, data []byte, ends time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update session set data = ?, seen_ms = ?, ends_ms = ? where token = ?`, data, now.UnixMilli(),
			ends.UnixMilli(), hash)
	})
}

// DropSession ends a session by the hash of its token.
func (s *Store) DropSession(ctx context.Context, hash []byte) error {
	return s.w.do(ctx, func(t *tx) error { return t.exec(`delete from session where token = ?`, hash) })
}

// SessionsOf returns the sessions of an account that have not ended, the last
// used first.
func (s *Store) SessionsOf(ctx context.Context, now time.Time, account int64) ([]Session, error) {
	rows, err := s.f.query(ctx, `select token, created_ms, seen_ms, ends_ms, address, agent from session
		where account_id = ? and ends_ms > ? order by seen_ms desc, token`, account, now.UnixMilli())
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (Session, error) {
		of := Session{Account: account}
		var token []byte
		var created, seen, ends int64
		err := rows.Scan(&token, &created, &seen, &ends, &of.Address, &of.Agent)
		of.ID = hex.EncodeToString(token)
		of.Created, of.Seen, of.Ends = time.UnixMilli(created), time.UnixMilli(seen), time.UnixMilli(ends)
		return of, err
	})
}

// EndSession ends a session of an account by its ID; ErrNotFound if the account
// has none of that ID.
func (s *Store) EndSession(ctx context.Context, account int64, id string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return ErrNotFound
	}
	return s.w.do(ctx, func(t *tx) error {
		return t.changeOne(`delete from session where token = ? and account_id = ?`, hash, account)
	})
}

// EndSessions ends the sessions of an account, but for the one whose ID is
// except, if there is one.
func (s *Store) EndSessions(ctx context.Context, account int64, except string) error {
	keep, err := hex.DecodeString(except)
	if err != nil {
		return ErrNotFound
	}
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`delete from session where account_id = ? and token <> ?`, account, keep)
	})
}

func (t *tx) endSessions(account int64) error {
	return t.exec(`delete from session where account_id = ?`, account)
}

// SaveDevice records that a browser, known by the hash of its cookie, signed in
// to an account.
func (s *Store) SaveDevice(ctx context.Context, now time.Time, hash []byte, account int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into device (token, account_id, seen_ms) values (?, ?, ?)
			on conflict do update set account_id = excluded.account_id, seen_ms = excluded.seen_ms`, hash, account,
			now.UnixMilli())
	})
}

// DeviceKept is how long a browser that signed in is recognised.
const DeviceKept = 365 * 24 * time.Hour

// DeviceAccount returns the account to which a browser signed in last, or
// ErrNotFound.
func (s *Store) DeviceAccount(ctx context.Context, now time.Time, hash []byte) (*Account, error) {
	return s.oneAccount(ctx, `where a.id = (select account_id from device where token = ? and seen_ms > ?)`, hash,
		now.Add(-DeviceKept).UnixMilli())
}
