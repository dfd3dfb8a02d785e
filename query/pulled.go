package query

import (
	"context"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/garmin/personal"
	"garner/health"
	"garner/health/alert"
)

// pulled is what the Personal API last answered about the days of a person, by type.
type pulled map[string]map[health.Day]answers

// answers counts, of the endpoints that bring a type, those that answered for a day and
// those that failed.
type answers struct{ answered, failed int }

// bringing are the types that each endpoint brings for a day.
var bringing = func() map[string][]string {
	out := map[string][]string{}
	for _, e := range personal.Endpoints {
		if e.Asked && (e.Shape == personal.Day || e.Shape == personal.Range) {
			out[e.Key] = e.Types
		}
	}
	return out
}()

// byPersonalAPI reports whether the Personal API brings a type.
func byPersonalAPI(typ string) bool {
	return slices.ContainsFunc(personal.Endpoints, func(e *personal.Endpoint) bool {
		return e.Asked && slices.Contains(e.Types, typ)
	})
}

// NeverBrought reports whether no way in that a person has brings a type: the Personal API
// lacks some that Garmin pushes, and has some that are never pushed. Of a person with
// neither, it is not known.
func NeverBrought(p *alert.Person, typ string) bool {
	t, known := garmin.Lookup(typ)
	if !known || !p.Pushed && p.Key == nil {
		return false
	}
	pushed := p.Pushed && !t.PersonalOnly
	pulled := p.Key != nil && byPersonalAPI(typ)
	return !pushed && !pulled
}

// readPulled reads it for some people, with one query.
func readPulled(ctx context.Context, store *db.Store, people []int64, from, to health.Day) (map[int64]pulled, error) {
	list, err := store.PulledDays(ctx, people, from, to)
	out := map[int64]pulled{}
	for _, d := range list {
		of := out[d.Person]
		if of == nil {
			of = pulled{}
			out[d.Person] = of
		}
		for _, typ := range bringing[d.Endpoint] {
			if of[typ] == nil {
				of[typ] = map[health.Day]answers{}
			}
			a := of[typ][d.Day]
			switch d.State {
			case db.PullNothing, db.PullPlaceholder, db.PullData:
				a.answered++
			case db.PullFailed:
				a.failed++
			}
			of[typ][d.Day] = a
		}
	}
	return out, err
}

// why is what is known of a day on which a type is missing: no endpoint that brings it was
// asked, or each that was has nothing. key means that the person has a key.
func (p pulled) why(typ string, day health.Day, key bool) health.Reason {
	a := p[typ][day]
	switch {
	case a.failed > 0:
		return health.NoReason
	case a.answered > 0:
		return health.NothingThere
	case key && slices.ContainsFunc(personal.Endpoints, func(e *personal.Endpoint) bool {
		return slices.Contains(bringing[e.Key], typ)
	}):
		return health.NotAsked
	}
	return health.NoReason
}

// pull sets what the Personal API can do about a gap. It fills what a request for history
// cannot, and needs no permission.
func (c *Coverage) pull(g *Gap) {
	p := c.person()
	switch {
	case p.Key == nil && !p.Pushed && g.Remedy == Resend:
		g.Remedy = ConnectOrKey
	case p.Key == nil || !byPersonalAPI(g.Types[0]):
	case c.keyRefused():
		g.Remedy = EnterKey
	default:
		g.Remedy = AskPersonal
	}
	if g.Remedy == AskPersonal || g.Remedy == EnterKey || g.Remedy == ConnectOrKey {
		g.Ask = Ask{May: c.home.Viewer.Changes(g.Person) == nil}
	}
}

// keyRefused reports whether the person needs a new key.
func (c *Coverage) keyRefused() bool {
	k := c.person().Key
	return k != nil && !k.Refused.IsZero()
}
