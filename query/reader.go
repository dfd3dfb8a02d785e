package query

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/health/history"
)

// Watch is the watch over silence, as far as reading needs it.
type Watch interface {
	// Snapshot returns the facts at an instant and what follows from them.
	Snapshot(ctx context.Context, now time.Time) (*alert.Facts, *alert.Findings, error)
}

// Reader answers questions for one viewer at one instant. It is made for one
// page, file or notification and used by one goroutine.
type Reader struct {
	Viewer Viewer
	Store  *db.Store
	// Inbox is needed only for queries about deliveries.
	Inbox *db.InboxReader
	// Watch is needed for queries about expectation, absence and incidents.
	Watch Watch
	// Roster is shared by readers; nil to read people from the store.
	Roster *Roster
	// History limits what can be asked for again.
	History history.Limits
	Now     time.Time

	home *Household
	ids  *identities
}

// Household is what the watch knows about all people, read once. It returns
// db.ErrBroken if there is no watch.
func (q *Reader) Household(ctx context.Context) (*Household, error) {
	if q.home != nil {
		return q.home, nil
	}
	if q.Watch == nil {
		return nil, db.ErrBroken
	}
	facts, found, err := q.Watch.Snapshot(ctx, q.Now)
	if err != nil {
		return nil, err
	}
	q.home = &Household{Viewer: q.Viewer, Store: q.Store, History: q.History, Facts: facts, Found: found}
	return q.home, nil
}

// Coverage is that of a person, or db.ErrNotFound for one whom the watch does
// not know yet.
func (q *Reader) Coverage(ctx context.Context, person int64) (*Coverage, error) {
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	return home.coverageOf(ctx, person)
}

// known is the coverage of a person whom the viewer sees: nil, with the states of one
// without data, if the watch does not know them yet.
func (q *Reader) known(ctx context.Context, person int64) (*Coverage, error) {
	c, err := q.Coverage(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	return c, err
}

// People are those whom the viewer may see, by name.
func (q *Reader) People(ctx context.Context) ([]*db.Person, error) {
	list, err := q.Roster.people(ctx, q.Store)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(list), func(p *db.Person) bool { return q.Viewer.sees(p.ID) != nil }), nil
}

// Readable are those whose values the viewer may read, by name.
func (q *Reader) Readable(ctx context.Context) ([]*db.Person, error) {
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(people, func(p *db.Person) bool { return q.Viewer.readsOf(p.ID) != nil }), nil
}

// Reads returns nil if the viewer may read the values of a person, ErrNotShared if
// they see only delivery facts, and else db.ErrNotFound.
func (q *Reader) Reads(person int64) error { return q.Viewer.readsOf(person) }

// Records yields the records of a person's type to be exported, in order of time:
// every current version if versions is set, else without simulated ones that real
// ones hide. It yields an error if the viewer may not read the person's values, and
// nothing of a private type that is hidden from them.
func (q *Reader) Records(ctx context.Context, person int64, typ string, from, to health.Day,
	versions bool) iter.Seq2[*health.Record, error] {
	if err := q.Viewer.readsOf(person); err != nil {
		return func(yield func(*health.Record, error) bool) { yield(nil, err) }
	}
	if q.Viewer.hides(person, typ) {
		return func(func(*health.Record, error) bool) {}
	}
	if versions {
		return q.bySource(ctx, q.Store.EachVersion(ctx, person, typ, from, to))
	}
	return q.Store.Each(ctx, person, typ, from, to)
}

// Person is the one of a slug, or db.ErrNotFound.
func (q *Reader) Person(ctx context.Context, slug string) (*db.Person, error) {
	p, err := q.Store.PersonBySlug(ctx, slug)
	if err == nil {
		err = q.Viewer.sees(p.ID)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Roster caches the people: every page names them, and they rarely
// change.
type Roster struct {
	mu   sync.Mutex
	mark int64
	list []*db.Person
}

func (c *Roster) people(ctx context.Context, store *db.Store) ([]*db.Person, error) {
	if c == nil {
		return store.People(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	mark, err := store.PeopleMark(ctx)
	if err != nil {
		return nil, err
	}
	if c.list == nil || mark != c.mark {
		if c.list, err = store.People(ctx); err != nil {
			return nil, err
		}
		c.mark = mark
	}
	return c.list, nil
}
