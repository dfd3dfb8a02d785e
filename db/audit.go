package db

import (
	"context"
	"database/sql"
	"errors"
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

// AddAudit adds an entry; its ID is not used.
func (s *Store) AddAudit(ctx context.Context, e AuditEntry) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into audit (at_ms, account_id, actor, person_id, action, detail, address)
			values (?, ?, ?, ?, ?, ?, ?)`, e.At.UnixMilli(), ref(e.Account), e.Actor, ref(e.Person), e.Action, e.Detail,
			e.Address)
	})
}

// Audit returns the newest entries with an ID below before, or of all for 0, at
// most limit.
func (s *Store) Audit(ctx context.Context, before int64, limit int) ([]AuditEntry, error) {
	return s.audit(ctx, `(?1 = 0 or id < ?1)`, before, limit)
}

// AuditOf returns the same of the entries that concern a person.
func (s *Store) AuditOf(ctx context.Context, person, before int64, limit int) ([]AuditEntry, error) {
	return s.audit(ctx, `(?1 = 0 or id < ?1) and person_id = ?3`, before, limit, person)
}

// AuditBy returns the same of the entries about what an account did.
func (s *Store) AuditBy(ctx context.Context, account, before int64, limit int) ([]AuditEntry, error) {
	return s.audit(ctx, `(?1 = 0 or id < ?1) and account_id = ?3`, before, limit, account)
}

func (s *Store) audit(ctx context.Context, where string, args ...any) ([]AuditEntry, error) {
	rows, err := s.f.query(ctx, `select id, at_ms, coalesce(account_id, 0), actor, coalesce(person_id, 0), action, detail,
		address from audit where `+where+` order by id desc limit ?2`, args...)
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

// AuditKept is how long entries of the audit log are kept.
const AuditKept = 2 * 365 * 24 * time.Hour

// PruneAccounts drops sessions that have ended, links that have expired,
// browsers that have not signed in for DeviceKept, and entries of the audit log
// older than AuditKept: of each at most pruneStep, since the clock may be wrong.
func (s *Store) PruneAccounts(ctx context.Context, now time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return errors.Join(
			t.exec(`delete from session where token in (select token from session where ends_ms <= ? limit ?)`,
				now.UnixMilli(), pruneStep),
			t.exec(`delete from link where token in (select token from link where expires_ms <= ? limit ?)`,
				now.UnixMilli(), pruneStep),
			t.exec(`delete from device where token in (select token from device where seen_ms <= ? limit ?)`,
				now.Add(-DeviceKept).UnixMilli(), pruneStep),
			t.exec(`delete from audit where id in (select id from audit where at_ms <= ? order by id limit ?)`,
				now.Add(-AuditKept).UnixMilli(), pruneStep))
	})
}
