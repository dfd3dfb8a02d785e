package pages

import (
	"net/http"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/api"
	"garner/ui"
)

// apiPath is the page about the API.
const apiPath = "/settings/api"

func (s *Site) apiRoutes(to *routes) {
	to.get(SignedIn, apiPath, s.apiPage)
	to.get(SignedIn, apiPath+"/tokens/new", s.apiTokenNew)
	to.post(SignedIn, apiPath+"/tokens", s.apiTokenAdd)
	to.get(SignedIn, apiPath+"/tokens/{id:[0-9]+}", s.apiToken)
	to.post(SignedIn, apiPath+"/tokens/{id:[0-9]+}/revoke", s.apiTokenRevoke)
}

// apiPage is GET /settings/api.
func (s *Site) apiPage(r *http.Request) (answer, error) {
	p, err := s.base(r, "API", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	base := s.address(r) + api.Prefix
	v := ui.APIView{Base: base, Document: api.Prefix + api.DocumentPath, Dictionary: dictionaryPath}
	v.Notice = said(r, "flash")
	q := s.reader(r, p.Now)
	if v.Tokens, err = q.APITokens(r.Context()); err != nil {
		return answer{}, err
	}
	slug, err := exampleSlug(r, q)
	if err != nil {
		return answer{}, err
	}
	v.Examples = apiExamples(base, slug, p.Now)
	for _, one := range api.Problems() {
		v.Problems = append(v.Problems, ui.APIProblem(one))
	}
	return render(ui.API(p, v))
}

// exampleSlug is that of a person whom the reader may read: their own, or else the first.
func exampleSlug(r *http.Request, q *query.Reader) (string, error) {
	people, err := q.Readable(r.Context())
	slug := "SLUG"
	for i, p := range people {
		if i == 0 || p.ID == q.Viewer.Own() {
			slug = p.Slug
		}
	}
	return slug, err
}

// askToken lets a shell ask for the token, so that it is in no history.
const askToken = "read -rs TOKEN"

// curl is a command that asks for an address with that token.
func curl(address string) string {
	return `curl -H "Authorization: Bearer $TOKEN" "` + address + `"`
}

// apiExamples are requests of a person at a base address, of the last weeks.
func apiExamples(base, slug string, now time.Time) []ui.APIExample {
	day := func(ago int) string { return now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	of := base + "people/" + slug
	week, month := "from="+day(7)+"&to="+day(1), "from="+day(30)+"&to="+day(1)
	return []ui.APIExample{
		{Key: "token", Title: "The token", Command: askToken,
			About: "The shell asks for it, so that no history has it. The commands below use it."},
		{Key: "people", Title: "People", About: "Whom the token reads. The slug of each is in the addresses below.",
			Command: curl(base + "people")},
		{Key: "records", Title: "Sleep of a week", About: "Records of one type. The data dictionary lists the types.",
			Command: curl(of + "/records/sleeps?" + week)},
		{Key: "series", Title: "Heart rate of a month",
			About:   "Every five minutes. Leave out every=5m and agg for each sample.",
			Command: curl(of + "/series/dailies/heart_rate?" + month + "&every=5m&agg=min,mean,max")},
		{Key: "metrics", Title: "Metrics by day", About: "The values of the day page.",
			Command: curl(of + "/metrics?names=steps,resting_heart_rate&" + month)},
		{Key: "coverage", Title: "Coverage", About: "For each type and day whether data is there, and if not, why.",
			Command: curl(of + "/coverage?" + month)},
		{Key: "changes", Title: "Changes", About: "For a copy elsewhere: everything, then what changed since a cursor.",
			Command: curl(base + "changes")},
	}
}

// apiToken is GET /settings/api/tokens/{id}: it asks whether to revoke it.
func (s *Site) apiToken(r *http.Request) (answer, error) {
	p, err := s.base(r, "Revoke a token", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	k, err := s.reader(r, p.Now).APIToken(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	return render(ui.APITokenPage(p, ui.APITokenView{Token: *k}))
}

// apiTokenRevoke is POST /settings/api/tokens/{id}/revoke.
func (s *Site) apiTokenRevoke(r *http.Request) (answer, error) {
	k, err := s.reader(r, time.Now()).APIToken(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	if err := s.store.RemoveAPIToken(r.Context(), k.ID); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionTokenRemoved, k.PersonID, k.Name)
	return flash(r, apiPath, k.Name+" no longer works.")
}
