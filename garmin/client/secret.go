package client

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands for a secret.
const hidden = "***"

// leastSecret is the length from which on a value is looked for in texts. Shorter
// ones are no tokens, and would blank out words.
const leastSecret = 6

// public are form fields that are no secrets.
var public = []string{"grant_type", "client_id", "redirect_uri"}

// secretsOf returns what a request contains that no text may repeat, the longest
// first.
func secretsOf(req *http.Request) []string {
	between := func(r rune) bool { return strings.ContainsRune(` ,"`, r) }
	authorization := req.Header.Get("Authorization")
	found := strings.FieldsFunc(authorization, between)
	_, whole, _ := strings.Cut(authorization, " ")
	found = append(found, whole, req.URL.Query().Get("token"))
	for name, values := range form(req) {
		if !slices.Contains(public, name) {
			found = append(found, values...)
		}
	}
	var secrets []string
	for _, s := range found {
		if len(s) >= leastSecret {
			secrets = append(secrets, s, url.QueryEscape(s))
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return secrets
}

// form returns the fields of a request's body.
func form(req *http.Request) url.Values {
	if req.GetBody == nil {
		return nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		return nil
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return nil
	}
	return values
}

// clean makes one bounded line of a text, without secrets. They are removed first,
// or cutting and joining might keep half of one.
func clean(text string, secrets []string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, hidden)
	}
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= mostMessage {
		return text
	}
	end := mostMessage
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// String hides the tokens; so do GoString, LogValue and MarshalJSON.
func (t Token) String() string { return hidden }

// GoString is String.
func (t Token) GoString() string { return hidden }

// LogValue is String.
func (t Token) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON is String in quotes.
func (t Token) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// String hides the query, which has a token; so do GoString and LogValue.
func (t Target) String() string { return t.Path }

// GoString is String.
func (t Target) GoString() string { return t.Path }

// LogValue is String.
func (t Target) LogValue() slog.Value { return slog.StringValue(t.Path) }

// String hides the client secret; so do GoString and LogValue.
func (c Config) String() string {
	return fmt.Sprintf("{%s %s %s %s %s}", c.ClientID, hidden, c.AuthorizeURL, c.TokenURL, c.APIOrigin)
}

// GoString is String.
func (c Config) GoString() string { return c.String() }

// LogValue is String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String hides what the client knows.
func (c *Client) String() string { return "client of " + c.origin.Host }

// GoString is String.
func (c *Client) GoString() string { return c.String() }
