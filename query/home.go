package query

import (
	"context"
	"strings"
	"time"

	"garner/db"
	"garner/health/alert"
)

// PersonState is how a person's data arrives.
type PersonState struct {
	State alert.State
	// News is when the newest data came; zero for never.
	News time.Time
	// PausedUntil is the end of the current pause; zero without one.
	PausedUntil time.Time
}

// states returns it of everyone whom the viewer may see, by person.
func (h *Household) states() map[int64]PersonState {
	out := make(map[int64]PersonState, len(h.Facts.People))
	for i := range h.Facts.People {
		p := &h.Facts.People[i]
		if h.Viewer.sees(p.ID) == nil {
			out[p.ID] = PersonState{h.state(i), p.News, pausedUntil(p.Pauses, h.Facts.Now)}
		}
	}
	return out
}

const (
	// MostCards is the number of people up to which each has a card on Home.
	MostCards = 12
	// homeRows is how many people a page shows.
	homeRows = 50
)

// Home is a page of the people whose name matches a search.
type Home struct {
	HomeFilter
	// Total counts people before the search.
	Total int
	// Cards are filled up to MostCards people in total, Lines beyond.
	Cards []Card
	Lines []Latest
	// Next is how many people come before the next page, 0 on the last.
	Next int
}

// HomeFilter selects people whose name contains Search, and the page after From of
// them, or the first if there are not so many.
type HomeFilter struct {
	Search string
	By     Order
	From   int
}

// Home returns a page of people.
func (q *Reader) Home(ctx context.Context, f HomeFilter) (*Home, error) {
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	h := &Home{HomeFilter: f, Total: len(people)}
	people = matching(people, f.Search)
	if len(people) > 1 {
		home, err := q.Household(ctx)
		if err != nil {
			return nil, err
		}
		if err := home.sortPeople(ctx, people, f.By); err != nil {
			return nil, err
		}
	}
	from, shown := pageOf(people, f.From, homeRows)
	if next := from + len(shown); next < len(people) {
		h.Next = next
	}
	switch {
	case len(shown) == 0:
		return h, nil
	case h.Total <= MostCards:
		h.Cards, err = q.Cards(ctx, shown)
	default:
		h.Lines, err = q.Latest(ctx, shown)
	}
	return h, err
}

// matching filters people to those whose name contains the search text.
func matching(people []*db.Person, search string) []*db.Person {
	var out []*db.Person
	for _, p := range people {
		if named(p.Name, search) {
			out = append(out, p)
		}
	}
	return out
}

// named reports whether a name holds what was searched for, whatever the case.
func named(name, search string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(search))
}

// Standing is a person with how their data arrives.
type Standing struct {
	Person *db.Person
	// State is nil if no check has run since the person was added.
	State *PersonState
}

// Standings returns it for all people whom the viewer may see, by name.
func (q *Reader) Standings(ctx context.Context) ([]Standing, error) {
	people, err := q.People(ctx)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	states, out := home.states(), make([]Standing, len(people))
	for i, p := range people {
		out[i].Person = p
		if state, ok := states[p.ID]; ok {
			out[i].State = &state
		}
	}
	return out, nil
}
