package api

import (
	"time"

	"github.com/gorilla/mux"

	"garner/db"
)

// person is a person as the API has them.
type person struct {
	ID   int64  `json:"id" doc:"Never recurs, even where a person is erased and another of the name added."`
	Slug string `json:"slug" doc:"Stands in addresses."`
	Name string `json:"name"`
	// Values reports whether the token reads the person's values.
	Values  bool      `json:"values" doc:"Whether this token reads values of the person, not only facts of delivery."`
	Created time.Time `json:"created_at" doc:"When the person was added."`
}

func (r *request) personOf(p *db.Person) person {
	return person{ID: p.ID, Slug: p.Slug, Name: p.Name, Values: r.query.Reads(p.ID) == nil,
		Created: p.Created.UTC().Truncate(time.Second)}
}

// people lists whom the token sees, by name.
func (r *request) people() (any, error) {
	people, err := r.query.People(r.Context())
	if err != nil {
		return nil, err
	}
	out := list[person]{Data: []person{}}
	for _, p := range people {
		out.Data = append(out.Data, r.personOf(p))
	}
	return out, nil
}

func (r *request) person() (any, error) {
	p, err := r.addressed()
	if err != nil {
		return nil, err
	}
	return item[person]{r.personOf(p)}, nil
}

// addressed is the person in the address.
func (r *request) addressed() (*db.Person, error) {
	return r.query.Person(r.Context(), mux.Vars(r.Request)["slug"])
}
