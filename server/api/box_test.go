package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"garner/db"
	"garner/garmin/simulator"
	"garner/health/alert"
	"garner/jobs/watch"
	"garner/query"
	"garner/server"
	"garner/server/api"
	"garner/server/auth"
	"garner/server/servertest"
)

// box is a server with data, whose answers are all validated against the document.
type box struct {
	*servertest.Site
	watch  query.Watch
	router routers.Router
	// valid are the answers that were validated: more of a kind show nothing new.
	valid map[string]bool
}

// days is how much of their past the simulated people have.
const days = 4

// newBox has Ada and Ben, who are simulated, and Sam, whose data is the sample of each
// type.
func newBox(t *testing.T) *box {
	t.Helper()
	b := emptyBox(t)
	until := time.Now()
	w := simulator.New(simulator.Config{Seed: 1, People: 2, Days: days, Until: until})
	for _, p := range w.People() {
		_, err := b.Store.AddPerson(t.Context(), until.AddDate(0, 0, -days), strings.Fields(p.Name)[0],
			p.UserID, p.Token)
		b.must(err)
	}
	for back := days - 1; back > 0; back-- {
		for person := range w.People() {
			for _, d := range w.Final(person, until.AddDate(0, 0, -back)) {
				b.put(d.At, d.Body)
			}
		}
	}
	b.sam()
	b.Run()
	b.look(until)
	b.incidents(b.idOf("ada"), alert.PersonSilent, alert.PersonLeft, alert.Withdrawn)
	return b
}

// closed is the document without leave for members that it does not name: clients must
// bear those of later versions, tests must not.
func closed(t *testing.T, document []byte) []byte {
	t.Helper()
	var all any
	if err := json.Unmarshal(document, &all); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(x any) {
		switch x := x.(type) {
		case map[string]any:
			if _, object := x["properties"]; object && x["type"] == "object" && x["additionalProperties"] == nil {
				x["additionalProperties"] = false
			}
			for _, member := range x {
				walk(member)
			}
		case []any:
			for _, item := range x {
				walk(item)
			}
		}
	}
	walk(all)
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// emptyBox has no people yet.
func emptyBox(t *testing.T) *box {
	t.Helper()
	b := &box{valid: map[string]bool{}}
	b.Site = servertest.Open(t, servertest.Limits(), func(o *server.Options) { b.watch = o.Watch })
	text, err := api.Document()
	b.must(err)
	doc, err := openapi3.NewLoader().LoadFromData(closed(t, text))
	b.must(err)
	b.must(doc.Validate(t.Context()))
	if !doc.IsOpenAPI31OrLater() {
		t.Fatal("the document is not of OpenAPI 3.1")
	}
	b.router, err = gorillamux.NewRouter(doc)
	b.must(err)
	return b
}

// userIDs are those in the samples.
var userIDs = regexp.MustCompile(`"userId": *"[^"]*"`)

// sam adds Sam with the samples of package garmin.
func (b *box) sam() {
	b.T.Helper()
	b.Add("Sam", "u-sam")
	files, err := filepath.Glob("../../garmin/testdata/*.json")
	b.must(err)
	for _, file := range files {
		if name := filepath.Base(file); strings.HasSuffix(name, ".golden.json") || strings.HasPrefix(name, "dereg") ||
			strings.HasPrefix(name, "userPerm") {
			continue
		}
		body, err := os.ReadFile(file)
		b.must(err)
		b.put(time.Now(), userIDs.ReplaceAll(body, []byte(`"userId":"u-sam"`)))
	}
}

func (b *box) must(err error) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
}

func (b *box) put(at time.Time, body []byte) {
	b.T.Helper()
	_, err := b.Inbox.Put(b.T.Context(), db.Arrival{Received: at, Client: db.ClientRight}, body)
	b.must(err)
}

// look lets the watch over silence look.
func (b *box) look(at time.Time) {
	b.T.Helper()
	b.must(b.Store.Grow(b.T.Context(), db.Up, at, days*24*time.Hour))
	b.must(b.watch.(*watch.Watch).RunOnce(b.T.Context(), at))
}

// client asks as the bearer of tokens of some scopes, for one person or all.
type client struct {
	*box
	token string
	left  int // requests before the limit of the token
	db.APIToken
}

// bearer makes a client; person is 0 for everyone.
func (b *box) bearer(person int64, scopes ...auth.Scope) *client {
	c := &client{box: b}
	c.Person, c.Created = person, time.Now()
	for _, s := range scopes {
		c.Scopes = append(c.Scopes, string(s))
	}
	return c
}

// ask sends a request with a token, and validates its answer.
func (c *client) ask(method, path string, headers ...string) *httptest.ResponseRecorder {
	c.T.Helper()
	if c.left--; c.left < 0 {
		c.left, c.Name = 90, fmt.Sprint(time.Now().UnixNano())
		token, _, err := auth.NewAPIToken(c.T.Context(), c.Store, c.APIToken)
		c.must(err)
		c.token = token
	}
	c.SignOut()
	w := c.Ask(method, api.Prefix+path, func(r *http.Request) {
		r.RemoteAddr = "192.168.1.5:4000"
		r.Header.Set("Authorization", "Bearer "+c.token)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	})
	if method == http.MethodGet && w.Header().Get("Content-Encoding") == "" {
		c.validate(path, w)
	}
	return w
}

// validate compares an answer with the document.
func (b *box) validate(path string, w *httptest.ResponseRecorder) {
	b.T.Helper()
	r := httptest.NewRequest(http.MethodGet, api.Prefix+path, nil)
	kind := fmt.Sprint(r.URL.Path, slices.Sorted(maps.Keys(r.URL.Query())), w.Code)
	if b.valid[kind] {
		return
	}
	b.valid[kind] = true
	route, vars, err := b.router.FindRoute(r)
	if err != nil {
		if w.Code != http.StatusNotFound {
			b.T.Errorf("%s is not in the document: %v", path, err)
		}
		return
	}
	in := &openapi3filter.ResponseValidationInput{Status: w.Code, Header: w.Header(),
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route, PathParams: vars,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}},
		Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	in.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(b.T.Context(), in); err != nil {
		b.T.Errorf("%s: %.2000s\n%.600s", path, err, w.Body)
	}
	if err := openapi3filter.ValidateRequest(b.T.Context(), in.RequestValidationInput); w.Code == http.StatusOK && err != nil {
		b.T.Errorf("the document refuses a request that is answered: %s: %v", path, err)
	}
}

// answer is one of several items.
type answer struct {
	Data    []map[string]any
	Next    string
	Damaged []map[string]any
}

// get reads one page.
func (c *client) get(path string) answer {
	c.T.Helper()
	w := c.ask(http.MethodGet, path)
	var out answer
	d := json.NewDecoder(bytes.NewReader(w.Body.Bytes()))
	d.UseNumber()
	if err := d.Decode(&out); w.Code != http.StatusOK || err != nil {
		c.T.Fatalf("%s: %d %v %.300s", path, w.Code, err, w.Body)
	}
	return out
}

// all reads all pages, and returns how many there were.
func (c *client) all(path string) (items []map[string]any, pages int) {
	c.T.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for next := path; ; {
		page := c.get(next)
		items, pages = append(items, page.Data...), pages+1
		if page.Next == "" {
			return items, pages
		}
		next = path + sep + "cursor=" + url.QueryEscape(page.Next)
	}
}

// problem asks for what is refused, and returns the problem's name and detail.
func (c *client) problem(status int, path string) (name, detail string) {
	c.T.Helper()
	w := c.ask(http.MethodGet, path)
	var p struct {
		Type, Detail string
		Status       int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != status || p.Status != status {
		c.T.Errorf("%s: %d, want %d: %.300s", path, w.Code, status, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		c.T.Errorf("%s: a problem is sent as %s", path, got)
	}
	return strings.TrimPrefix(p.Type, "/settings/api#problem-"), p.Detail
}

// incidents opens an incident of each of some kinds for a person.
func (b *box) incidents(person int64, kinds ...alert.Kind) {
	b.T.Helper()
	now := time.Now()
	for _, kind := range kinds {
		e := alert.Incident{Subject: alert.Subject{Kind: kind, Person: person}, Since: now.Add(-time.Hour), Opened: now}
		b.must(b.Store.PutIncidents(b.T.Context(), now, []alert.Change{{Incident: e}},
			func(alert.Change) ([]db.Notification, error) { return nil, nil }))
	}
}

func (b *box) idOf(slug string) int64 {
	b.T.Helper()
	p, err := b.Store.PersonBySlug(b.T.Context(), slug)
	b.must(err)
	return p.ID
}
