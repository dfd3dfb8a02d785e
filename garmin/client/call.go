package client

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// call is one request of the API.
type call struct {
	method, path, query string
	within              time.Duration
	most                int64 // bytes of the answer
	success             []int
}

// do signs and sends a call. An answer of another status than success is a
// *StatusError.
func (c *Client) do(ctx context.Context, cred Credential, what call) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, what.method, c.at(what.path, what.query).String(), nil)
	if err != nil {
		return nil, notSent("the address of the call is not valid") // err repeats the address
	}
	req.Header.Set("Accept", "application/json, */*;q=0.5")
	if err := cred.Sign(req); err != nil {
		return nil, notSent("cannot sign the call: " + clean(err.Error(), secretsOf(req)))
	}
	a, err := c.gate.Send(req, what.within, what.most)
	switch {
	case err != nil:
		return nil, err
	case !slices.Contains(what.success, a.Status):
		return nil, newStatusError(a.Status, a.Header, a.Body, secretsOf(req))
	}
	return a, nil
}
