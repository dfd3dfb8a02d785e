package notify

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// mostText is how many characters of a text are sent: ntfy turns more than
// 4096 bytes into a file, and no character has more than four.
const mostText = 1000

// Ntfy publishes to a topic of an ntfy server.
type Ntfy struct {
	// URL is the topic's address.
	URL string
	// Token is an access token; may be empty.
	Token string
}

// Check returns what is wrong with the settings, or nil.
func (n Ntfy) Check() error {
	if strings.ContainsFunc(n.Token, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII }) {
		return errors.New("ntfy_token must be letters, digits and signs without spaces")
	}
	return CheckURL(n.URL)
}

// Send implements Channel.
func (n Ntfy) Send(ctx context.Context, notice Notification) (string, error) {
	if err := n.Check(); err != nil {
		return "", err
	}
	body := strings.NewReader(head(strings.ToValidUTF8(notice.Text, "\uFFFD"), mostText))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, body)
	if err != nil {
		return "", bare(err)
	}
	req.Header = n.headers(notice)
	r, err := ask(req, n.Token)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(r.words(n.Token)), nil
}

// headers are what ntfy shows around the text.
func (n Ntfy) headers(notice Notification) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Title", mime.QEncoding.Encode("utf-8", label(notice.Subject, mostSubject)))
	h.Set("Priority", "default")
	if notice.Urgent {
		h.Set("Priority", "high")
	}
	h.Set("Tags", tag(notice.Type))
	// ntfy would refuse the whole request because of an invalid address.
	if u, err := url.Parse(notice.Link); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		h.Set("Click", (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawQuery: u.RawQuery}).String())
	}
	if n.Token != "" {
		h.Set("Authorization", "Bearer "+n.Token)
	}
	return h
}

// tag is ntfy's name of the picture beside a title.
func tag(kind string) string {
	switch {
	case kind == "incident.recovered":
		return "white_check_mark"
	case strings.HasPrefix(kind, "incident."):
		return "warning"
	}
	return "bell"
}
