package auth

import (
	"context"
	"net/http"
	"time"

	"garner/db"
	"garner/server/peer"
)

// Audit records what an account did by a request; person is the id of whom it concerns,
// 0 for no one. What was done is not undone if that fails.
func (a *Auth) Audit(r *http.Request, account *db.Account, action db.Action, person int64, detail string) {
	e := db.AuditEntry{At: time.Now(), Account: account.ID, Actor: account.Name, Person: person, Action: action,
		Detail: detail, Address: address(r)}
	if err := a.store.AddAudit(context.WithoutCancel(r.Context()), e); err != nil {
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
