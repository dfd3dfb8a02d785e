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
	w, err := s.look(r, "Home", ui.NavHome)
	if err != nil {
		return answer{}, err
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("from")) // anything else is the beginning
	home, err := s.reader(w.p.Now).Home(r.Context(), strings.TrimSpace(r.URL.Query().Get("q")), from)
	if err != nil {
		return answer{}, err
	}
	counts, err := s.store.Counts(r.Context(), s.inbox, w.p.Now)
	if err != nil {
		return answer{}, err
	}
	if s.Demo && counts.Waiting > 0 {
		w.p.DemoProgress = fmt.Sprintf("%s still to be processed", ui.Plural(int(counts.Waiting), "delivery", "deliveries"))
	}
	v := ui.NewHome(w.p, home)
	w.homeSentence(&v, counts)
	return render(ui.Home(w.p, v))
}

// homeSentence states in one sentence whether all is well, and in a second one
// what follows.
func (v *statusPage) homeSentence(home *ui.HomeView, counts db.Counts) {
	if home.Total == 0 {
		home.Sentence, home.Status = "No people yet.", ui.NoData
		return
	}
	home.Sentence, home.Status, home.Detail, home.Fix = v.sentence()
	if n := int(counts.Parked + counts.Quarantined + counts.Orphaned); n > 0 && home.Fix == nil {
		home.Fix = &ui.Link{Text: ui.Plural(n, "delivery needs attention", "deliveries need attention"), URL: "/inbox"}
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
