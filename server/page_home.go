package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/ui"
)

// homeRows is how many people the compact list shows at once.
const homeRows = 50

func (s *Server) home(r *http.Request) (answer, error) {
	p, err := s.base(r, "Home", ui.NavHome)
	if err != nil {
		return answer{}, err
	}
	people, err := s.roster.people(r, s.store)
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
	s.homeSentence(&v, people, seen, counts, p.Now)
	if s.Demo && counts.Waiting > 0 {
		p.DemoProgress = fmt.Sprintf("%s still to be understood, newest days first", ui.Plural(int(counts.Waiting), "message", "messages"))
	}
	shown, next := pageOf(matching(people, v.Query), r)
	v.Next = next
	for _, person := range shown {
		card, err := s.card(r, person, seen[person.ID], p.Now, len(people) <= ui.CompactAbove)
		if err != nil {
			return answer{}, fmt.Errorf("card of person %d: %w", person.ID, err)
		}
		v.Cards = append(v.Cards, card)
	}
	return show(ui.Home(p, v))
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
// follows from it.
func (s *Server) homeSentence(v *ui.HomeView, people []*db.Person, seen map[int64]db.Seen, counts db.Counts, now time.Time) {
	var silent, waiting []string
	newest := time.Time{}
	for _, p := range people {
		status, _ := silence(seen[p.ID], now)
		switch status {
		case ui.Down, ui.Late:
			silent = append(silent, p.Name)
		case ui.NoData:
			waiting = append(waiting, p.Name)
		}
		if at := seen[p.ID].Received; at.After(newest) {
			newest = at
		}
	}
	v.Status = ui.OK
	switch {
	case len(people) == 0:
		v.Sentence, v.Status = "Nobody is here yet.", ui.NoData
		return
	case len(silent) == len(people):
		v.Sentence, v.Status = "Nothing has arrived for anybody since "+ui.When(newest, now)+".", ui.Down
		v.Detail = "When everybody is silent, look at the way here first: Garmin's portal, the public address, the tunnel or proxy."
	case len(silent) > 0:
		v.Sentence, v.Status = "No news of "+some(silent)+".", ui.Late
		v.Detail = "Others' data came " + ui.Ago(newest, now) + ", so the way from Garmin works; the silence is on the side of the watch or the phone."
	case len(waiting) == len(people):
		v.Sentence, v.Status = "Waiting for first data.", ui.NoData
		v.Detail = "They usually arrive after the next watch sync."
	case len(waiting) > 0:
		v.Sentence = "Everything is arriving; " + some(waiting) + " " + isOrAre(len(waiting)) + " still waiting for first data."
	default:
		v.Sentence, v.Detail = "Everything is arriving.", "The newest came "+ui.Ago(newest, now)+"."
	}
	if counts.Parked+counts.Quarantined+counts.Orphaned > 0 {
		v.Fix = &ui.Link{Text: ui.Plural(int(counts.Parked+counts.Quarantined+counts.Orphaned), "message needs a look", "messages need a look"), URL: "/inbox"}
	}
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
