package pages

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/api"
	"garner/server/auth"
	"garner/ui"
)

// apiTokenNew is GET /settings/api/tokens/new.
func (s *Site) apiTokenNew(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, r.URL.Path); !ok {
		return again, nil
	}
	return s.apiTokenForm(r, ui.APITokenForm{Chosen: []string{string(auth.ScopeRead)}}, http.StatusOK)
}

func (s *Site) apiTokenForm(r *http.Request, f ui.APITokenForm, status int) (answer, error) {
	p, err := s.base(r, "New token", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	people, err := s.reader(r, p.Now).People(r.Context())
	if err != nil {
		return answer{}, err
	}
	for _, person := range people {
		f.People = append(f.People, link(person))
	}
	for _, scope := range scopesFor(viewer(r)) {
		f.Scopes = append(f.Scopes, string(scope))
	}
	return answer{view: ui.APITokenNew(p, f), status: status}, nil
}

// scopesFor are the scopes that a viewer's tokens may have: metrics are about the whole
// installation.
func scopesFor(v query.Viewer) []auth.Scope {
	if v.Operates() {
		return auth.Scopes
	}
	return slices.DeleteFunc(slices.Clone(auth.Scopes), func(s auth.Scope) bool { return s == auth.ScopeMetrics })
}

// apiTokenAdd is POST /settings/api/tokens: it makes a token of the reader's account, and
// shows it once.
func (s *Site) apiTokenAdd(r *http.Request) (answer, error) {
	if again, ok := s.fresh(r, apiPath+"/tokens/new"); !ok {
		return again, nil
	}
	p, err := s.base(r, "Token", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	f, k, err := readTokenForm(r, q, p.Zone)
	if err != nil {
		return answer{}, err
	}
	if f.NameError+f.ScopeError+f.PersonError+f.ExpiresError != "" {
		return s.apiTokenForm(r, f, http.StatusUnprocessableEntity)
	}
	text, id, err := auth.NewAPIToken(r.Context(), s.store, k)
	if errors.Is(err, db.ErrTaken) {
		f.NameError = "You have another token of this name."
		return s.apiTokenForm(r, f, http.StatusConflict)
	}
	if err != nil {
		return answer{}, err
	}
	if err := s.auditToken(r, q, &k); err != nil {
		return answer{}, err
	}
	return s.apiTokenMade(r, p, q, id, text)
}

// readTokenForm reads the form of a new token: as typed, with its errors, and as the
// token that it asks for.
func readTokenForm(r *http.Request, q *query.Reader, zone *time.Location) (f ui.APITokenForm, k db.APIToken,
	err error) {
	f = ui.APITokenForm{Name: strings.TrimSpace(r.PostFormValue("name")), Chosen: r.PostForm["scope"],
		Person: r.PostFormValue("person"), Expires: r.PostFormValue("expires")}
	who, _ := auth.Of(r.Context()) // the operator of a demo has no account
	k = db.APIToken{Name: f.Name, Account: who.Account.ID, Created: q.Now}
	if f.NameError = nameProblem(f.Name); f.NameError != "" && !plain(f.Name) {
		f.Name = ""
	}
	for _, scope := range scopesFor(q.Viewer) {
		if slices.Contains(f.Chosen, string(scope)) {
			k.Scopes = append(k.Scopes, string(scope))
		}
	}
	if slices.Sort(k.Scopes); len(k.Scopes) == 0 {
		f.ScopeError = "Tick at least one."
	}
	if f.Person != "" {
		person, err := q.Person(r.Context(), f.Person)
		if err != nil {
			return f, k, err
		}
		k.Person, k.PersonName, f.PersonError = person.ID, person.Name, personProblem(q, person, k.Scopes)
	}
	if f.Expires != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.Expires, zone)
		if k.Expires = day.AddDate(0, 0, 1); err != nil || !k.Expires.After(q.Now) {
			f.Expires, f.ExpiresError = "", "Choose today or a later day, or leave it empty."
		}
	}
	return f, k, nil
}

// personProblem is why a token of some scopes cannot be about one person.
func personProblem(q *query.Reader, person *db.Person, scopes []string) string {
	switch {
	case slices.Contains(scopes, string(auth.ScopeMetrics)):
		return "Metrics are about the whole installation. Make another token for them."
	case slices.Contains(scopes, string(auth.ScopeRead)) && q.Reads(person.ID) != nil:
		return person.Name + " does not share health data with you. Tick Status only."
	}
	return ""
}

// auditToken records a new token, for each of the people whose values it reads now.
func (s *Site) auditToken(r *http.Request, q *query.Reader, k *db.APIToken) error {
	detail := k.Name + ", " + strings.Join(k.Scopes, " ")
	who, ok := auth.Of(r.Context())
	switch {
	case !ok: // the operator of a demo
		return nil
	case k.Person != 0:
		s.audit(r, db.ActionTokenAdded, k.Person, detail)
		return nil
	case !slices.Contains(k.Scopes, string(auth.ScopeRead)):
		s.audit(r, db.ActionTokenAdded, q.Viewer.Own(), detail)
		return nil
	}
	people, err := q.Readable(r.Context())
	var concerned []int64
	for _, person := range people {
		concerned = append(concerned, person.ID)
	}
	s.Auth.Audit(r, &who.Account, db.ActionTokenAdded, detail, concerned...)
	return err
}

// apiTokenMade shows a token that was just made.
func (s *Site) apiTokenMade(r *http.Request, p ui.Page, q *query.Reader, id int64,
	text string) (answer, error) {
	k, err := q.APIToken(r.Context(), id)
	if err != nil {
		return answer{}, err
	}
	address := s.address(r) + api.Prefix + "people"
	if slices.Equal(k.Scopes, []string{string(auth.ScopeMetrics)}) {
		address = s.address(r) + "/metrics"
	}
	return answer{view: ui.APITokenMade(p, ui.APITokenMadeView{Token: *k, Text: text,
		Example: askToken + "\n" + curl(address)}), secret: true}, nil
}
