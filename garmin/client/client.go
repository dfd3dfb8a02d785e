// Package client talks to Garmin's business API: sign-in with OAuth 2 and PKCE,
// user endpoints, what pings announce, requests of history. It can reach no host but
// Garmin's, and no error, log line or printed value of it contains a token. Its Gate is
// the way out to Garmin's other APIs as well.
package client

import (
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

const (
	// restPath is where Garmin's REST paths begin (Health API, 8).
	restPath = "/wellness-api/rest/"
	// jsonWithin and fileWithin limit a call from dialling to the last byte.
	jsonWithin = 30 * time.Second
	fileWithin = 2 * time.Minute
	// mostJSON is how many bytes an answer about a user or a token may have.
	mostJSON = 1 << 20
)

// Config says as whom to call Garmin, and where. Plain http is accepted where the
// host is literally loopback, for a stand-in on this machine.
type Config struct{ ClientID, ClientSecret, AuthorizeURL, TokenURL, APIOrigin string }

// Client calls Garmin. It is safe for concurrent use.
type Client struct {
	oauth  oauth2.Config
	origin url.URL // scheme and host only
	gate   *Gate
}

// New makes a Client. It refuses addresses that are neither https nor loopback, or
// have a user, a query or a fragment.
func New(cfg Config, log *slog.Logger) (*Client, error) {
	if cfg.ClientID == "" || cfg.ClientSecret == "" {
		return nil, fmt.Errorf("client id and client secret are required")
	}
	authorize, err := parseAddress(cfg.AuthorizeURL)
	if err != nil {
		return nil, fmt.Errorf("authorize URL: %w", err)
	}
	token, err := parseAddress(cfg.TokenURL)
	if err != nil {
		return nil, fmt.Errorf("token URL: %w", err)
	}
	api, err := ParseOrigin(cfg.APIOrigin)
	if err != nil {
		return nil, fmt.Errorf("API origin: %w", err)
	}
	return &Client{
		oauth: oauth2.Config{ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Endpoint: oauth2.Endpoint{
			AuthURL: authorize.String(), TokenURL: token.String(), AuthStyle: oauth2.AuthStyleInParams}},
		origin: *api,
		gate:   newGate(log, token, api),
	}, nil
}

// newGate is the way to the business API. Ten calls a second are far more than live data
// need, and keep the fetches after a long downtime from coming all at once.
func newGate(log *slog.Logger, addresses ...*url.URL) *Gate {
	return NewGate(Limits{PerSecond: 10, Burst: 20, Patience: 5 * time.Second}, log, addresses...)
}

// at is an address of the API: the host never comes from elsewhere.
func (c *Client) at(path, query string) *url.URL {
	u := c.origin
	u.Path, u.RawQuery = path, query
	return &u
}
