package ui

import (
	"time"

	"garner/query"
)

// AccountView is an account, with what an admin can change of it.
type AccountView struct {
	Said
	Account query.AccountInfo
	// Self means that it is the reader's own.
	Self bool
	// NameError stands at the name that is typed to remove it.
	NameError string
}

// InviteView makes an account for a person.
type InviteView struct {
	Person PersonLink
	// Name is that of the account.
	Name, NameError string
}

// OneTimeLinkView shows a link once.
type OneTimeLinkView struct {
	Account    query.AccountInfo
	Invitation bool
	Link       string
	Expires    time.Time
}

// role is what an account may do, in a word.
func role(admin bool) string {
	if admin {
		return "admin"
	}
	return "member"
}

// accountState is what keeps an account from signing in; empty if nothing does.
func accountState(a query.AccountInfo) string {
	switch {
	case a.Disabled:
		return "disabled"
	case a.Invited:
		return "invited, no password chosen yet"
	}
	return ""
}

// lastAdmin is why the last admin cannot be changed.
const lastAdmin = "This is the last admin who can sign in. It cannot be disabled, removed or made a member until " +
	"another account is an admin."

func accountURL(id int64) string { return "/accounts/" + itoa(id) }

func inviteURL(slug string) string { return "/people/" + slug + "/invite" }
