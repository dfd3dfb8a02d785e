package query

import (
	"context"

	"garner/db"
	"garner/garmin"
)

// PersonRef names a person; Slug stands in addresses.
type PersonRef struct{ Name, Slug string }

// TypeRef names one of Garmin's types; Key stands in addresses.
type TypeRef struct{ Key, Title string }

// Names are what pages call people, by id, and types, by key.
type Names struct {
	People map[int64]PersonRef
	Types  map[string]TypeRef
}

// Names returns those of the people whom the viewer may see, and of all types.
func (q *Reader) Names(ctx context.Context) (*Names, error) {
	people, err := q.People(ctx)
	out := &Names{People: make(map[int64]PersonRef, len(people)), Types: make(map[string]TypeRef, len(garmin.Types))}
	for _, p := range people {
		out.People[p.ID] = personRef(p)
	}
	for _, t := range garmin.Types {
		out.Types[t.Key] = TypeRef{t.Key, t.Title}
	}
	return out, err
}

// person names a person; nil for none, or one whom the viewer may not see.
func (n *Names) person(id int64) *PersonRef {
	if p, ok := n.People[id]; ok {
		return &p
	}
	return nil
}

func personRef(p *db.Person) PersonRef { return PersonRef{p.Name, p.Slug} }

// typeRef names a type; nil for none, or one that this version does not know.
func typeRef(key string) *TypeRef {
	if t, ok := garmin.Lookup(key); ok {
		return &TypeRef{t.Key, t.Title}
	}
	return nil
}
