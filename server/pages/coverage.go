package pages

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"garner/health"
	"garner/health/alert"
	"garner/ui"
)

const (
	// coverRows is how many people the coverage page counts at once.
	coverRows = 20
	// gapRows is how many gaps it lists.
	gapRows = 60
	// yearDays is how far back it counts.
	yearDays = 365
)

// coverage shows what is missing for the household.
func (s *Site) coverage(r *http.Request) (answer, error) {
	v, err := s.look(r, "Coverage", ui.NavCoverage)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	out := ui.CoverageView{Person: q.Get("person"), Type: q.Get("type"), OnlyGaps: q.Get("only") == "gaps",
		Total: len(v.facts.People), Status: ui.OK}
	var shown []int
	for i := range v.facts.People {
		l := *v.link(v.facts.People[i].ID)
		out.AllPeople = append(out.AllPeople, l)
		if out.Person == "" || out.Person == l.Slug {
			shown = append(shown, i)
		}
	}
	for _, t := range v.facts.Types {
		if t.Rhythmic {
			out.Types = append(out.Types, v.types[t.Key])
		}
	}
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 || from >= len(shown) {
		from = 0
	}
	to := min(from+coverRows, len(shown))
	if from > 0 {
		out.Prev = page("/coverage", q, max(from-coverRows, 0))
	}
	if to < len(shown) {
		out.Next = page("/coverage", q, to)
	}
	for _, i := range shown[from:to] {
		row, gaps, err := s.coverageRow(r, v, i, out.Type)
		if err != nil {
			return answer{}, err
		}
		if !out.OnlyGaps || row.Longest > 0 {
			out.People = append(out.People, row)
		}
		out.Gaps = append(out.Gaps, gaps...)
	}
	slices.SortStableFunc(out.Gaps, func(a, b ui.GapRow) int { return cmp.Compare(b.Days(), a.Days()) })
	out.GapsTotal = len(out.Gaps)
	out.Gaps, out.MoreGaps = pageOfGaps(out.Gaps, q)
	coverageSentence(&out, to-from)
	return render(ui.Coverage(v.p, out))
}

func pageOfGaps(gaps []ui.GapRow, q url.Values) (shown []ui.GapRow, more string) {
	from, err := strconv.Atoi(q.Get("gaps"))
	if err != nil || from < 0 || from > len(gaps) {
		from = 0
	}
	to := min(from+gapRows, len(gaps))
	if to < len(gaps) {
		other := url.Values{}
		for k, vals := range q {
			other[k] = vals
		}
		other.Set("gaps", strconv.Itoa(to))
		more = "/coverage?" + other.Encode()
	}
	return gaps[from:to], more
}

func coverageSentence(out *ui.CoverageView, people int) {
	open := 0
	for _, row := range out.People {
		open += row.Open
	}
	switch {
	case out.Total == 0:
		out.Sentence, out.Status = "Nobody is here yet.", ui.NoData
	case people == 0:
		out.Sentence, out.Status = "Nobody here has that name.", ui.NoData
	case out.GapsTotal == 0:
		out.Sentence = "Nothing is missing in the last year."
	case open > 0:
		out.Sentence, out.Status = ui.Plural(open, "gap reaches", "gaps reach")+" up to today.", ui.Late
	default:
		out.Sentence, out.Status = fmt.Sprintf("%s in the last year; all of them are over.",
			ui.Plural(out.GapsTotal, "gap", "gaps")), ui.OK
	}
	if out.Total > people {
		out.Detail = fmt.Sprintf("Counted for the %s shown of %s.", ui.Plural(people, "person", "people"),
			ui.Count(out.Total))
	}
}

// coverageRow counts one person's last year.
func (s *Site) coverageRow(r *http.Request, v *statusPage, at int, only string) (row ui.CoverageRow, gaps []ui.GapRow,
	err error) {
	p := v.facts.People[at]
	row = ui.CoverageRow{Person: *v.link(p.ID)}
	c, err := v.home.Coverage(r.Context(), at)
	if err != nil {
		return row, nil, err
	}
	first := c.Today - yearDays + 1
	why, err := s.reasons(r, v, p.ID, first)
	if err != nil {
		return row, nil, err
	}
	for j, pair := range p.Types {
		typ := v.facts.Types[pair.Type]
		if !typ.Rhythmic || only != "" && only != typ.Key {
			continue
		}
		states, err := c.Days(r.Context(), j, first, c.Today)
		if err != nil {
			return row, nil, err
		}
		row.Days365.Add(states)
		row.Days28.Add(states[len(states)-28:])
		for _, g := range health.GapsOf(states, first) {
			gap := v.gapRow(row.Person, typ.Key, g, c.Today, why)
			gaps = append(gaps, gap)
			if gap.Days() > row.Longest {
				row.Longest, row.LongestOf = gap.Days(), typ.Title
			}
			if gap.Open {
				row.Open++
			}
		}
	}
	return row, together(gaps), nil
}

// together joins a person's gaps of several types over the same days: most often they
// have one reason.
func together(gaps []ui.GapRow) []ui.GapRow {
	type same struct {
		days      health.Gap
		why, help string
	}
	at := map[same]int{}
	var out []ui.GapRow
	for _, g := range gaps {
		key := same{health.Gap{From: g.From, To: g.To, Kind: g.Kind}, g.Why, g.Help}
		if i, ok := at[key]; ok {
			out[i].Type.Title += ", " + g.Type.Title
			continue
		}
		at[key] = len(out)
		out = append(out, g)
	}
	return out
}

// reasons are the incidents that may explain a person's gaps.
func (s *Site) reasons(r *http.Request, v *statusPage, person int64, since health.Day) ([]alert.Incident, error) {
	if v.boxWhy == nil {
		list, err := s.store.IncidentsAbout(r.Context(), []int64{0}, since.Midnight())
		if err != nil {
			return nil, err
		}
		v.boxWhy = slices.DeleteFunc(list, func(e alert.Incident) bool {
			return !e.Kind.Silence() && e.Kind != alert.WasOff && e.Kind != alert.Unreachable
		})
	}
	own, err := s.store.IncidentsAbout(r.Context(), []int64{person}, since.Midnight())
	return slices.Concat(v.boxWhy, slices.DeleteFunc(own, func(e alert.Incident) bool { return !e.Kind.Silence() })), err
}

// gapRow says why a gap is there, as far as it is known, and what can be done.
func (v *statusPage) gapRow(person ui.PersonLink, typ string, g health.Gap, today health.Day,
	why []alert.Incident) ui.GapRow {
	row := ui.GapRow{Person: person, Type: v.types[typ], From: g.From, To: g.To, Kind: g.Kind, Open: g.To >= today-1,
		Help: "If Garmin Connect shows these days, Garmin's portal can send them again: Summary Resender."}
	if g.Kind == health.Failed {
		row.Help, row.Link = "It arrived and is stored, but could not be processed. Process it again after an update.",
			&ui.Link{Text: "Show parked deliveries", URL: "/inbox?state=parked"}
		return row
	}
	if g.Kind == health.Partial {
		row.Open = false
		row.Why, row.Help = "The day ends early, and later days came",
			"Let the watch sync if it still has that day; otherwise Garmin's portal can send it again: Summary Resender."
	}
	for i := len(why) - 1; i >= 0 && row.Why == ""; i-- {
		e := &why[i]
		if e.Type != "" && e.Type != typ || !overlaps(e, g) {
			continue
		}
		row.Why, row.Link = v.words(e).Headline, &ui.Link{Text: "Open the alert", URL: fmt.Sprintf("/alerts/%d", e.ID)}
		if e.Kind == alert.PersonSilent && e.Closed.IsZero() {
			row.Help = "Sync the watch. It stores several days, and Garmin then sends them."
		}
		return row
	}
	if g.Days() <= 2 && (typ == "sleeps" || typ == "hrv") {
		row.Help = "Most often the watch was not worn. " + row.Help
	}
	return row
}

func overlaps(e *alert.Incident, g health.Gap) bool {
	end := e.Closed
	if end.IsZero() {
		return health.DayOf(e.Since.Unix(), 0) <= g.To
	}
	return health.DayOf(e.Since.Unix(), 0) <= g.To && health.DayOf(end.Unix(), 0) >= g.From
}
