package ui

import (
	"maps"
	"time"

	"github.com/a-h/templ"

	"garner/query"
)

func sampleAccounts() []query.AccountInfo {
	return []query.AccountInfo{
		{ID: 1, Name: "Ada", Admin: true, PersonID: 1, Person: &query.PersonRef{Name: "Ada", Slug: "ada"},
			SignedIn: sampleNow.Add(-time.Hour), LastAdmin: true},
		{ID: 2, Name: "Ben", PersonID: 2, Person: &query.PersonRef{Name: "Ben", Slug: "ben"}, Invited: true},
		{ID: 3, Name: "Coach Carla", Disabled: true}}
}

func sampleAudit() AuditList {
	return AuditList{Newer: "/audit", Older: "/audit?before=7", Entries: []query.AuditEntry{
		{At: sampleNow, Actor: "Ada", Action: "payload_read", Detail: "delivery 4880", Address: "192.168.1.20",
			Person: &query.PersonRef{Name: "Ben", Slug: "ben"}},
		{At: sampleNow.AddDate(0, 0, -1), Action: "sign_ins_failed", Detail: "3"},
		{At: sampleNow.AddDate(0, 0, -2), Actor: "Ben", Action: "of a later version"}}}
}

// apiPages are the page about the API and those of its tokens.
func apiPages(admin, member Page) map[string]templ.Component {
	tokens := []query.APIToken{
		{ID: 1, Name: "Grafana", Account: "Ada", Own: true, Scopes: []string{"metrics", "read"},
			Created: sampleNow.AddDate(0, -2, 0), Used: sampleNow.Add(-time.Minute)},
		{ID: 2, Name: "mirror", Account: "Ben", One: true, Person: &query.PersonRef{Name: "Ben", Slug: "ben"},
			Scopes: []string{"read"}, Created: sampleNow.AddDate(0, 0, -1), Expires: sampleNow.AddDate(0, 0, 9)},
		{ID: 3, Name: "old", One: true, Scopes: []string{"status"}, Created: sampleNow.AddDate(-1, 0, 0),
			Expires: sampleNow.AddDate(0, 0, -1), Used: sampleNow.AddDate(0, 0, -2), Expired: true}}
	page := APIView{Said: Said{Notice: "mirror no longer works."}, Base: "garner.example.org/api/v1/",
		Document: "/api/v1/openapi.json", Dictionary: "/export/data-dictionary.md", Tokens: tokens,
		Examples: []APIExample{{Key: "changes", Title: "Changes", About: "For a copy elsewhere.", Command: "curl changes"}},
		Problems: []APIProblem{{404, "not-found", "There is no such person or type", "The token may not see it."}}}
	empty := page
	empty.Tokens = nil
	form := APITokenForm{Scopes: []string{"read", "status", "metrics"}, Chosen: []string{"read"},
		People: []PersonLink{ada, ben}}
	wrong := form
	wrong.Chosen, wrong.Name, wrong.Person, wrong.NameError = nil, "Grafana", "ben", "You have another token of this name."
	wrong.ScopeError, wrong.PersonError, wrong.ExpiresError = "Tick at least one.", "Ben does not share.", "Choose a later day."
	return map[string]templ.Component{
		"api":              API(admin, page),
		"api-empty":        API(member, empty),
		"api-token-new":    APITokenNew(member, form),
		"api-token-errors": APITokenNew(admin, wrong),
		"api-token-made":   APITokenMade(admin, APITokenMadeView{Token: tokens[0], Text: "garner_x", Example: "curl x"}),
		"api-token":        APITokenPage(admin, APITokenView{Token: tokens[1]}),
	}
}

// accountPages are the pages of accounts in their states.
func accountPages() map[string]templ.Component {
	settings := samplePage("Settings", NavSettings, nil)
	settings.Account = &AccountLink{Name: "Ada", Admin: true}
	member := settings
	member.Account, member.Operates = &AccountLink{Name: "Carla"}, false
	people := samplePage("People and accounts", NavPeople, nil)
	accounts, log := sampleAccounts(), sampleAudit()
	sessions := []query.Session{
		{ID: "a", Since: sampleNow.AddDate(0, 0, -3), Seen: sampleNow, Address: "192.168.1.20",
			Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"},
		{ID: "b", Since: sampleNow.AddDate(0, 0, -9), Seen: sampleNow.AddDate(0, 0, -2), Address: "2001:db8::17"}}
	all := SettingsView{Said: Said{Notice: "Saved."}, Sessions: sessions, Current: "a",
		Mail: &MailForm{Address: "ada@example.org"}, Looked: &log,
		Sharing: &query.Sharing{Person: query.PersonRef{Name: "Ada", Slug: "ada"}, AdminsRead: true,
			Accounts: []query.SharedWith{{ID: 2, Name: "Ben"}, {ID: 3, Name: "Coach Carla", Sees: true}}}}
	wrong := all
	wrong.Password = PasswordForm{Error: "There were too many attempts.", OldError: "This is not the current password.",
		NewError: "The password needs at least 12 characters."}
	wrong.Mail = &MailForm{Address: "ada", Error: "Give one address, such as ada@example.org."}
	wrong.Preferences = PreferencesForm{Units: Imperial, Zone: "Mars", ZoneError: "There is no such time zone."}
	wrong.Sharing = &query.Sharing{Person: query.PersonRef{Name: "Ada", Slug: "ada"}}
	wrong.Looked = &AuditList{}
	out := apiPages(settings, member)
	maps.Copy(out, map[string]templ.Component{
		"settings":        Settings(settings, all),
		"settings-errors": Settings(settings, wrong),
		"settings-member": Settings(member, SettingsView{Sessions: sessions[:1], Current: "a"}),
		"audit": Audit(settings, AuditView{List: log, People: []PersonLink{ada, ben}, Accounts: accounts, Person: "ben",
			Account: 1}),
		"audit-empty":      Audit(settings, AuditView{}),
		"account-last":     AccountPage(people, AccountView{Account: accounts[0], Self: true}),
		"account-invited":  AccountPage(people, AccountView{Account: accounts[1], NameError: "This is not the name."}),
		"account-disabled": AccountPage(people, AccountView{Account: accounts[2], Said: Said{Notice: "Carla is disabled."}}),
		"invite":           Invite(people, InviteView{Person: mira, Name: "Mira", NameError: "Another account has this name."}),
		"link": OneTimeLink(people, OneTimeLinkView{Account: accounts[1], Invitation: true, Link: "/invitation?token=x",
			Expires: sampleNow.AddDate(0, 0, 7)}),
	})
	return out
}
