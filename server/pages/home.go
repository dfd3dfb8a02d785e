package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"garner/db"
	"garner/ui"
)

// homeRows is how many people the compact list shows at once.
const homeRows = 50

func (s *Site) home(r *http.Request) (answer, error) {
	p, err := s.base(r, "Home", ui.NavHome)
	if err != nil {
		return answer{}, err
	}
	people, err := s.reader(p.Now).People(r.Context())
	if err != nil {
		return answer{}, err
	}
	seen, err := s.store.LastSeen(r.Context())
	if err != nil {
		return answer{}, err
	}
	counts, err := s.store.Counts(r.Context(), s.inbox, p.Now)
	if err != nil {
		return answer{}, err
	}
	v := ui.HomeView{Query: strings.TrimSpace(r.URL.Query().Get("q")), Total: len(people)}
	w, err := s.homeSentence(r, &v, people, counts)
	if err != nil {
		return answer{}, err
	}
	if s.Demo && counts.Waiting > 0 {
		p.DemoProgress = fmt.Sprintf("%s still to be processed", ui.Plural(int(counts.Waiting), "delivery", "deliveries"))
	}
	shown, next := pageOf(matching(people, v.Query), r)
	v.Next = next
	var states map[int64]personState
	if w != nil {
		states = w.states()
	}
	for _, person := range shown {
		card, err := s.card(r, w, person, seen[person.ID], states[person.ID], len(people) <= ui.CompactAbove)
		if err != nil {
			return answer{}, fmt.Errorf("card of person %d: %w", person.ID, err)
		}
		v.Cards = append(v.Cards, card)
	}
	return render(ui.Home(p, v))
}

// matching narrows people to those whose name holds what was searched for.
func matching(people []*db.Person, query string) []*db.Person {
	if query == "" {
		return people
	}
	var out []*db.Person
	for _, p := range people {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(query)) {
			out = append(out, p)
		}
	}
	return out
}

// pageOf gives the people of a page, and the address of the next one.
func pageOf(people []*db.Person, r *http.Request) (shown []*db.Person, next string) {
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 0 || from > len(people) {
		from = 0
	}
	to := min(from+homeRows, len(people))
	if to < len(people) {
		q := url.Values{"from": {strconv.Itoa(to)}}
		if query := r.URL.Query().Get("q"); query != "" {
			q.Set("q", query)
		}
		next = "/?" + q.Encode()
	}
	return people[from:to], next
}

// homeSentence says in one sentence whether all is well, and in a second what
// follows from it. Where no one watches, it says so.
func (s *Site) homeSentence(r *http.Request, v *ui.HomeView, people []*db.Person, counts db.Counts) (*statusPage,
	error) {
	if len(people) == 0 {
		v.Sentence, v.Status = "Nobody is here yet.", ui.NoData
		return nil, nil
	}
	w, err := s.look(r, "Home", ui.NavHome)
	if err != nil {
		return nil, err
	}
	v.Sentence, v.Status, v.Detail, v.Fix = w.sentence()
	if n := int(counts.Parked + counts.Quarantined + counts.Orphaned); n > 0 && v.Fix == nil {
		v.Fix = &ui.Link{Text: ui.Plural(n, "message needs a look", "messages need a look"), URL: "/inbox"}
	}
	return w, nil
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// some names a few and counts the rest.
func some(names []string) string {
	const few = 3
	switch {
	case len(names) > few:
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d others", len(names)-few)
	case len(names) == 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
