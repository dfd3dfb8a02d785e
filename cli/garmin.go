package cli

import (
	"log/slog"

	"garner/config"
	"garner/garmin/client"
)

// clientConfig is the part of the configuration that calls to Garmin need.
func clientConfig(cfg config.Config) client.Config {
	g := cfg.Garmin
	return client.Config{ClientID: g.ClientID, ClientSecret: string(g.ClientSecret), AuthorizeURL: g.AuthorizeURL,
		TokenURL: g.TokenURL, APIOrigin: g.APIOrigin}
}

// newClient makes the client of Garmin's API; nil while its id or its secret is
// missing.
func newClient(cfg config.Config, log *slog.Logger) (*client.Client, error) {
	if cfg.Garmin.ClientID == "" || cfg.Garmin.ClientSecret == "" {
		return nil, nil
	}
	return client.New(clientConfig(cfg), log)
}
