package personal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"garner/garmin/client"
)

const (
	// bearerLife is how long a bearer is valid (Personal API).
	bearerLife = 24 * time.Hour
	// mostToken is how many bytes the answer to a key may have.
	mostToken = 1 << 20
)

var (
	// ErrKeyRefused means that Garmin does not accept a key: it is wrong, has expired or
	// was deleted. It stays so.
	ErrKeyRefused = errors.New("the key is not accepted by Garmin")
	// ErrNoBearer means that Garmin's answer to a key cannot be read.
	ErrNoBearer = errors.New("the answer to the key has no bearer")
)

// Bearer is what a key is exchanged for. Its String, GoString, LogValue and MarshalJSON
// hide it; fmt does not call them for unexported fields of a struct.
type Bearer struct {
	Token string
	// Ends is at most a day away. A bearer that is renewed too early does no harm.
	Ends time.Time
}

// Exchange gets a bearer for a key. The errors are ErrNotAKey, without a call, ErrKeyRefused,
// ErrNoBearer, and those of client.Gate.Send: a *client.StatusError for other answers,
// which says after which time to call again.
func (c *Client) Exchange(ctx context.Context, key string) (Bearer, error) {
	key, err := CleanKey(key)
	if err != nil {
		return Bearer{}, err
	}
	a, err := c.send(ctx, http.MethodPost, tokenPath, "", "ApiKey "+key, jsonWithin, mostToken)
	var status *client.StatusError
	if errors.As(err, &status) {
		switch status.Status {
		case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
			return Bearer{}, fmt.Errorf("%w: %w", ErrKeyRefused, status)
		}
	}
	if err != nil {
		return Bearer{}, err
	}
	return readBearer(a.Body, time.Now())
}

// String hides the bearer; so do GoString, LogValue and MarshalJSON.
func (b Bearer) String() string { return "***" }

// GoString is String.
func (b Bearer) GoString() string { return b.String() }

// LogValue is String.
func (b Bearer) LogValue() slog.Value { return slog.StringValue(b.String()) }

// MarshalJSON is String in quotes.
func (b Bearer) MarshalJSON() ([]byte, error) { return []byte(`"` + b.String() + `"`), nil }
