package client

import (
	"context"
	"net/http"

	"garner/garmin"
)

// Fetched is what a callback URL led to.
type Fetched struct {
	Body []byte
	// ContentType is the media type in lower case, without parameters; empty if there
	// is none.
	ContentType string
}

// Fetch gets what a ping announced. A body of more than most bytes, unpacked, is
// ErrTooLarge. Garmin serves a file once and then answers 410 (Activity API).
func (c *Client) Fetch(ctx context.Context, cred Credential, t Target, most int64) (Fetched, error) {
	within := jsonWithin
	if t.Path == restPath+garmin.ActivityFiles.Pull {
		within = fileWithin
	}
	a, err := c.do(ctx, cred, call{method: http.MethodGet, path: t.Path, query: t.Query, within: within, most: most,
		success: []int{http.StatusOK}})
	if err != nil {
		return Fetched{}, err
	}
	return Fetched{Body: a.Body, ContentType: a.ContentType()}, nil
}
