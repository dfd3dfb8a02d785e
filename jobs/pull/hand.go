package pull

import (
	"slices"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// hand is a wish of which something is left to do for a person.
type hand struct {
	db.PullWish
	// done are the items that were asked since.
	done   map[item]bool
	failed int
}

// byHand is what was asked for by hand, the newest day first.
func (p *planner) byHand() *Ask {
	for _, h := range p.hands {
		for _, e := range personal.Endpoints {
			if ask := p.ofHand(h, e); ask != nil {
				return ask
			}
		}
	}
	return nil
}

func (p *planner) ofHand(h *hand, e *personal.Endpoint) *Ask {
	if !e.Asked {
		return nil
	}
	switch e.Shape {
	case personal.Once:
		if p.wanted(h, e, 0, p.today) {
			return &Ask{Endpoint: e}
		}
	case personal.Activity:
		return p.handActivity(h, e)
	default:
		for to := p.to(h); to >= p.from(h, e); to-- {
			if p.wanted(h, e, int64(to), to) {
				return p.handWindow(h, e, to)
			}
		}
	}
	return nil
}

// handActivity is the newest activity that is wanted.
func (p *planner) handActivity(h *hand, e *personal.Endpoint) (ask *Ask) {
	for at, day := range p.ledger.known {
		if at.endpoint == e.Key && p.wantedActivity(h, e, at.id, day) &&
			(ask == nil || day > ask.Day || day == ask.Day && at.id > ask.Activity) {
			ask = &Ask{Endpoint: e, Activity: at.id, Day: day}
		}
	}
	return ask
}

// wantedActivity is wanted for an activity. One that waits, since it failed or is edited
// until then, is asked again only where all is.
func (p *planner) wantedActivity(h *hand, e *personal.Endpoint, id int64, day health.Day) bool {
	row, open := p.ledger.open[item{e.Key, id}]
	return day >= p.from(h, e) && day <= p.to(h) && (h.Again || open && !row.Due.After(p.now)) && p.wanted(h, e, id, day)
}

func (p *planner) handWindow(h *hand, e *personal.Endpoint, to health.Day) *Ask {
	ask := &Ask{Endpoint: e, From: to, To: to}
	for day := to - 1; day >= max(p.from(h, e), to-health.Day(max(e.MostDays, 1))+1); day-- {
		if p.wanted(h, e, int64(day), day) {
			ask.From = day
		}
	}
	return ask
}

func (p *planner) from(h *hand, e *personal.Endpoint) health.Day {
	if h.From != 0 {
		return max(h.From, firstPossible)
	}
	return p.floor(e)
}

func (p *planner) to(h *hand) health.Day {
	if h.To != 0 {
		return min(h.To, p.today)
	}
	return p.today
}

// wanted reports whether an item is left to be asked by hand. What waits since its endpoint
// fails is not.
func (p *planner) wanted(h *hand, e *personal.Endpoint, id int64, day health.Day) bool {
	at := item{e.Key, id}
	if h.done[at] || p.asking[at] || p.now.Before(p.blocked[e.Key]) {
		return false
	}
	return h.Again || !ofDays(e) || !p.ledger.cell(e.Key, day).final()
}

// left is how many items of a wish are still to be asked.
func (p *planner) left(h *hand) (n int) {
	for _, e := range personal.Endpoints {
		if !e.Asked {
			continue
		}
		switch {
		case e.Shape == personal.Once && p.wanted(h, e, 0, p.today):
			n++
		case e.Shape == personal.Activity:
			for at, day := range p.ledger.known {
				if at.endpoint == e.Key && p.wantedActivity(h, e, at.id, day) {
					n++
				}
			}
		case ofDays(e):
			for day := p.to(h); day >= p.from(h, e); day-- {
				if p.wanted(h, e, int64(day), day) {
					n++
				}
			}
		}
	}
	return n
}

// note notes on the wishes of a person that items were asked.
func (b *book) note(rows []db.Pulled, failed bool) {
	for _, h := range b.hands {
		for _, row := range rows {
			h.done[item{row.Endpoint, row.Item}] = true
		}
		if failed && slices.ContainsFunc(rows, func(r db.Pulled) bool { return r.Day >= h.From }) {
			h.failed++
		}
	}
}
