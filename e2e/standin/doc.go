// Package standin tests the built program against servers that were not written
// for it: OAuth 2 with PKCE by github.com/go-oauth2/oauth2, OAuth 1 by Python's
// oauthlib. It shares no code with Garner.
package standin
