package jobs

import (
	"context"
	"fmt"
	"slices"

	"garner/health"
	"garner/health/alert"
	"garner/query"
)

// listed is how many gaps a notice names.
const listed = 8

// fillMissing adds to the ends that are reported which gaps remain.
func (w *Watch) fillMissing(ctx context.Context, f *alert.Facts, found *alert.Findings, changes []alert.Change) error {
	home := &query.Household{Viewer: query.Operator(), Store: w.Store, Facts: f, Found: found}
	for i := range changes {
		c := &changes[i]
		e := &c.Incident
		if !slices.Contains(c.Events, alert.Recovered) && !slices.Contains(c.Events, alert.Noticed) || !e.Kind.Silence() &&
			e.Kind != alert.WasOff {
			continue
		}
		e.Evidence.Missing, e.Evidence.MissingMore = nil, 0
		for at := range f.People {
			if e.Person != 0 && e.Person != f.People[at].ID {
				continue
			}
			if err := missing(ctx, home, at, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing names the gaps of one person within an incident, as the page Coverage
// has them; the last day may still come.
func missing(ctx context.Context, home *query.Household, at int, e *alert.Incident) error {
	p := &home.Facts.People[at]
	c, err := home.Coverage(ctx, at)
	if err != nil {
		return err
	}
	from, to := c.DayAt(e.Since), c.Today-1
	if !e.Closed.IsZero() {
		to = min(to, c.DayAt(e.Closed))
	}
	for j, pair := range p.Types {
		typ := home.Facts.Types[pair.Type]
		if !typ.Rhythmic || e.Type != "" && e.Type != typ.Key || to < from {
			continue
		}
		states, err := c.Days(ctx, j, from, to)
		if err != nil {
			return err
		}
		for _, gap := range health.GapsOf(states, from) {
			if len(e.Evidence.Missing) == listed {
				e.Evidence.MissingMore++
				continue
			}
			e.Evidence.Missing = append(e.Evidence.Missing, gapWords(p.Name, typ.Title, gap))
		}
	}
	return nil
}

func gapWords(person, typ string, g health.Gap) string {
	text := fmt.Sprintf("%s of %s", typ, person)
	if g.Kind != health.Missing {
		text += " (" + g.Kind.Word() + ")"
	}
	if g.From == g.To {
		return text + " on " + g.From.Midnight().Format("2 Jan")
	}
	return text + " from " + g.From.Midnight().Format("2 Jan") + " to " + g.To.Midnight().Format("2 Jan")
}
