package watch

import (
	"garner/db"
	"garner/health/alert"
	"garner/query"
)

// keys sets what is known of each person's key for the Personal API, and whether Garmin
// pushes the person's data, too.
func (g *gathering) keys() error {
	list, err := g.Store.PersonalKeys(g.ctx)
	if err != nil {
		return err
	}
	calls, err := g.Store.PullHealths(g.ctx)
	if err != nil {
		return err
	}
	linked, err := g.Store.Linked(g.ctx)
	if err != nil {
		return err
	}
	for i := range g.f.People {
		p := &g.f.People[i]
		p.Pushed = linked[p.ID] && (p.Left.IsZero() || !p.Rejoined.IsZero())
	}
	for _, k := range list {
		i, known := g.at[k.Person]
		if !known || k.State == db.KeyRemoved {
			continue
		}
		p, went := &g.f.People[i], calls[k.Person]
		p.Key = &alert.Key{Stored: k.Stored, Ends: query.KeyEnds(&k), Refused: k.Refused, Answered: went.Answered,
			Failing: went.Failing, Fault: went.Fault}
		if k.State == db.KeyRefused {
			p.Key.Fault = k.Fault
		}
	}
	for i := range g.f.People {
		p := &g.f.People[i]
		for j := range p.Types {
			p.Types[j].Never = query.NeverBrought(p, g.f.Types[p.Types[j].Type].Key)
		}
	}
	return nil
}
