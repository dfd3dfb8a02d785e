package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// webWithin bounds one request.
const webWithin = 15 * time.Second

// web asks other hosts. It follows no redirect and no proxy of the environment:
// a notice goes where it was configured to go, or nowhere.
var web = &http.Client{
	Timeout:       webWithin,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: webWithin}).DialContext,
		TLSHandshakeTimeout:   webWithin,
		ResponseHeaderTimeout: webWithin,
		MaxIdleConns:          4,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     true,
	},
}

// mostAnswer is how much of an answer is read.
const mostAnswer = 64 << 10

// checkURL says what is wrong with an address: plain http is for this machine
// only.
func checkURL(address string) error {
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

// ask sends a request and gives status and beginning of the answer.
func ask(req *http.Request) (answer string, date time.Time, err error) {
	if err := checkURL(req.URL.String()); err != nil {
		return "", date, err
	}
	res, err := web.Do(req)
	if err != nil {
		return "", date, &lost{withoutURL(err)}
	}
	defer res.Body.Close()
	date, _ = http.ParseTime(res.Header.Get("Date"))
	body, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	text := line(string(body))
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	answer = strings.TrimSpace(res.Status + " " + text)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return "", date, fmt.Errorf("answered %s", answer)
	}
	return answer, date, err
}

// withoutURL leaves the address out of an error: it may be a secret.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// lost is a request of which it is not known whether it arrived.
type lost struct{ error }

// Unwrap gives the cause.
func (l *lost) Unwrap() error { return l.error }

// Ping tells a dead-man's switch that all is well. Where its answer is dated,
// known is true and ahead is how far this machine's clock is ahead.
func Ping(ctx context.Context, address string) (ahead time.Duration, known bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, webWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, false, errors.New("not an address")
	}
	began := time.Now()
	_, date, err := ask(req)
	if date.IsZero() {
		return 0, false, err
	}
	// The date has whole seconds and was written somewhere in between.
	return began.Add(time.Since(began) / 2).Sub(date).Truncate(time.Second), true, err
}

// Probe asks our own public address by its name, as the world would.
func Probe(ctx context.Context, public string) error {
	ctx, cancel := context.WithTimeout(ctx, webWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(public, "/")+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, _, err := ask(req)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(answer, "200 OK ok") {
		return fmt.Errorf("somebody else answers there: %s", answer)
	}
	return nil
}

// Uncertain says of an error that the other side may have taken the notice all
// the same.
func Uncertain(err error) bool {
	var l *lost
	var op *net.OpError
	if errors.As(err, &l) {
		return !errors.As(err, &op) || op.Op != "dial"
	}
	return uncertainMail(err)
}
