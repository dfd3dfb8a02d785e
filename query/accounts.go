package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
)

// AccountInfo is an account as an admin sees it.
type AccountInfo struct {
	ID   int64
	Name string
	// Admin means that it runs the installation; it is else a member.
	Admin bool
	// Person is its own person; nil for none.
	Person *PersonRef
	// PersonID is the id of Person, 0 for none.
	PersonID int64
	Disabled bool
	// Invited means that it has not chosen a password yet.
	Invited bool
	// SignedIn is when it signed in last; zero for never.
	SignedIn time.Time
	// LastAdmin means that no other admin can sign in, so that it can neither be
	// disabled nor removed nor become a member.
	LastAdmin bool
}

// Accounts are all accounts by name. It returns db.ErrNotFound to a viewer who
// does not run the installation.
func (q *Reader) Accounts(ctx context.Context) ([]AccountInfo, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	list, err := q.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	signedIn, err := q.Store.LastSignIns(ctx)
	if err != nil {
		return nil, err
	}
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	admins := 0
	for _, a := range list {
		if a.Administers() {
			admins++
		}
	}
	out := make([]AccountInfo, 0, len(list))
	for _, a := range list {
		out = append(out, AccountInfo{ID: a.ID, Name: a.Name, Admin: a.Role == db.RoleAdmin,
			Person: names.person(a.Person), PersonID: a.Person, Disabled: a.Disabled, Invited: !a.HasPassword,
			SignedIn: signedIn[a.ID], LastAdmin: a.Administers() && admins == 1})
	}
	return out, nil
}

// Account is one account, or db.ErrNotFound, also to a viewer who does not run the
// installation.
func (q *Reader) Account(ctx context.Context, id int64) (*AccountInfo, error) {
	list, err := q.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(a AccountInfo) bool { return a.ID == id })
	if at < 0 {
		return nil, db.ErrNotFound
	}
	return &list[at], nil
}

// Session is a browser that is signed in.
type Session struct {
	ID string
	// Since is the sign-in, Seen the last use, up to ten minutes old.
	Since, Seen time.Time
	// Address and Agent are the client's address and User-Agent at the sign-in.
	Address, Agent string
}

// Sessions are those of the viewer's own account, the last used first.
func (q *Reader) Sessions(ctx context.Context) ([]Session, error) {
	list, err := q.Store.SessionsOf(ctx, q.Now, q.Viewer.account)
	out := make([]Session, 0, len(list))
	for _, s := range list {
		out = append(out, Session{ID: s.ID, Since: s.Created, Seen: s.Seen, Address: s.Address, Agent: s.Agent})
	}
	return out, err
}

// Sharing is who sees the viewer's own person.
type Sharing struct {
	Person PersonRef
	// AdminsRead means that admins see the values of the person.
	AdminsRead bool
	// Accounts are those with which the person can share, by name: all that are
	// enabled, and those that see the person already.
	Accounts []SharedWith
}

// SharedWith is an account, and whether it sees a person.
type SharedWith struct {
	ID   int64
	Name string
	Sees bool
}

// Sharing returns who sees the viewer's own person, or db.ErrNotFound if they have
// none. Others cannot ask for it: only the person decides.
func (q *Reader) Sharing(ctx context.Context) (*Sharing, error) {
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	own := q.Viewer.Own()
	person := names.person(own)
	if person == nil {
		return nil, db.ErrNotFound
	}
	out := &Sharing{Person: *person}
	if out.AdminsRead, err = q.Store.AdminsRead(ctx, own); err != nil {
		return nil, err
	}
	with, err := q.Store.SharesOf(ctx, own)
	if err != nil {
		return nil, err
	}
	all, err := q.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		sees := slices.ContainsFunc(with, func(b *db.Account) bool { return b.ID == a.ID })
		if a.Person != own && (sees || !a.Disabled) {
			out.Accounts = append(out.Accounts, SharedWith{a.ID, a.Name, sees})
		}
	}
	return out, nil
}

// AuditEntry is an entry of the audit log. It never holds values or secrets.
type AuditEntry struct {
	At time.Time
	// Actor is the name that the account had, or that it was the command line; empty for
	// those who are not signed in.
	Actor string
	// Person is whom it concerns; nil for no one.
	Person *PersonRef
	Action db.Action
	Detail string
	// Address is the client's; only for a viewer who runs the installation.
	Address string
}

// AuditPage is a page of the audit log, newest first. Older is the id below which
// the next page begins, 0 on the last.
type AuditPage struct {
	Entries []AuditEntry
	Older   int64
}

// auditRows is how many entries a page has.
const auditRows = 50

// Audit is a page of what accounts did. It returns db.ErrNotFound to a viewer who
// does not run the installation.
func (q *Reader) Audit(ctx context.Context, f db.AuditFilter) (*AuditPage, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	return q.audit(ctx, f)
}

// AuditOfOwn is the same of the entries that concern the viewer's own person, or
// db.ErrNotFound if they have none.
func (q *Reader) AuditOfOwn(ctx context.Context, before int64) (*AuditPage, error) {
	own := q.Viewer.Own()
	if own == 0 {
		return nil, db.ErrNotFound
	}
	return q.audit(ctx, db.AuditFilter{Person: own, Before: before})
}

func (q *Reader) audit(ctx context.Context, f db.AuditFilter) (*AuditPage, error) {
	list, err := q.Store.Audit(ctx, f, auditRows+1)
	if err != nil {
		return nil, err
	}
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	out := &AuditPage{}
	if len(list) > auditRows {
		list = list[:auditRows]
		out.Older = list[auditRows-1].ID
	}
	for _, e := range list {
		entry := AuditEntry{At: e.At, Actor: e.Actor, Person: names.person(e.Person), Action: e.Action, Detail: e.Detail}
		if q.Viewer.Operates() {
			entry.Address = e.Address
		}
		out.Entries = append(out.Entries, entry)
	}
	return out, nil
}
