package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// oauth1Mark begins the access token of a connection by OAuth 1, whose refresh token
// is the token's secret.
const oauth1Mark = "oauth1:"

// oauth1Lasts is the end of the tokens of OAuth 1 as connections keep it. Garmin gives
// them none (Garmin API, 9.1): it is so late that nothing tries to replace them
// before.
var oauth1Lasts = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func init() { optionalLinks = append(optionalLinks, (*Store).linkOAuth1) }

// OAuth1Tokens are the tokens of OAuth 1 as a connection keeps them.
func OAuth1Tokens(token, secret string) Tokens {
	return Tokens{Access: oauth1Mark + token, Refresh: secret, AccessEnds: oauth1Lasts, RefreshEnds: oauth1Lasts}
}

// OAuth1 returns the token and its secret if these are tokens of OAuth 1.
func (t Tokens) OAuth1() (token, secret string, ok bool) {
	token, ok = strings.CutPrefix(t.Access, oauth1Mark)
	return token, t.Refresh, ok
}

// LinkToken links a person to a token of OAuth 1, by its hash, and releases the
// elements that waited for it. ErrLinked means that another person has it.
func (s *Store) LinkToken(ctx context.Context, person int64, token string) error {
	return s.w.do(ctx, func(t *tx) error { return s.linkToken(t, person, token) })
}

// linkOAuth1 links the person of a new connection to its token of OAuth 1: callbacks
// may name people by it alone.
func (s *Store) linkOAuth1(t *tx, person int64, tokens Tokens) error {
	token, _, ok := tokens.OAuth1()
	if !ok {
		return nil
	}
	return s.linkToken(t, person, token)
}

func (s *Store) linkToken(t *tx, person int64, token string) error {
	var whose int64
	err := t.row(`select person_id from identity where kind = 'token' and value = ?`, []any{TokenHash(token)}, &whose)
	switch {
	case err == nil && whose == person:
		return nil
	case err == nil:
		return ErrLinked
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	return cmp.Or(s.link(t, person, "token", TokenHash(token)), t.bumpPeople(), t.releaseOrphans("", TokenName(token)))
}
