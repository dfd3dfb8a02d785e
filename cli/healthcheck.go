package cli

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"garner/config"
)

type healthcheckCommand struct{}

// Run checks whether the running Garner responds.
func (c *healthcheckCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+cfg.Listen+"/healthz", nil)
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
