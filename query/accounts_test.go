package query_test

import (
	"errors"
	"testing"

	"garner/db"
	"garner/query"
)

func TestWhoFindsEntriesAboutThemselvesDoesNotSeeFromWhereTheyCame(t *testing.T) {
	t.Parallel()
	s := crowded(t)
	e := db.AuditEntry{At: evening, Actor: "Ben", Person: 1, Action: db.ActionExported, Address: "192.0.2.7"}
	s.must(s.Store.AddAudit(t.Context(), e))
	for viewer, want := range map[string]string{"member": "", "admin": "192.0.2.7"} {
		q := *s.q
		q.Viewer = query.Account(viewer == "admin", 1)
		page, err := q.AuditOfOwn(t.Context(), 0)
		if err != nil || len(page.Entries) != 2 || page.Entries[0].Address != want {
			t.Errorf("%s: %+v, %v", viewer, page, err)
		}
	}
}

func TestAMemberSeesNoAccountsAndNoAuditLog(t *testing.T) {
	t.Parallel()
	s := crowded(t)
	q := *s.q
	q.Viewer = query.Account(false, 1).SignedInAs(1)
	_, err1 := q.Accounts(t.Context())
	_, err2 := q.Account(t.Context(), 1)
	_, err3 := q.Audit(t.Context(), db.AuditFilter{Person: 1})
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("a member: %v", err)
		}
	}
}
