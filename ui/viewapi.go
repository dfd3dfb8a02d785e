package ui

import (
	"slices"
	"strings"
	"time"

	"garner/query"
)

// APIView is the page about the API, with the reader's tokens.
type APIView struct {
	Said
	// Base is the address that all addresses of the API begin with; Document and
	// Dictionary are those of the OpenAPI document and of the data dictionary.
	Base, Document, Dictionary string
	Examples                   []APIExample
	Problems                   []APIProblem
	Tokens                     []query.APIToken
}

// APIExample is a request that can be copied.
type APIExample struct{ Key, Title, About, Command string }

// APIProblem is an error that the API answers with. Name ends the address of what is
// said about it here.
type APIProblem struct {
	Status             int
	Name, Title, About string
}

// APITokenForm makes a token, with what was typed and its errors.
type APITokenForm struct {
	// Scopes are the keys of those that the reader may choose; Chosen those that are.
	Scopes, Chosen []string
	// People are those whom the reader sees; Person is the slug of the one chosen, empty
	// for all.
	People       []PersonLink
	Name, Person string
	Expires      string // date
	NameError    string
	ScopeError   string
	PersonError  string
	ExpiresError string
}

// chosen reports whether a scope is ticked.
func (f APITokenForm) chosen(scope string) bool { return slices.Contains(f.Chosen, scope) }

// APITokenMadeView shows a token once.
type APITokenMadeView struct {
	Token query.APIToken
	// Text is the token itself.
	Text string
	// Example asks for the token and sends a request; it can be copied.
	Example string
}

// APITokenView is a token that may be revoked.
type APITokenView struct{ Token query.APIToken }

const (
	apiURL       = "/settings/api"
	apiTokensURL = apiURL + "/tokens"
)

func apiTokenURL(id int64) string { return apiTokensURL + "/" + itoa(id) }

// scopeTexts say what the scopes of a token allow, by their keys.
var scopeTexts = map[string]struct{ name, about string }{
	"read":    {"Values", "what was measured, and whether data arrives (scope read)"},
	"status":  {"Status", "whether data arrives: people, coverage and incidents; no values (scope status)"},
	"metrics": {"Metrics", "/metrics of Prometheus, about the whole installation (scope metrics)"},
}

func scopeText(key string) string {
	if t, ok := scopeTexts[key]; ok {
		return t.name + ": " + t.about
	}
	return key
}

// reads is whom a token reads.
func reads(k query.APIToken) string {
	switch {
	case k.Person != nil:
		return k.Person.Name
	case k.One:
		return "a person whom you do not see any more"
	case slices.Equal(k.Scopes, []string{"metrics"}):
		return "no people"
	case k.Own:
		return "all whom you may read"
	case k.Account == "":
		return "everyone"
	}
	return "all whom " + k.Account + " may read"
}

// madeBy is who made a token.
func madeBy(k query.APIToken) string {
	switch {
	case k.Own:
		return "you"
	case k.Account == "":
		return "the command line"
	}
	return k.Account
}

// scopesOf are the scopes of a token in a line.
func scopesOf(k query.APIToken) string { return strings.Join(k.Scopes, ", ") }

// lastDay is the last day of a token whose end is the beginning of the next one.
func lastDay(t time.Time) time.Time { return t.Add(-time.Second) }
