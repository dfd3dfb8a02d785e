package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Pusher sends deliveries to a receiver the way Garmin does.
type Pusher struct {
	// URL is the receiver's callback address, up to and with its secret.
	URL string
	// ClientID replaces the garmin-client-id of deliveries that have one.
	ClientID string
	// Client sends; nil means one with Garmin's 30 seconds and no redirects.
	Client *http.Client
	// Parallel is how many deliveries PushAll keeps on the way, 1 if less.
	Parallel int
	// Wait pauses before another attempt; nil means GrowingWait.
	Wait func(ctx context.Context, attempt int) error
}

var usualClient = &http.Client{
	Timeout: 30 * time.Second,
	Transport: &http.Transport{
		MaxIdleConnsPerHost: 256,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// GrowingWait doubles from a second to a quarter of an hour.
func GrowingWait(ctx context.Context, attempt int) error {
	timer := time.NewTimer(min(time.Second<<min(attempt-1, 20), 15*time.Minute))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Push posts a delivery to URL/{Type} until it is answered 200 or ctx ends.
// Garmin takes every other answer, and none, as a failure.
func (p *Pusher) Push(ctx context.Context, d Delivery) error {
	wait := p.Wait
	if wait == nil {
		wait = GrowingWait
	}
	for attempt := 1; ; attempt++ {
		failure := p.post(ctx, d)
		if failure == nil {
			return nil
		}
		if err := wait(ctx, attempt); err != nil {
			return fmt.Errorf("push %s: %w", d.Type, errors.Join(failure, err))
		}
	}
}

// post tries once.
func (p *Pusher) post(ctx context.Context, d Delivery) error {
	url := strings.TrimSuffix(p.URL, "/") + "/" + d.Type
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	req.Header = d.Header.Clone()
	if p.ClientID != "" && req.Header.Get("garmin-client-id") != "" {
		req.Header.Set("garmin-client-id", p.ClientID)
	}
	client := p.Client
	if client == nil {
		client = usualClient
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	// Reading to the end lets the connection be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}
