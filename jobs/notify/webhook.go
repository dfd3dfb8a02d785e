package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// leastSecret is the least length of a webhook's secret in bytes, by the
// specification of Standard Webhooks.
const leastSecret = 24

// Webhook posts JSON, signed as Standard Webhooks describes it.
type Webhook struct{ URL, Secret string }

// Check says what is wrong with the settings.
func (w Webhook) Check() error {
	if err := checkURL(w.URL); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(w.Secret, "whsec_"))
	if err != nil || len(raw) < leastSecret {
		return errors.New("webhook_secret wants 24 bytes or more in base64")
	}
	return nil
}

// Send implements Way.
func (w Webhook) Send(ctx context.Context, n Notice) (string, error) {
	body, err := json.Marshal(map[string]any{"type": n.Type, "timestamp": n.At.UTC().Format(time.RFC3339), "data": n.Event})
	if err != nil {
		return "", err
	}
	signer, err := standardwebhooks.NewWebhook(w.Secret)
	if err != nil {
		return "", err
	}
	now := time.Now()
	signature, err := signer.Sign(n.ID, now, body)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return "", errors.New("webhook_url is not an address")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("webhook-id", n.ID)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	answer, _, err := ask(req)
	return answer, err
}
