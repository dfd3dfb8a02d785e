package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"garner/db"
)

// people caches the identities and reads them again only after a person was
// added, changed or erased.
type people struct {
	mu  sync.Mutex
	ids *db.Identities
}

// current returns the identities as of now, with their mark.
func (p *people) current(ctx context.Context, store *db.Store, log *slog.Logger) (*db.Identities, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark, err := store.PeopleMark(ctx)
	if err != nil {
		return nil, err
	}
	if p.ids == nil || mark != p.ids.Mark {
		ids, err := store.Identities(ctx)
		if errors.Is(err, db.ErrSealed) {
			log.Error("erased people are not recognized, their elements wait as of unknown people", "err", err)
			err = nil
		}
		if err != nil {
			return nil, err
		}
		ids.Mark = mark
		p.ids = ids
	}
	return p.ids, nil
}
