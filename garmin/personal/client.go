package personal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"garner/garmin/client"
)

const (
	// jsonWithin and fileWithin limit a call from dialling to the last byte, mostJSON and
	// mostZIP are how many bytes its answer may have.
	jsonWithin, fileWithin = 30 * time.Second, 2 * time.Minute
	mostJSON, mostZIP      = 8 << 20, 16 << 20
	// patience is how long a call waits while others are under way, which may be files.
	patience = 30 * time.Second
)

// ErrBearerRefused means that Garmin no longer accepts a bearer: it wants a new one.
var ErrBearerRefused = errors.New("the bearer is not accepted by Garmin")

// errPage means that a web page came with a status of success: what answered is not the
// API, or the API is being maintained.
var errPage = errors.New("a web page came instead of an answer")

// Limits is how often Garmin is called, with all keys together. Garmin publishes no limits;
// twelve calls at once were refused.
type Limits struct{ PerSecond, Parallel int }

// Client calls the Personal API. It is safe for concurrent use.
type Client struct {
	origin url.URL // scheme and host only
	gate   *client.Gate
}

// New makes a Client. It refuses an origin that is neither https nor loopback, or is more
// than scheme and host. The log gets it when calls are paused.
func New(origin string, limits Limits, log *slog.Logger) (*Client, error) {
	u, err := client.ParseOrigin(origin)
	switch {
	case err != nil:
		return nil, fmt.Errorf("address of the Personal API: %w", err)
	case limits.PerSecond < 1 || limits.Parallel < 1:
		return nil, errors.New("the Personal API needs at least one call a second and one at a time")
	}
	return &Client{origin: *u, gate: client.NewGate(client.Limits{PerSecond: float64(limits.PerSecond), Burst: 1,
		Parallel: limits.Parallel, Patience: patience}, log, u)}, nil
}

// String is where it calls.
func (c *Client) String() string { return "client of " + c.origin.Host }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// Reply is what Garmin answered.
type Reply struct {
	// Status is 2xx, or 404 for what Garmin does not have.
	Status int
	// Body is empty for 204 and 404.
	Body []byte
	// ContentType is the media type in lower case, without parameters; empty if there is
	// none.
	ContentType string
	// Path is the path with its query, as asked.
	Path string
}

// Get makes the call of a request. The errors are ErrBearerRefused for 401 and 403, and
// those of client.Gate.Send: a *client.StatusError says after which time to call again.
func (c *Client) Get(ctx context.Context, bearer Bearer, r Request) (Reply, error) {
	path, query, err := r.target()
	if err != nil {
		return Reply{}, err
	}
	within, most := jsonWithin, int64(mostJSON)
	if r.Endpoint.Key == FileKey {
		within, most = fileWithin, mostZIP
	}
	reply := Reply{Path: path}
	if query != "" {
		reply.Path += "?" + query
	}
	a, err := c.send(ctx, http.MethodGet, path, query, "Bearer "+bearer.Token, within, most)
	var status *client.StatusError
	switch {
	case err == nil && r.Endpoint.Key != FileKey && isPage(a):
		return Reply{}, errPage
	case err == nil:
		reply.Status, reply.Body, reply.ContentType = a.Status, a.Body, a.ContentType()
		return reply, nil
	case !errors.As(err, &status):
		return Reply{}, err
	case status.Status == http.StatusNotFound:
		reply.Status = status.Status
		return reply, nil
	case status.Status == http.StatusUnauthorized || status.Status == http.StatusForbidden:
		return Reply{}, fmt.Errorf("%w: %w", ErrBearerRefused, status)
	}
	return Reply{}, status
}

// isPage reports whether an answer is HTML.
func isPage(a *client.Answer) bool {
	return a.ContentType() == "text/html" || bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<"))
}

// send makes one call. Its errors are those of client.Gate.Send.
func (c *Client) send(ctx context.Context, method, path, query, authorization string, within time.Duration,
	most int64) (*client.Answer, error) {
	u := c.origin
	u.Path, u.RawQuery = path, query
	req, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return nil, errors.New("the address of the call is not valid") // err repeats it
	}
	req.Header.Set("Accept", "application/json, */*;q=0.5")
	req.Header.Set("Authorization", authorization)
	return c.gate.Send(req, within, most)
}
