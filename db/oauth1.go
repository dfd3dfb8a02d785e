package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
)

// LinkToken links a person to a token of OAuth 1, by its hash, and releases the
// elements that waited for it. ErrLinked means that another person has it.
func (s *Store) LinkToken(ctx context.Context, person int64, token string) error {
	return s.w.do(ctx, func(t *tx) error {
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
	})
}
