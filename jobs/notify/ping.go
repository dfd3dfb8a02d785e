package notify

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// get asks for an address.
func get(ctx context.Context, address string) (*reply, error) {
	if err := CheckURL(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, bare(err)
	}
	return ask(req, "")
}

// Ping calls a dead-man's switch: all is well. Where its answer is dated,
// known is true, even along with an error, and ahead is how far this machine's
// clock is ahead, to about a second; below zero it is behind.
func Ping(ctx context.Context, url string) (ahead time.Duration, known bool, err error) {
	began := time.Now()
	r, err := get(ctx, url)
	if r == nil || r.header.Get("Age") != "" { // a cached answer has an old date
		return 0, false, err
	}
	date, bad := http.ParseTime(r.header.Get("Date"))
	if bad != nil {
		return 0, false, err
	}
	// It was written somewhere in between, and without its fraction of a
	// second: half of one, on average.
	middle := began.Add(time.Since(began) / 2)
	return (middle.Sub(date) - time.Second/2).Round(time.Second), true, err
}

// Probe requests our own public address by name, as other hosts would: nil if
// Garner responds there. The address has no path.
func Probe(ctx context.Context, publicURL string) error {
	r, err := get(ctx, strings.TrimSuffix(publicURL, "/")+"/healthz")
	if err != nil {
		return err
	}
	if !strings.HasPrefix(r.status, "200") || !strings.HasPrefix(r.body, "ok") {
		return fmt.Errorf("another server responds there: %s", r.words(""))
	}
	return nil
}
