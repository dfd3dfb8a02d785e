package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"garner/config"
)

type healthcheckCommand struct{}

// Run checks whether the running Garner responds.
func (c *healthcheckCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	// An address such as 0.0.0.0:8080 or :8080 can be dialled and is no name
	// that Garner answers to.
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", cfg.Listen)
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil, DialContext: dial}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", resp.Status)
	}
	fmt.Fprintln(a.out, "ok")
	return nil
}
