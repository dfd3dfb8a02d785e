package query

import (
	"cmp"
	"context"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/health/history"
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
	// Request means that Garmin can still be asked for the days, or for some of them.
	Request
	// Requested means that they were asked for, or will be: see Ask.
	Requested
	// NotRequestable means that they cannot be asked for: see Ask.
	NotRequestable
	// AskPersonal means to ask the Personal API for the days. NothingAtGarmin means that
	// it was asked and has none.
	AskPersonal
	NothingAtGarmin
	// EnterKey means to replace a key that Garmin refuses, ConnectOrKey to connect or to
	// enter a key.
	EnterKey
	ConnectOrKey
)

// Ask is what a request for history can do about a gap of a connected person.
type Ask struct {
	// Windows is how many requests can be made for a type that lacks the days. May
	// means that the viewer may make them.
	Windows int
	May     bool
	// Why none can be made for the newest of the days, At when the request in the way
	// was planned or answered, in unix seconds, and Came how many records it brought, of
	// all types of a gap; 0 if there is none.
	Why      history.Reason
	At, Came int64
}

func (a Ask) remedy() Remedy {
	switch {
	case a.Windows > 0:
		return Request
	case a.Why == history.AlreadyPlanned || a.Why == history.AlreadyAccepted || a.Why == history.AnswerUnknown:
		return Requested
	}
	return NotRequestable
}

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
	Ask    Ask
}

// causes are what may explain gaps, and what Garmin was asked about them.
type causes struct {
	// incidents about all people are under 0, and those of each person.
	incidents map[int64][]alert.Incident
	ledgers   map[int64]*db.Ledger
}

// causes returns those about some people since a day. The number of queries does not
// depend on the number of people.
func (h *Household) causes(ctx context.Context, people []int64, since health.Day) (causes, error) {
	list, err := h.Store.IncidentsAbout(ctx, people, since.Midnight())
	if err != nil {
		return causes{}, err
	}
	out := causes{incidents: map[int64][]alert.Incident{}}
	for _, e := range list {
		if e.Kind.Explains() {
			out.incidents[e.Person] = append(out.incidents[e.Person], e)
		}
	}
	out.ledgers, err = h.Store.Ledgers(ctx, people, (since - 1).Midnight())
	return out, err
}

// of is the incident that explains a gap: the person's own before those about
// all people, the newest first; nil for none.
func (all causes) of(person int64, g TypeGap) *alert.Incident {
	for _, list := range [][]alert.Incident{all.incidents[person], all.incidents[0]} {
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
		c.pull(&out)
		return out
	}
	out.Cause = why.of(out.Person, g)
	switch {
	case g.Why == health.NothingThere:
		out.Remedy = NothingAtGarmin
	case c.keyRefused() || g.Why == health.NotAsked:
		c.pull(&out)
	case out.Cause != nil && out.Cause.Kind == alert.PersonSilent && out.Cause.Closed.IsZero():
		out.Remedy = SyncWatch
	case out.Cause == nil && g.Days() <= 2 && (g.Type == garmin.Sleeps.Key || g.Type == garmin.HRV.Key):
		out.Remedy = PerhapsUnworn
	default:
		c.ask(&out, why.ledgers[out.Person])
		c.pull(&out)
	}
	return out
}

// ask sets what a request for history can do about a gap. For a person who was never
// connected there is only Garmin's portal.
func (c *Coverage) ask(g *Gap, ledger *db.Ledger) {
	typ, known := garmin.Lookup(g.Types[0])
	if !known || ledger == nil || ledger.Connection == nil {
		return
	}
	_, offset := c.home.Facts.Now.In(c.zone).Zone()
	question := ledger.Question(typ.History(), c.home.History, c.home.Facts.Now,
		history.OfDays(g.From, g.To, int32(offset)))
	plan := question.Plan()
	g.Ask.Windows, g.Ask.May = len(plan.Windows), c.home.Viewer.Changes(g.Person) == nil
	if g.Ask.Windows == 0 {
		newest := plan.Rest[0]
		if newest.Why == history.InFuture && len(plan.Rest) > 1 {
			newest = plan.Rest[1] // the rest of today is no reason
		}
		g.Ask.Why = newest.Why
		if span := newest.Span; span != nil {
			g.Ask.At, g.Ask.Came = span.At, span.Came
		}
	}
	g.Remedy = g.Ask.remedy()
}

// explained returns a person's gaps with their reasons; those of several types over
// the same days are one, since they usually have one reason. What several requests
// brought is added up, At is the newest of them.
func (c *Coverage) explained(list []TypeGap, why causes) []Gap {
	type same struct {
		gap    health.Gap
		cause  *alert.Incident
		remedy Remedy
		ask    Ask
	}
	at := map[same]int{}
	var out []Gap
	for _, one := range list {
		g := c.explain(one, why)
		key := same{g.Gap, g.Cause, g.Remedy, g.Ask}
		key.ask.At, key.ask.Came = 0, 0
		if i, ok := at[key]; ok {
			out[i].Types = append(out[i].Types, one.Type)
			out[i].Ask.At, out[i].Ask.Came = max(out[i].Ask.At, g.Ask.At), out[i].Ask.Came+g.Ask.Came
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
