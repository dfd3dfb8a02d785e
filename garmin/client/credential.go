package client

import (
	"errors"
	"net/http"
)

// Credential signs a request for one person.
type Credential interface{ Sign(*http.Request) error }

// signer is a function, so that printing a Credential shows no token.
type signer func(*http.Request) error

// Sign signs a request.
func (s signer) Sign(req *http.Request) error { return s(req) }

// Bearer signs with an access token of OAuth 2.
func Bearer(access string) Credential {
	return signer(func(req *http.Request) error {
		if access == "" {
			return errors.New("there is no access token")
		}
		req.Header.Set("Authorization", "Bearer "+access)
		return nil
	})
}
