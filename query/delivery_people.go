package query

import (
	"context"
	"errors"
	"io"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/garmin/personal"
)

// peopleRead is how much of a body is searched for people.
const peopleRead = 4 << 20

// peopleLimits limit the cost of searching a body for people.
var peopleLimits = garmin.Limits{Depth: 64, ElementBytes: peopleRead, Elements: 100_000}

// namedIn is whose elements a delivery has.
type namedIn struct {
	// ids are all linked people, and people those whom the viewer sees, by name.
	ids    []int64
	people []PersonRef
	// some means that the viewer reads the values of one of them, whole that they
	// may see the body as it is.
	some, whole bool
}

// namedIn finds the people of a delivery. Of a body that is large or not of Garmin's
// form it searches the readable beginning; as anyone could be in the rest, only who
// reads everyone may see that one whole. Elements of people who are not linked are
// for who runs the installation, those of erased people for no account.
func (q *Reader) namedIn(ctx context.Context, d *db.Delivery) (out namedIn, err error) {
	in, err := q.search(ctx, d, peopleRead)
	if err != nil {
		return out, err
	}
	people, err := q.Roster.people(ctx, q.Store)
	if err != nil {
		return out, err
	}
	out.whole = q.Viewer.all || q.Viewer.admin && !in.erased || in.complete && !in.strangers
	for _, p := range people {
		reads, found := q.Viewer.readsOf(p.ID) == nil, in.people[p.ID]
		whole := reads && (!in.private || q.Viewer.readsPrivate(p.ID))
		out.whole = out.whole && (whole || in.complete && !found)
		if !found {
			continue
		}
		out.ids, out.some = append(out.ids, p.ID), out.some || reads
		if q.Viewer.sees(p.ID) == nil {
			out.people = append(out.people, personRef(p))
		}
	}
	return out, nil
}

// headRead is how much of a body is searched for people in a list.
const headRead = 16 << 10

// namedFirst finds which of some people the beginning of a delivery's body names; none if
// the body is no longer kept.
func (q *Reader) namedFirst(ctx context.Context, id int64, people []*db.Person) (out []PersonRef, err error) {
	d, err := q.Inbox.Delivery(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	in, err := q.search(ctx, d, headRead)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if in.people[p.ID] {
			out = append(out, personRef(p))
		}
	}
	return out, nil
}

// identities are what Garmin calls the people, read once: a list searches many bodies.
type identities struct {
	*db.Identities
	// sealed means that it cannot be decrypted what erased people were called: anyone who is
	// not linked may be one.
	sealed bool
}

func (q *Reader) identities(ctx context.Context) (*identities, error) {
	if q.ids == nil {
		ids, err := q.Store.Identities(ctx)
		sealed := errors.Is(err, db.ErrSealed)
		if err != nil && !sealed {
			return nil, err
		}
		q.ids = &identities{ids, sealed}
	}
	return q.ids, nil
}

// searched is whom a body names.
type searched struct {
	// people are those who are linked; strangers means that there are others, erased that
	// one of them was erased, or may have been.
	people            map[int64]bool
	strangers, erased bool
	// complete means that all of the body was read, private that some of it is of a
	// private type, or of one that is not known, or may be: that may be about the same.
	complete, private bool
}

func (s *searched) note(ids *identities, userID, token string) {
	var hash []byte
	person, known := ids.UserIDs[userID]
	if !known && token != "" {
		hash = db.TokenHash(token)
		person, known = ids.Tokens[string(hash)]
	}
	if known {
		s.people[person] = true
		return
	}
	s.strangers = true
	s.erased = s.erased || ids.sealed || ids.Erased(userID, hash)
}

// search reads whom the first bytes of a body name.
func (q *Reader) search(ctx context.Context, d *db.Delivery, most int64) (*searched, error) {
	out := &searched{people: map[int64]bool{}}
	ids, err := q.identities(ctx)
	if err != nil {
		return nil, err
	}
	if personal.IsAnswer(d.Source, d.Encoding, d.Path) {
		if head, _, err := personal.Split(q.Inbox.Body(ctx, d)); err == nil {
			out.note(ids, head.UserID, "")
			out.complete, out.private = true, privateAnswer(head.Endpoint)
		} else {
			out.private = true
		}
		return out, nil
	}
	body, err := q.body(ctx, d)
	if err != nil {
		out.private = !shareable(d.Path)
		return out, nil // not gzip, although it says so: no one can be found
	}
	read, ownerless, anyone := &io.LimitedReader{R: body, N: most}, false, false
	err = garmin.Split(read, d.Path, peopleLimits, func(it garmin.Item) error {
		out.private = out.private || it.Type == nil || isPrivate(it.Type.Key)
		switch {
		case it.Err != nil:
			anyone = true
		case it.UserID+it.Token == "":
			ownerless = true
		default:
			out.note(ids, it.UserID, it.Token)
		}
		return nil
	})
	out.complete = err == nil && read.N > 0 && !anyone
	out.private = out.private || !out.complete && !shareable(d.Path)
	if ownerless {
		outer, err := q.outer(ctx, d)
		out.complete = out.complete && err == nil
		out.note(ids, outer.UserID, outer.Token)
	}
	return out, nil
}

// shareable reports whether the address of a callback says that its body is of a type that
// is known and can be shared.
func shareable(path string) bool {
	t, known := garmin.Lookup(path)
	return known && !isPrivate(t.Key)
}

// outer is what a body says beside its elements.
func (q *Reader) outer(ctx context.Context, d *db.Delivery) (garmin.Outer, error) {
	body, err := q.body(ctx, d)
	if err != nil {
		return garmin.Outer{}, err
	}
	return garmin.FindOuter(io.LimitReader(body, peopleRead), peopleLimits)
}

// privateAnswer reports whether an endpoint of the Personal API answers with a private
// type; so may one that is not known.
func privateAnswer(endpoint string) bool {
	e := personal.Lookup(endpoint)
	return e == nil || slices.ContainsFunc(e.Types, isPrivate)
}
