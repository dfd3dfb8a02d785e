package query

import (
	"cmp"
	"context"
	"slices"

	"garner/garmin"
	"garner/health"
	"garner/health/alert"
)

// TypeGap is a gap of one of a person's types, by its key.
type TypeGap struct {
	health.Gap
	Type string
}

// Gaps returns the gaps in the days from from to to, both included; of one type by
// its key, or of all if it is empty. A type without a rhythm has only gaps of
// elements that could not be processed. All pages and notifications use it to
// count gaps.
func (c *Coverage) Gaps(ctx context.Context, typ string, from, to health.Day) ([]TypeGap, error) {
	var out []TypeGap
	for j := range c.wants {
		key := c.typ(j).Key
		if typ != "" && typ != key {
			continue
		}
		states, err := c.Days(ctx, j, from, to)
		if err != nil {
			return nil, err
		}
		for _, g := range health.GapsOf(states, from) {
			out = append(out, TypeGap{g, key})
		}
	}
	return out, nil
}

// Remedy is what can be done about a gap.
type Remedy uint8

// The remedies.
const (
	// Resend means to send the days again in Garmin's portal.
	Resend Remedy = iota
	// PerhapsUnworn is Resend if the watch was worn: usually it was not.
	PerhapsUnworn
	// SyncWatch means to sync a silent watch, which sends what it still has.
	SyncWatch
	// SyncOrResend is for a day that ended early: the watch may still have it.
	SyncOrResend
	// Reprocess is for stored data that could not be processed.
	Reprocess
)

// Gap is a gap with its cause, if known, and what can be
// done.
type Gap struct {
	health.Gap
	Person int64
	// Types are those that lack the same days for the same reason, by key.
	Types []string
	// Open means that it reaches up to today.
	Open bool
	// Cause is the incident that explains it; nil if none does.
	Cause  *alert.Incident
	Remedy Remedy
}

// causes are the incidents that may explain gaps: those about all people under 0,
// and those of each person.
type causes map[int64][]alert.Incident

// causes returns those about some people that lasted into the time since a day.
func (h *Household) causes(ctx context.Context, people []int64, since health.Day) (causes, error) {
	list, err := h.Store.IncidentsAbout(ctx, people, since.Midnight())
	out := causes{}
	for _, e := range list {
		if e.Kind.Silence() || e.Person == 0 && (e.Kind == alert.WasOff || e.Kind == alert.Unreachable) {
			out[e.Person] = append(out[e.Person], e)
		}
	}
	return out, err
}

// of is the incident that explains a gap: the person's own before those about
// all people, the newest first; nil for none.
func (all causes) of(person int64, g TypeGap) *alert.Incident {
	for _, list := range [][]alert.Incident{all[person], all[0]} {
		for i := len(list) - 1; i >= 0; i-- {
			if e := &list[i]; (e.Type == "" || e.Type == g.Type) && overlaps(e, g.Gap) {
				return e
			}
		}
	}
	return nil
}

func overlaps(e *alert.Incident, g health.Gap) bool {
	if health.DayOf(e.Since.Unix(), 0) > g.To {
		return false
	}
	return e.Closed.IsZero() || health.DayOf(e.Closed.Unix(), 0) >= g.From
}

// explain returns the cause of a gap of a person.
func (c *Coverage) explain(g TypeGap, why causes) Gap {
	out := Gap{Gap: g.Gap, Person: c.person().ID, Types: []string{g.Type}, Open: g.To >= c.Today-1}
	switch g.Kind {
	case health.Failed:
		out.Remedy = Reprocess
		return out
	case health.Partial:
		out.Open, out.Remedy = false, SyncOrResend
		return out
	}
	out.Cause = why.of(out.Person, g)
	switch {
	case out.Cause != nil && out.Cause.Kind == alert.PersonSilent && out.Cause.Closed.IsZero():
		out.Remedy = SyncWatch
	case out.Cause == nil && g.Days() <= 2 && (g.Type == garmin.Sleeps.Key || g.Type == garmin.HRV.Key):
		out.Remedy = PerhapsUnworn
	}
	return out
}

// explained returns a person's gaps with their reasons; those of several types over
// the same days are one, since they usually have one reason.
func (c *Coverage) explained(list []TypeGap, why causes) []Gap {
	type same struct {
		gap    health.Gap
		cause  *alert.Incident
		remedy Remedy
	}
	at := map[same]int{}
	var out []Gap
	for _, one := range list {
		g := c.explain(one, why)
		key := same{g.Gap, g.Cause, g.Remedy}
		if i, ok := at[key]; ok {
			out[i].Types = append(out[i].Types, one.Type)
			continue
		}
		at[key] = len(out)
		out = append(out, g)
	}
	return out
}

// longestFirst sorts gaps by their length.
func longestFirst(gaps []Gap) {
	slices.SortStableFunc(gaps, func(a, b Gap) int { return cmp.Compare(b.Days(), a.Days()) })
}
