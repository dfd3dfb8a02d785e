package pages

import (
	"context"
	"net/url"

	"golang.org/x/oauth2"

	"garner/db"
	"garner/garmin/client"
)

// SignIn leads a person through Garmin's sign-in.
type SignIn interface {
	// Begin returns where the person consents, and a secret for Finish, which is stored
	// encrypted. Garmin sends the person back to redirect, with state.
	Begin(ctx context.Context, redirect, state string) (consent, secret string, err error)
	// Finish redeems what Garmin sent back for tokens, and makes the credential that
	// signs with them. Errors are client.ErrCanceled, client.ErrInvalidGrant, and those
	// of calls.
	Finish(ctx context.Context, redirect, secret string, returned url.Values) (db.Tokens, client.Credential, error)
}

// Protocol is one beside OAuth 2; the zero value is none.
type Protocol struct {
	// SignIn, if not nil, replaces that of OAuth 2.
	SignIn SignIn
	// Notice is shown to people before they sign in that way.
	Notice string
	// Credential makes the credential of tokens, and reports whether they are of this
	// protocol; it may be nil.
	Credential func(db.Tokens) (cred client.Credential, ok bool)
}

// garminSignIn is the sign-in in use.
func (s *Site) garminSignIn(garmin *client.Client) SignIn {
	if s.Protocol.SignIn != nil {
		return s.Protocol.SignIn
	}
	return pkce{garmin}
}

// pkce signs in by OAuth 2 with PKCE. Its secret is the verifier.
type pkce struct{ garmin *client.Client }

// Begin implements SignIn.
func (p pkce) Begin(_ context.Context, redirect, state string) (consent, verifier string, err error) {
	verifier = oauth2.GenerateVerifier()
	return p.garmin.SignInURL(redirect, state, verifier), verifier, nil
}

// Finish implements SignIn.
func (p pkce) Finish(ctx context.Context, redirect, verifier string, returned url.Values) (db.Tokens,
	client.Credential, error) {
	if returned.Has("error") || returned.Get("code") == "" {
		return db.Tokens{}, nil, client.ErrCanceled
	}
	t, err := p.garmin.Exchange(ctx, redirect, returned.Get("code"), verifier)
	return db.Tokens(t), client.Bearer(t.Access), err
}
