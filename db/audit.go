package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"time"
)

// Action is what an entry of the audit log is about.
type Action string

// The actions. Their texts are stored.
const (
	ActionSignedIn        Action = "signed_in"
	ActionSignInsFailed   Action = "sign_ins_failed" // detail: how many
	ActionSignedOut       Action = "signed_out"
	ActionSessionEnded    Action = "session_ended"
	ActionPasswordChanged Action = "password_changed"
	ActionLinkCreated     Action = "link_created"
	ActionAccountAdded    Action = "account_added"
	ActionAccountChanged  Action = "account_changed"
	ActionAccountRemoved  Action = "account_removed"
	ActionPersonAdded     Action = "person_added"
	ActionSharingChanged  Action = "sharing_changed"
	ActionPayloadRead     Action = "payload_read"
	ActionExported        Action = "exported"
	ActionSettingsChanged Action = "settings_changed"
	ActionSecretRotated   Action = "secret_rotated"
	ActionInvited         Action = "invited"
	ActionConnected       Action = "connected"
	ActionDisconnected    Action = "disconnected"
	ActionErased          Action = "erased"
	ActionHistoryAsked    Action = "history_asked"    // detail: how many windows
	ActionHistoryCanceled Action = "history_canceled" // the same
	ActionTokenAdded      Action = "token_added"
	ActionTokenRemoved    Action = "token_removed"
	ActionKeyStored       Action = "key_stored" // detail: the last day
	ActionKeyRemoved      Action = "key_removed"
	ActionPullAsked       Action = "pull_asked"   // detail: the days
	ActionNoteChanged     Action = "note_changed" // detail: the day
)

// AuditEntry is one entry of the audit log.
type AuditEntry struct {
	ID      int64 // grows with time
	At      time.Time
	Account int64  // who did it; 0 for the command line, a removed account, or no one signed in
	Actor   string // the name that the account had
	Person  int64  // whom it concerns; 0 for no one
	Action  Action
	Detail  string
	Address string // of the client
}

// AddAudit adds all entries or none; their IDs are not used.
func (s *Store) AddAudit(ctx context.Context, entries ...AuditEntry) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, e := range entries {
			if err := t.exec(`insert into audit (at_ms, account_id, actor, person_id, action, detail, address)
				values (?, ?, ?, ?, ?, ?, ?)`, e.At.UnixMilli(), ref(e.Account), e.Actor, ref(e.Person), e.Action, e.Detail,
				e.Address); err != nil {
				return err
			}
		}
		return nil
	})
}

// AuditFilter selects entries of the audit log. 0 stands for all.
type AuditFilter struct {
	Person  int64 // whom they concern
	Account int64 // who did it
	Before  int64 // entries with an ID below
}

// Audit returns the newest of the entries that a filter selects, at most limit.
func (s *Store) Audit(ctx context.Context, f AuditFilter, limit int) ([]AuditEntry, error) {
	where, args := `id < ?`, []any{cmp.Or(f.Before, math.MaxInt64)}
	if f.Person != 0 {
		where, args = where+` and person_id = ?`, append(args, f.Person)
	}
	if f.Account != 0 {
		where, args = where+` and account_id = ?`, append(args, f.Account)
	}
	return s.audit(ctx, where+` order by id desc limit ?`, append(args, limit)...)
}

func (s *Store) audit(ctx context.Context, where string, args ...any) ([]AuditEntry, error) {
	rows, err := s.f.query(ctx, `select id, at_ms, coalesce(account_id, 0), actor, coalesce(person_id, 0), action, detail,
		address from audit where `+notErasing+` and `+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (e AuditEntry, err error) {
		var at int64
		err = rows.Scan(&e.ID, &at, &e.Account, &e.Actor, &e.Person, &e.Action, &e.Detail, &e.Address)
		e.At = time.UnixMilli(at)
		return e, err
	})
}

// LastSignIns returns when each account signed in last, by its ID, as far as the
// audit log goes back.
func (s *Store) LastSignIns(ctx context.Context) (map[int64]time.Time, error) {
	out := map[int64]time.Time{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var account, at int64
		err := rows.Scan(&account, &at)
		out[account] = time.UnixMilli(at)
		return err
	}, `select a.id, e.at_ms from account a join audit e on e.id = (select id from audit where account_id = a.id and
		action = ? order by id desc limit 1)`, ActionSignedIn)
	return out, err
}

// AuditKept is how long entries of the audit log are kept.
const AuditKept = 2 * 365 * 24 * time.Hour

// PruneAccounts drops sessions that have ended, links that have expired, tokens of the
// API that expired APITokenKept ago, browsers that have not signed in for DeviceKept, and
// entries of the audit log older than AuditKept: of each at most pruneStep, since the
// clock may be wrong.
func (s *Store) PruneAccounts(ctx context.Context, now time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return errors.Join(
			t.exec(`delete from session where token in (select token from session where ends_ms <= ? limit ?)`,
				now.UnixMilli(), pruneStep),
			t.exec(`delete from link where token in (select token from link where expires_ms <= ? limit ?)`,
				now.UnixMilli(), pruneStep),
			t.exec(`delete from api_token where id in (select id from api_token where expires_ms > 0 and expires_ms <= ? limit
				?)`, now.Add(-APITokenKept).UnixMilli(), pruneStep),
			t.exec(`delete from device where token in (select token from device where seen_ms <= ? limit ?)`,
				now.Add(-DeviceKept).UnixMilli(), pruneStep),
			t.exec(`delete from audit where id in (select id from audit where at_ms <= ? order by id limit ?)`,
				now.Add(-AuditKept).UnixMilli(), pruneStep))
	})
}
