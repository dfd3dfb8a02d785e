package auth

import (
	"context"
	"net/http"
	"time"

	"garner/db"
	"garner/server/peer"
)

// Audit records what an account did by a request: an entry for each of the people whom
// it concerns, by their ids, or one for no one. What was done is not undone if that
// fails.
func (a *Auth) Audit(r *http.Request, account *db.Account, action db.Action, detail string, people ...int64) {
	if len(people) == 0 {
		people = []int64{0}
	}
	var entries []db.AuditEntry
	for _, person := range people {
		entries = append(entries, db.AuditEntry{At: time.Now(), Account: account.ID, Actor: account.Name, Person: person,
			Action: action, Detail: detail, Address: address(r)})
	}
	if err := a.store.AddAudit(context.WithoutCancel(r.Context()), entries...); err != nil {
		a.log.Error("write the audit log", "action", action, "err", err)
	}
}

// address is the client's address as text; empty if a proxy does not tell.
func address(r *http.Request) string {
	if addr := peer.Of(r.Context()).Addr; addr.IsValid() {
		return addr.String()
	}
	return ""
}
