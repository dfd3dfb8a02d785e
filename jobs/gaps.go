package jobs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
)

// listed is how many gaps a notice names.
const listed = 8

// fillMissing adds to the ends that are told which gaps remain.
func (w *Watch) fillMissing(ctx context.Context, f *alert.Facts, changes []alert.Change) error {
	for i := range changes {
		c := &changes[i]
		e := &c.Episode
		if !slices.Contains(c.Events, alert.Recovered) && !slices.Contains(c.Events, alert.Noticed) || !e.Kind.Silence() && e.Kind != alert.WasOff {
			continue
		}
		e.Evidence.Missing, e.Evidence.MissingMore = nil, 0
		for j := range f.People {
			p := &f.People[j]
			if e.Person != 0 && e.Person != p.ID {
				continue
			}
			if err := w.missing(ctx, f, p, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing names the gaps of one person within an episode. Only types that come
// regularly are missed, and only whole days; the last one may still come.
func (w *Watch) missing(ctx context.Context, f *alert.Facts, p *alert.Person, e *alert.Episode) error {
	from, to := dayOf(e.Since), dayOf(f.Now)-1
	if !e.Closed.IsZero() {
		to = min(to, dayOf(e.Closed))
	}
	past, err := w.Store.EpisodesSince(ctx, e.Since)
	if err != nil {
		return err
	}
	for _, pair := range p.Pairs {
		typ := f.Types[pair.Type]
		// The silence itself is not in what the rhythm was learnt from.
		silent := min(f.Now.Sub(pair.News), f.Now.Sub(e.Closed))
		if !typ.Rhythmic || pair.Off || pair.News.IsZero() {
			continue
		}
		if !pair.Usual.RegularFor(p.Usual, silent) || e.Type != "" && e.Type != typ.Key {
			continue
		}
		cover, err := w.Store.CoverageOf(ctx, p.ID, typ.Key, from, to)
		if err != nil {
			return err
		}
		came := withExcused(daysOf(cover), excused(p, &pair, &typ, past, f.Now), from, to)
		for _, gap := range health.Gaps(came, from, to) {
			if len(e.Evidence.Missing) == listed {
				e.Evidence.MissingMore++
				continue
			}
			e.Evidence.Missing = append(e.Evidence.Missing, gapWords(p.Name, typ.Title, gap))
		}
	}
	return nil
}

// excused are the spans in which nothing of a person's type was expected.
func excused(p *alert.Person, pair *alert.Pair, typ *alert.Type, past []alert.Episode, now time.Time) []alert.Span {
	out := slices.Concat(p.Pauses, pair.Pauses)
	for i := range past {
		if past[i].Excuses(p.ID, typ) {
			out = append(out, past[i].Span(now))
		}
	}
	return out
}

// withExcused adds to the days that came those whose noon lies within a span:
// nothing of them is missing.
func withExcused(came []health.Day, spans []alert.Span, from, to health.Day) []health.Day {
	for day := from; day <= to && len(spans) > 0; day++ {
		noon := day.Midnight().Add(12 * time.Hour)
		if slices.ContainsFunc(spans, func(s alert.Span) bool { return !noon.Before(s.From) && noon.Before(s.To) }) {
			came = append(came, day)
		}
	}
	slices.Sort(came)
	return came
}

func gapWords(person, typ string, g health.Gap) string {
	if g.From == g.To {
		return fmt.Sprintf("%s of %s on %s", typ, person, g.From.Midnight().Format("2 Jan"))
	}
	return fmt.Sprintf("%s of %s from %s to %s", typ, person, g.From.Midnight().Format("2 Jan"), g.To.Midnight().Format("2 Jan"))
}

// dayOf is the UTC date of an instant: near enough for gaps of whole days.
func dayOf(t time.Time) health.Day { return health.DayOf(t.Unix(), 0) }

func daysOf(cover []db.Cover) []health.Day {
	out := make([]health.Day, 0, len(cover))
	for _, c := range cover {
		out = append(out, c.Day)
	}
	return out
}
