package query

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"garner/db"
	"garner/health"
)

// ErrOtherPeople is the error of reading on in the changes after the people whose values
// the viewer reads have become others: what was there before of a new one is no change.
var ErrOtherPeople = errors.New("the people whose values are read are not those of before; begin again")

// ChangeCursor is a place in the changes that a viewer reads. The zero ChangeCursor is the
// beginning.
type ChangeCursor struct {
	db.ChangeCursor
	// People stands for those whose values the viewer read, 0 for a viewer who reads
	// everyone.
	People int64
}

// Change is a day that changed, or an erased person.
type Change struct {
	db.Change
	// Slug is the person's; empty of an erased one.
	Slug string
}

// Changes returns the changes after a place, at most limit, of people whose values the
// viewer reads, and the place after them. Viewers who operate the installation also learn
// who was erased. What is read of a changed day later is at least as new as the change: one
// that comes in the meantime is in the list again, further on. The error is
// db.ErrLostCursor or ErrOtherPeople if the viewer must begin again.
func (q *Reader) Changes(ctx context.Context, after ChangeCursor, limit int) ([]Change, ChangeCursor, error) {
	only, mark := q.Viewer.readers()
	next := ChangeCursor{People: mark}
	if after != (ChangeCursor{}) && after.People != mark {
		return nil, next, ErrOtherPeople
	}
	list, place, err := q.Store.Changes(ctx, after.ChangeCursor, only, q.Viewer.Operates(), limit)
	if err != nil {
		return nil, next, err
	}
	next.ChangeCursor = place
	// After the changes, or a person who was added in between would not be known.
	people, err := q.Readable(ctx)
	if err != nil {
		return nil, next, err
	}
	slugs := map[int64]string{}
	for _, p := range people {
		slugs[p.ID] = p.Slug
	}
	var out []Change
	for _, c := range list {
		if slug, there := slugs[c.Person]; there || c.Erased { // erased since: that comes as a change
			out = append(out, Change{c, slug})
		}
	}
	return out, next, nil
}

// Before is the place before the changes from c on, where next is the place after the list
// that c is in.
func (c Change) Before(next ChangeCursor) ChangeCursor {
	next.After = c.ID - 1
	return next
}

// MetricsOn returns all metrics of a person's date, by name. Averages over several days may
// be there on dates after the last record.
func (q *Reader) MetricsOn(ctx context.Context, person int64, day health.Day) (map[string]float64, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	readings, err := q.Store.Readings(ctx, person, day, day)
	if err != nil {
		return nil, err
	}
	for _, d := range byDay(q.Viewer.shown(person, readings), day, day) {
		return d.Values, nil
	}
	return nil, nil
}

// readers are the people whose values the viewer reads, nil for everyone, and a number that
// stands for them, which is 0 for everyone.
func (v Viewer) readers() (only []int64, mark int64) {
	if v.all && !v.facts {
		return nil, 0
	}
	only = []int64{}
	for person := range v.reads {
		if v.readsOf(person) == nil {
			only = append(only, person)
		}
	}
	slices.Sort(only)
	sum := sha256.New()
	for _, person := range only {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(person))) //nolint:errcheck // a hash never fails
	}
	return only, int64(binary.BigEndian.Uint64(sum.Sum(nil)) | 1)
}
