package watch

import (
	"context"
	"fmt"
	"slices"

	"garner/health"
	"garner/health/alert"
	"garner/query"
	"garner/ui/text"
)

const (
	// listed is how many gaps a notification names.
	listed = 8
	// gapsAtOnce is for how many people days are read at a time.
	gapsAtOnce = 50
)

// fillMissing adds the remaining gaps to reported ends.
func (w *Watch) fillMissing(ctx context.Context, f *alert.Facts, found *alert.Findings, changes []alert.Change) error {
	for i := range changes {
		c := &changes[i]
		e := &c.Incident
		if !slices.Contains(c.Events, alert.Recovered) && !slices.Contains(c.Events, alert.Noticed) || !e.Kind.Silence() &&
			e.Kind != alert.WasOff {
			continue
		}
		e.Evidence.Missing, e.Evidence.MissingMore = nil, 0
		var places []int
		for at := range f.People {
			if e.Person == 0 || e.Person == f.People[at].ID {
				places = append(places, at)
			}
		}
		for some := range slices.Chunk(places, gapsAtOnce) {
			home := &query.Household{Viewer: query.Operator(), Store: w.Store, Facts: f, Found: found}
			if err := missing(ctx, home, some, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing names the gaps of some people within an incident, as on the Coverage
// page; the last day may still arrive.
func missing(ctx context.Context, home *query.Household, places []int, e *alert.Incident) error {
	end := home.Facts.Now
	if !e.Closed.IsZero() {
		end = e.Closed
	}
	// One more day at each end, for clocks ahead of UTC and behind it.
	from, to := health.DayOf(e.Since.Unix(), 0)-1, health.DayOf(end.Unix(), 0)+1
	if err := home.Load(ctx, places, from, to); err != nil {
		return err
	}
	for _, at := range places {
		c, err := home.Coverage(ctx, at)
		if err != nil {
			return err
		}
		gaps, err := c.Gaps(ctx, e.Type, c.DayAt(e.Since), min(c.Today-1, c.DayAt(end)))
		if err != nil {
			return err
		}
		for _, gap := range gaps {
			if len(e.Evidence.Missing) == listed {
				e.Evidence.MissingMore++
				continue
			}
			e.Evidence.Missing = append(e.Evidence.Missing, gapWords(home.Facts.People[at].Name, titleOf(home.Facts, gap.Type),
				gap.Gap))
		}
	}
	return nil
}

func titleOf(f *alert.Facts, key string) string {
	return f.Types[slices.IndexFunc(f.Types, func(t alert.Type) bool { return t.Key == key })].Title
}

func gapWords(person, typ string, g health.Gap) string {
	words := fmt.Sprintf("%s of %s", typ, person)
	if g.Kind != health.Missing {
		words += " (" + text.AbsenceWord(g.Kind) + ")"
	}
	if g.From == g.To {
		return words + " on " + g.From.Midnight().Format("2 Jan")
	}
	return words + " from " + g.From.Midnight().Format("2 Jan") + " to " + g.To.Midnight().Format("2 Jan")
}
