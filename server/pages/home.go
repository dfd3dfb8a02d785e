package pages

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"garner/db"
	"garner/ui"
)

func (s *Site) home(r *http.Request) (answer, error) {
	p, err := s.base(r, "Home", ui.NavHome)
	if err != nil {
		return answer{}, err
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("from")) // what is no number is the beginning
	home, err := s.reader(p.Now).Home(r.Context(), strings.TrimSpace(r.URL.Query().Get("q")), from)
	if err != nil {
		return answer{}, err
	}
	counts, err := s.store.Counts(r.Context(), s.inbox, p.Now)
	if err != nil {
		return answer{}, err
	}
	if s.Demo && counts.Waiting > 0 {
		p.DemoProgress = fmt.Sprintf("%s still to be processed", ui.Plural(int(counts.Waiting), "delivery", "deliveries"))
	}
	v := ui.NewHome(p, home)
	if err := s.homeSentence(r, &v, counts); err != nil {
		return answer{}, err
	}
	return render(ui.Home(p, v))
}

// homeSentence says in one sentence whether all is well, and in a second what
// follows from it. Where no one watches, it says so.
func (s *Site) homeSentence(r *http.Request, v *ui.HomeView, counts db.Counts) error {
	if v.Total == 0 {
		v.Sentence, v.Status = "Nobody is here yet.", ui.NoData
		return nil
	}
	w, err := s.look(r, "Home", ui.NavHome)
	if err != nil {
		return err
	}
	v.Sentence, v.Status, v.Detail, v.Fix = w.sentence()
	if n := int(counts.Parked + counts.Quarantined + counts.Orphaned); n > 0 && v.Fix == nil {
		v.Fix = &ui.Link{Text: ui.Plural(n, "message needs a look", "messages need a look"), URL: "/inbox"}
	}
	return nil
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
