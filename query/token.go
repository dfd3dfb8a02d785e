package query

import (
	"context"

	"garner/db"
)

// ViewerOfToken is the viewer that a token of the API stands for: its account, or the
// operator if the command line made it, limited to its one person if it has one. values is
// whether its scopes allow reading values.
func ViewerOfToken(ctx context.Context, store *db.Store, t *db.APIToken, values bool) (Viewer, error) {
	v := Operator()
	if t.Account != 0 {
		account, err := store.Account(ctx, t.Account)
		if err != nil {
			return Viewer{}, err
		}
		if v, err = ViewerOf(ctx, store, account); err != nil {
			return Viewer{}, err
		}
	}
	if t.Person != 0 {
		v = v.Only(t.Person)
	}
	if !values {
		v = v.Facts()
	}
	return v, nil
}
