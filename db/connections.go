package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/db/seal"
	"garner/health"
)

// ConnectionState is the state of a person's consent at Garmin.
type ConnectionState uint8

// The states. A person has at most one connection that has not ended.
const (
	Connected     ConnectionState = iota
	MustReconnect                 // Garmin refuses the tokens: only a new consent helps
	Disconnected
)

// Connection is one consent of a person, from linking until it ends.
type Connection struct {
	ID, Person int64
	UserID     string // Garmin's
	State      ConnectionState
	Cause      health.ConnectionCause // why it is not Connected
	Began      time.Time
	Ended      time.Time // zero until it ends
	AccessEnds time.Time
	// RefreshEnds is when the refresh token ends; without a refresh until then the
	// person must consent again.
	RefreshEnds time.Time
	// Rotation grows with each new pair of tokens.
	Rotation int64
	// Refreshing is when a refresh began whose answer is not known; zero for none.
	Refreshing time.Time
	// Stopping is since when Garmin is to be asked to end it; zero for never.
	Stopping time.Time
	// Due is when the next call about the connection itself may be made.
	Due time.Time
	// Granted are the permissions that Garmin confirmed last, sorted, by Garmin's
	// names; GrantedAt is zero if it never did.
	Granted   []string
	GrantedAt time.Time
}

// usable is the condition that Garmin may be asked on a connection c, as Usable.
const usable = `c.state = 0 and c.stopping_ms = 0`

// Usable reports whether Garmin may be asked on the connection: it accepts the tokens,
// and is not to end it.
func (c *Connection) Usable() bool { return c.State == Connected && c.Stopping.IsZero() }

// Has reports whether Garmin confirmed a permission. The empty one is always
// granted, and any is while Garmin has confirmed none.
func (c *Connection) Has(permission string) bool {
	if permission == "" || c.GrantedAt.IsZero() {
		return true
	}
	return slices.Contains(c.Granted, permission)
}

// Tokens are what Garmin issued for a connection.
type Tokens struct {
	Access, Refresh         string
	AccessEnds, RefreshEnds time.Time
}

// String hides the tokens.
func (t Tokens) String() string { return "***" }

// GoString hides the tokens.
func (t Tokens) GoString() string { return "***" }

// LogValue hides the tokens.
func (t Tokens) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON hides the tokens.
func (t Tokens) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

const connectionColumns = `select c.id, c.person_id, c.user_id, c.state, c.cause, c.began_ms, c.ended_ms,
	c.access_ends_ms, c.refresh_ends_ms,
	c.rotation, c.refreshing_ms, c.stopping_ms, c.due_ms, coalesce(g.granted, ''), coalesce(g.at_ms, 0)
	from connection c left join permission g on g.connection_id = c.id
	and g.at_ms = (select max(at_ms) from permission where connection_id = c.id) `

func scanConnection(rows *sql.Rows) (c Connection, err error) {
	var began, ended, access, refresh, refreshing, stopping, due, at int64
	var granted string
	err = rows.Scan(&c.ID, &c.Person, &c.UserID, &c.State, &c.Cause, &began, &ended, &access, &refresh, &c.Rotation,
		&refreshing, &stopping, &due, &granted, &at)
	c.Began, c.Ended, c.AccessEnds, c.RefreshEnds = instant(began), instant(ended), instant(access), instant(refresh)
	c.Refreshing, c.Stopping, c.Due = instant(refreshing), instant(stopping), instant(due)
	c.Granted, c.GrantedAt = strings.Fields(granted), instant(at)
	return c, err
}

// Connections returns those that have not ended, by person.
func (s *Store) Connections(ctx context.Context) ([]Connection, error) {
	return s.connections(ctx, `where c.state < 2 and `+notErasing+` order by c.person_id`)
}

// ConnectionsOf returns all connections of some people, the newest first for each.
func (s *Store) ConnectionsOf(ctx context.Context, people []int64) (map[int64][]Connection, error) {
	all, err := s.connections(ctx, `where c.person_id in (select value from json_each(?))
		order by c.id desc`, list(people))
	out := map[int64][]Connection{}
	for _, c := range all {
		out[c.Person] = append(out[c.Person], c)
	}
	return out, err
}

// ConnectionOf returns the newest connection of a person, or ErrNotFound.
func (s *Store) ConnectionOf(ctx context.Context, person int64) (*Connection, error) {
	return s.connection(ctx, `where c.person_id = ? order by c.id desc limit 1`, person)
}

// Connection returns one by its id, or ErrNotFound.
func (s *Store) Connection(ctx context.Context, id int64) (*Connection, error) {
	return s.connection(ctx, `where c.id = ?`, id)
}

func (s *Store) connection(ctx context.Context, where string, arg any) (*Connection, error) {
	all, err := s.connections(ctx, where, arg)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, ErrNotFound
	}
	return &all[0], nil
}

func (s *Store) connections(ctx context.Context, where string, args ...any) ([]Connection, error) {
	rows, err := s.f.query(ctx, connectionColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanConnection)
}

func connectionPlace(column string, id int64) seal.Place {
	return seal.Place{Table: "connection", Column: column, Row: strconv.FormatInt(id, 10)}
}

// TokensOf returns a connection and its tokens. ErrNotFound means that it has
// none, ErrSealed that they cannot be decrypted.
func (s *Store) TokensOf(ctx context.Context, id int64) (*Connection, Tokens, error) {
	c, err := s.Connection(ctx, id)
	if err != nil {
		return nil, Tokens{}, err
	}
	// Both from one row: a rotation between the two reads would mix them up.
	var access, refresh []byte
	var key string
	var accessEnds, refreshEnds int64
	if err := s.f.queryRow(ctx, `select access, refresh, key_id, access_ends_ms, refresh_ends_ms, rotation
		from connection where id = ?`, id).Scan(&access, &refresh, &key, &accessEnds, &refreshEnds, &c.Rotation); err != nil {
		return nil, Tokens{}, fault(err)
	}
	if key == "" {
		return nil, Tokens{}, fmt.Errorf("tokens of connection %d: %w", id, ErrNotFound)
	}
	c.AccessEnds, c.RefreshEnds = instant(accessEnds), instant(refreshEnds)
	t := Tokens{AccessEnds: c.AccessEnds, RefreshEnds: c.RefreshEnds}
	if t.Access, err = s.unsealText(connectionPlace("access", id), key, access); err == nil {
		t.Refresh, err = s.unsealText(connectionPlace("refresh", id), key, refresh)
	}
	return c, t, err
}

// unsealText decrypts a value; an empty one is none.
func (s *Store) unsealText(at seal.Place, key string, value []byte) (string, error) {
	if len(value) == 0 {
		return "", nil
	}
	plain, err := s.unseal(at, seal.Sealed{KeyID: key, Data: value})
	return string(plain), err
}

// BeginRefresh records that a refresh begins, before Garmin is called. ErrNotFound
// means that the connection is not Connected, or that its tokens have changed since
// rotation.
func (s *Store) BeginRefresh(ctx context.Context, now time.Time, id, rotation int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.changeOne(`update connection set refreshing_ms = ? where id = ? and rotation = ? and state = 0`,
			now.UnixMilli(), id, rotation)
	})
}

// EndRefresh records that a refresh ended without new tokens, and when the next
// may begin.
func (s *Store) EndRefresh(ctx context.Context, id, rotation int64, due time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update connection set refreshing_ms = 0, due_ms = ? where id = ? and rotation = ?`, due.UnixMilli(),
			id, rotation)
	})
}

// PutTokens replaces the tokens of rotation by newer ones. They are durable when it
// returns. ErrNotFound means that the connection is not Connected, or that its
// tokens have changed in the meantime.
func (s *Store) PutTokens(ctx context.Context, id, rotation int64, tokens Tokens) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.changeOne(`update connection set rotation = rotation + 1, refreshing_ms = 0, due_ms = 0 where id = ?
			and rotation = ? and state = 0`, id, rotation); err != nil {
			return err
		}
		return s.sealTokens(t, id, tokens)
	})
}

func (s *Store) sealTokens(t *tx, id int64, tokens Tokens) error {
	access, err := s.seal(t, connectionPlace("access", id), []byte(tokens.Access))
	if err != nil {
		return err
	}
	refresh, err := s.seal(t, connectionPlace("refresh", id), []byte(tokens.Refresh))
	if err != nil {
		return err
	}
	return t.exec(`update connection set access = ?, refresh = ?, key_id = ?, access_ends_ms = ?, refresh_ends_ms = ?
		where id = ?`, access.Data, refresh.Data, access.KeyID, tokens.AccessEnds.UnixMilli(),
		tokens.RefreshEnds.UnixMilli(), id)
}

// RefuseTokens records that Garmin refuses the tokens of rotation: the person must
// connect again. It changes nothing if the tokens have changed in the meantime.
func (s *Store) RefuseTokens(ctx context.Context, id, rotation int64, cause health.ConnectionCause) error {
	return s.w.do(ctx, func(t *tx) error {
		err := t.changeOne(`update connection set state = 1, cause = ?, refreshing_ms = 0 where id = ? and rotation = ?
			and state = 0`, int(cause), id, rotation)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return cmp.Or(err, t.bumpPeople())
	})
}

// StopConnection records that Garmin is to be asked to end a connection. Nothing
// else is asked with its tokens from now on.
func (s *Store) StopConnection(ctx context.Context, now time.Time, id int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.changeOne(`update connection set stopping_ms = ?, due_ms = 0 where id = ? and state < 2
			and stopping_ms = 0`, now.UnixMilli(), id)
	})
}

// Postpone records when the next call about a connection itself may be made.
func (s *Store) Postpone(ctx context.Context, id int64, due time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update connection set due_ms = ? where id = ?`, due.UnixMilli(), id)
	})
}

// EndConnection ends a connection and deletes its tokens. What was planned to be
// asked is canceled. Ending one that has ended changes nothing.
func (s *Store) EndConnection(ctx context.Context, now time.Time, id int64, cause health.ConnectionCause) error {
	return s.w.do(ctx, func(t *tx) error { return t.endConnection(now, id, cause) })
}

func (t *tx) endConnection(now time.Time, id int64, cause health.ConnectionCause) error {
	var person int64
	err := t.row(`update connection set state = 2, cause = ?, ended_ms = ?, access = x'', refresh = x'',
		key_id = '', refreshing_ms = 0, stopping_ms = 0 where id = ? and state < 2 returning person_id`,
		[]any{int(cause), now.UnixMilli(), id}, &person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return cmp.Or(t.cancelWindows(now, id), t.bumpPeople(), t.deleteErased(person))
}

// PutPermissions records what Garmin confirmed that a person grants. The same set
// as before adds no row.
func (s *Store) PutPermissions(ctx context.Context, now time.Time, id int64, granted []string) error {
	return s.w.do(ctx, func(t *tx) error { return t.putPermissions(now, id, granted) })
}

func (t *tx) putPermissions(now time.Time, id int64, granted []string) error {
	text := joined(granted)
	var latest sql.NullString
	if err := t.row(`select max(granted) from permission where connection_id = ?1 and at_ms = (select max(at_ms)
		from permission where connection_id = ?1)`, []any{id}, &latest); err != nil {
		return err
	}
	if latest.Valid && latest.String == text {
		return nil
	}
	return t.exec(`insert into permission (connection_id, at_ms, granted) values (?, ?, ?)
		on conflict do update set granted = excluded.granted`, id, now.UnixMilli(), text)
}

// Grant is what a person granted from an instant on, as Garmin confirmed it.
type Grant struct {
	Person  int64
	At      time.Time
	Granted []string
}

// GrantsOf returns the confirmed permissions of some people, the newest first for
// each.
func (s *Store) GrantsOf(ctx context.Context, people []int64) (map[int64][]Grant, error) {
	out := map[int64][]Grant{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var g Grant
		var at int64
		var granted string
		err := rows.Scan(&g.Person, &at, &granted)
		g.At, g.Granted = instant(at), strings.Fields(granted)
		out[g.Person] = append(out[g.Person], g)
		return err
	}, `select c.person_id, g.at_ms, g.granted from permission g join connection c on c.id = g.connection_id
		where c.person_id in (select value from json_each(?)) order by g.at_ms desc`, list(people))
	return out, err
}
