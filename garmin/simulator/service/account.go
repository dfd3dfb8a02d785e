package service

import (
	"net/http"

	"garner/garmin/simulator"
)

// account is a connected person on the account page.
type account struct {
	simulator.Person
	Permissions []permission
}

// showAccounts lists the connected people with what they share.
func (s *Service) showAccounts(a *answer, _ *http.Request) {
	var connected []account
	for _, p := range s.people {
		if granted, ok := s.Permissions(p.Index); ok {
			connected = append(connected, account{p, permissionBoxes(granted)})
		}
	}
	a.page("accounts", connected)
}

// changeAccount is a person changing what they share, or disconnecting.
func (s *Service) changeAccount(a *answer, r *http.Request) {
	person, known := s.personIn(r)
	switch change := r.FormValue("change"); {
	case known && change == "permissions":
		s.SetPermissions(person, chosen(r)...)
	case known && change == "disconnect":
		s.Disconnect(person)
	default:
		a.status = http.StatusBadRequest
		a.page("refused", "the person or the change is unknown")
		return
	}
	a.redirect(AccountPath)
}
