package service

import (
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

//go:embed pages.html
var pagesHTML string

var pages = template.Must(template.New("").Parse(pagesHTML))

// permission is a check box of the pages.
type permission struct {
	Name, Title string
	On          bool
}

// permissionBoxes are the check boxes for a set that is on.
func permissionBoxes(on []string) []permission {
	boxes := []permission{
		{Name: ActivityExport, Title: "Activities"},
		{Name: HealthExport, Title: "Daily health stats"},
		{Name: MCTExport, Title: "Women's health"},
		{Name: HistoricalExport, Title: "Historical data"},
	}
	for i := range boxes {
		boxes[i].On = slices.Contains(on, boxes[i].Name)
	}
	return boxes
}

// chosen are the permissions whose boxes are checked in a form.
func chosen(r *http.Request) (names []string) {
	for _, p := range permissionBoxes(nil) {
		if slices.Contains(r.Form["permission"], p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// personIn is the person that a form names.
func (s *Service) personIn(r *http.Request) (int, bool) {
	i, err := strconv.Atoi(r.FormValue("person"))
	return i, err == nil && i >= 0 && i < len(s.people)
}

func (a *answer) page(name string, v any) {
	a.header.Set("Content-Type", "text/html; charset=utf-8")
	a.header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	a.header.Set("Referrer-Policy", "no-referrer")
	if err := pages.ExecuteTemplate(&a.body, name, v); err != nil {
		panic("service: " + err.Error()) // the templates are compiled in
	}
}

func (a *answer) redirect(to string) {
	a.header.Set("Location", to)
	a.status = http.StatusSeeOther
}

// refusal says what is wrong with a request to sign in; empty if nothing. Such
// a request leads nowhere, since its redirect_uri may be an attacker's.
func (s *Service) refusal(r *http.Request) string {
	to, err := url.Parse(r.FormValue("redirect_uri"))
	challenge := r.FormValue("code_challenge")
	switch {
	case r.FormValue("client_id") != s.cfg.ClientID:
		return "client_id is unknown"
	case err != nil || to.Scheme != "https" && to.Scheme != "http" || to.Host == "" || to.Fragment != "":
		return "redirect_uri is not an address"
	case r.FormValue("response_type") != "code":
		return "response_type must be code"
	case r.FormValue("code_challenge_method") != "S256" || len(challenge) != 43:
		return "code_challenge with the method S256 is required"
	}
	return ""
}

// showConsent is the page on which people sign in and agree.
func (s *Service) showConsent(a *answer, r *http.Request) {
	if why := s.refusal(r); why != "" {
		a.status = http.StatusBadRequest
		a.page("refused", why)
		return
	}
	hidden := map[string]string{}
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "code_challenge",
		"code_challenge_method", "state"} {
		hidden[name] = r.FormValue(name)
	}
	// Garmin leaves Historical data off, and no application can preset it.
	a.page("consent", map[string]any{
		"People":      s.candidates(),
		"Permissions": permissionBoxes([]string{ActivityExport, HealthExport, MCTExport}),
		"Hidden":      hidden,
	})
}

// candidate is a person who may sign in.
type candidate struct {
	Index               int
	Name                string
	Connected, Selected bool
}

// candidates are all people; the first who is not connected is selected.
func (s *Service) candidates() (out []candidate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	selected := false
	for _, p := range s.people {
		c := candidate{Index: p.Index, Name: p.Name, Connected: s.grants[p.Index] != nil}
		c.Selected = !c.Connected && !selected
		selected = selected || c.Selected
		out = append(out, c)
	}
	return out
}

// decideConsent leads back to the application, with a code if the person agreed.
func (s *Service) decideConsent(a *answer, r *http.Request) {
	person, known := s.personIn(r)
	why := s.refusal(r)
	if why == "" && !known {
		why = "person is unknown"
	}
	if why != "" {
		a.status = http.StatusBadRequest
		a.page("refused", why)
		return
	}
	back, err := url.Parse(r.FormValue("redirect_uri"))
	if err != nil {
		panic("service: " + err.Error()) // refusal has parsed it
	}
	query := back.Query()
	if state := r.FormValue("state"); state != "" {
		query.Set("state", state)
	}
	if r.FormValue("decision") == "agree" {
		query.Set("code", s.agree(person, r))
	} else {
		query.Set("error", "access_denied")
	}
	back.RawQuery = query.Encode()
	a.redirect(back.String())
}

func (s *Service) agree(person int, r *http.Request) (code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code = rand.Text()
	s.codes[code] = consent{person, chosen(r), r.FormValue("code_challenge"), r.FormValue("redirect_uri"),
		s.cfg.Now().Add(codeLife)}
	return code
}
