package cli

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/url"
	"time"

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

// checkGarmin checks what calls to Garmin need. It sends nothing.
func checkGarmin(ctx context.Context, cfg config.Config) []finding {
	out := []finding{{good, "garmin.client_id is set"}, {good, "garmin.client_secret is set"}}
	if cfg.Garmin.ClientID == "" {
		out[0] = finding{unset, "garmin.client_id: not set; callbacks are not compared with it: copy it from Garmin's portal"}
	}
	if cfg.Garmin.ClientSecret == "" {
		out[1] = finding{unset, "garmin.client_secret: not set; people cannot connect: copy it from Garmin's portal"}
	}
	if cfg.Garmin.ClientID == "" || cfg.Garmin.ClientSecret == "" {
		return out
	}
	return append(out, checkReached(ctx, "garmin.token_url", cfg.Garmin.TokenURL),
		checkReached(ctx, "garmin.api_origin", cfg.Garmin.APIOrigin))
}

// checkReached tries whether the host of an address takes connections.
func checkReached(ctx context.Context, key, address string) finding {
	u, err := url.Parse(address)
	if err != nil {
		return finding{bad, key + ": " + err.Error()}
	}
	port := cmp.Or(u.Port(), u.Scheme) // which net knows by name
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		return finding{bad, key + ": " + err.Error() + "; check name resolution and the firewall"}
	}
	return finding{good, key + ": " + u.Hostname() + " takes connections"}
}
