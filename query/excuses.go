package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/health"
)

// forever is a day in the far future.
const forever health.Day = 1 << 30

// excuse sets for each type the days on which no data was expected: paused, the
// connection ended, or the permission withdrawn. Past days stay excused.
func (h *Household) excuse(ctx context.Context, list []*Coverage, people []int64) error {
	pauses, err := h.Store.PausesOf(ctx, people)
	if err != nil {
		return err
	}
	consents, err := Consents(ctx, h.Store, people)
	if err != nil {
		return err
	}
	var claims []claim
	for _, c := range list {
		consent := consents[c.person().ID]
		left := c.disconnected(consent)
		for j := range c.wants {
			if consent.Claimed && !c.wants[j].Rhythmic {
				continue // a claim explains only what is missed
			}
			c.wants[j].Excuses = c.paused(pauses, j)
			for _, claim := range slices.Concat(left, c.withheld(consent, j)) {
				claim.of = &c.wants[j]
				claims = append(claims, claim)
			}
		}
	}
	return refute(ctx, h.Store, claims)
}

// claim is an excuse based on what is believed of a consent. Data disproves it: it
// ends before the first day with data after its begin.
type claim struct {
	health.Excuse
	// of is what it may excuse.
	of *health.Expectation
	// after are the days after its begin, for each type that disproves it.
	after []db.Since
}

// refute ends the claims that data disproves, and adds the excuses.
func refute(ctx context.Context, store *db.Store, claims []claim) error {
	var asked []db.Since
	at := map[db.Since]int{}
	for i := range claims {
		for _, since := range claims[i].after {
			if _, ok := at[since]; !ok {
				at[since] = len(asked)
				asked = append(asked, since)
			}
		}
	}
	came, err := store.FirstDays(ctx, asked)
	for i := range claims {
		x := claims[i].Excuse
		for _, since := range claims[i].after {
			if day, ok := came[at[since]]; ok {
				x.To = min(x.To, day-1)
			}
		}
		claims[i].of.Excuses = append(claims[i].of.Excuses, x)
	}
	return err
}

// paused are the days on which a person's type was paused.
func (c *Coverage) paused(pauses []db.Pause, j int) (out []health.Excuse) {
	p, typ := c.person(), c.typ(j)
	for _, x := range pauses {
		if (x.Person == 0 || x.Person == p.ID) && (x.Type == "" || x.Type == typ.Key) {
			out = append(out, c.span(x.From, x.To, health.Paused))
		}
	}
	return out
}

// disconnected are the days without a consent; any later data disproves it.
func (c *Coverage) disconnected(consent *Consent) (out []claim) {
	for _, a := range consent.Absences {
		x := claim{Excuse: c.span(a.From, a.To, health.Disconnected)}
		for _, typ := range c.home.Facts.Types {
			x.after = append(x.after, c.since(typ.Key, a.From))
		}
		out = append(out, x)
	}
	return out
}

// withheld are the days without the permission for a type: from each set without it
// to the next set. Data of the type disproves it.
func (c *Coverage) withheld(consent *Consent, j int) (out []claim) {
	need := c.typ(j).Permission
	if need == "" {
		return nil
	}
	var next time.Time
	for _, g := range consent.Granted { // the newest first
		if !slices.Contains(g.Granted, need) {
			out = append(out, claim{Excuse: c.span(g.At, next, health.NotShared),
				after: []db.Since{c.since(c.typ(j).Key, g.At)}})
		}
		next = g.At
	}
	return out
}

// since asks for data of a type after the day of an instant.
func (c *Coverage) since(typ string, at time.Time) db.Since {
	return db.Since{PersonType: db.PersonType{Person: c.person().ID, Type: typ}, From: c.DayAt(at) + 1}
}

// span converts a time to the days whose noon on the person's clock is in it;
// without end if to is zero.
func (c *Coverage) span(from, to time.Time, why health.Reason) health.Excuse {
	x := health.Excuse{From: c.firstNoon(from), To: forever, Why: why}
	if !to.IsZero() {
		x.To = c.firstNoon(to) - 1
	}
	return x
}

// firstNoon is the first day whose noon is not before an instant.
func (c *Coverage) firstNoon(t time.Time) health.Day {
	return dayAt(t.Add(12*time.Hour-time.Nanosecond), c.zone)
}
