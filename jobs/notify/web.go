package notify

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// webWithin limits one request.
	webWithin = 15 * time.Second
	// mostAnswer is how many bytes of an answer are read, and of its header.
	mostAnswer = 64 << 10
)

// away is for other hosts, here for this machine, where TLS is optional.
var away, here = newClient(false), newClient(true)

// newClient returns a client without redirects and without a proxy from the
// environment: notifications go only where they were configured to go. Requests
// are rare, so each has its own connection; a reused one may be dead, and a
// notification lost on it would be uncertain.
func newClient(stay bool) *http.Client {
	return &http.Client{
		Timeout:       webWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer(webWithin, stay).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: mostAnswer,
		},
	}
}

// CheckURL returns what is wrong with an address, without repeating it: it may be
// a secret. Plain http is for this machine only.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "":
		return errors.New("wants an address such as https://example.org/…")
	case u.User != nil:
		return errors.New("must have no user or password in it")
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return errors.New("must be https, except on this machine")
}

// reply is the server's response.
type reply struct {
	status string // 200 OK
	body   string // its beginning
	header http.Header
}

// words returns status and beginning of the body in one line, without the secret.
func (r *reply) words(secret string) string {
	return words(r.status, mostWords, secret) + " " + words(r.body, mostWords, secret)
}

// ask sends a request. A reply other than success is returned along with the
// error; secret is kept out of the error.
func ask(req *http.Request, secret string) (*reply, error) {
	if err := CheckURL(req.URL.String()); err != nil {
		return nil, err
	}
	client := away
	if req.URL.Scheme == "http" {
		client = here
	}
	// Set before the last byte is sent, so it is never missing once the server
	// has all.
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) }}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	req.Header.Set("User-Agent", "garner")
	res, err := client.Do(req)
	if err != nil {
		return nil, &failure{text: req.URL.Host + ": " + words(bare(err).Error(), mostWords, secret),
			uncertain: written.Load(), ended: req.Context().Err()}
	}
	defer res.Body.Close()
	// An answer that ends early in its body still counts.
	body, _ := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	r := &reply{status: res.Status, body: string(body), header: res.Header}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return r, &failure{text: fmt.Sprintf("%s answered %s", req.URL.Host, r.words(secret))}
	}
	return r, nil
}

// bare removes the address from an error: it may be a secret.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
