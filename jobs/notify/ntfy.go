package notify

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"
)

// Ntfy publishes to a topic of an ntfy server.
type Ntfy struct{ URL, Token string }

// Check says what is wrong with the settings.
func (n Ntfy) Check() error { return checkURL(n.URL) }

// Send implements Way.
func (n Ntfy) Send(ctx context.Context, notice Notice) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, strings.NewReader(notice.Text))
	if err != nil {
		return "", errors.New("ntfy_url is not an address")
	}
	req.Header.Set("Title", mime.QEncoding.Encode("utf-8", line(notice.Subject)))
	req.Header.Set("Priority", map[bool]string{true: "high", false: "default"}[notice.Urgent])
	req.Header.Set("X-Message-ID", notice.ID)
	if notice.Link != "" {
		req.Header.Set("Click", line(notice.Link))
	}
	if n.Token != "" {
		req.Header.Set("Authorization", "Bearer "+line(n.Token))
	}
	answer, _, err := ask(req)
	return answer, err
}
