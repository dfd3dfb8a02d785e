package notify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// leastSecret is the minimum length of a secret in bytes, by the specification
// of Standard Webhooks.
const leastSecret = 24

// Webhook posts JSON, signed as Standard Webhooks describes it.
type Webhook struct {
	URL string
	// Secret is base64, with or without the prefix whsec_.
	Secret string
}

// payload is the body: what happened, and when it was written (RFC 3339).
type payload struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      any    `json:"data"`
}

// Check returns what is wrong with the settings, or nil.
func (w Webhook) Check() error {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(w.Secret, "whsec_"))
	if err != nil || len(raw) < leastSecret {
		return errors.New("webhook_secret must be 24 bytes or more in base64")
	}
	return CheckURL(w.URL)
}

// Send implements Channel.
func (w Webhook) Send(ctx context.Context, n Notification) (string, error) {
	if err := cmp.Or(w.Check(), n.checkID()); err != nil {
		return "", err
	}
	req, err := w.request(ctx, n, time.Now())
	if err != nil {
		return "", err
	}
	r, err := ask(req, "")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(r.words("")), nil
}

// request makes the signed request of a try at now. The signed time is that of the
// try: receivers refuse what is five minutes old, and a notification may be
// tried for days.
func (w Webhook) request(ctx context.Context, n Notification, now time.Time) (*http.Request, error) {
	body, err := json.Marshal(payload{n.Type, n.At.UTC().Format(time.RFC3339), n.Event})
	if err != nil {
		return nil, fmt.Errorf("write event: %w", err)
	}
	signer, err := standardwebhooks.NewWebhook(w.Secret)
	if err != nil {
		return nil, err
	}
	signature, err := signer.Sign(n.ID, now, body)
	if err != nil {
		return nil, fmt.Errorf("sign event: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return nil, bare(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(standardwebhooks.HeaderWebhookID, n.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}
