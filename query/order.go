package query

import (
	"cmp"
	"context"
	"slices"

	"garner/db"
	"garner/health"
	"garner/health/alert"
)

// Order is how people are sorted. Those who are alike stay in the order of their names.
type Order uint8

// The orders.
const (
	ByName Order = iota
	// ByTrouble puts those whose data need attention first, the longest silence first
	// among them.
	ByTrouble
	// BySilence puts the longest silence first.
	BySilence
	// ByCoverage puts the lowest share of what was expected on the days of a strip first.
	ByCoverage
)

// sort sorts places. Its number of queries does not depend on their number.
func (h *Household) sort(ctx context.Context, places []int, by Order) error {
	if by == ByName {
		return nil
	}
	if by == ByCoverage {
		if err := h.loadLast(ctx, places, stripDays); err != nil {
			return err
		}
	}
	keys := make(map[int][2]int64, len(places))
	for _, at := range places {
		switch by {
		case ByTrouble:
			keys[at] = h.trouble(at)
		case ByCoverage:
			share, err := h.recent(ctx, at)
			if err != nil {
				return err
			}
			keys[at] = lacking(share)
		default:
			keys[at] = [2]int64{int64(h.silence(at))}
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		x, y := keys[a], keys[b]
		return cmp.Or(cmp.Compare(y[0], x[0]), cmp.Compare(y[1], x[1]))
	})
	return nil
}

// trouble grows with how much the data of a person need attention. A pause is meant.
func (h *Household) trouble(at int) [2]int64 {
	var grade int64
	switch state := h.Found.People[at].State; {
	case state == alert.Paused:
		return [2]int64{-1}
	case state == alert.Overdue:
		grade = 3
	case state == alert.Disconnected || state == alert.NotShared:
		grade = 2
	case h.troubled(at):
		grade = 1
	default:
		return [2]int64{}
	}
	return [2]int64{grade, int64(h.silence(at))}
}

// lacking grows as a share shrinks; least where nothing was expected.
func lacking(s health.Share) [2]int64 {
	if s.Of == 0 {
		return [2]int64{-1}
	}
	return [2]int64{int64(s.Of-s.Got) * 1000 / int64(s.Of)}
}

// loadLast reads so many days up to today.
func (h *Household) loadLast(ctx context.Context, places []int, days int) error {
	from, to := h.lastDays(days)
	return h.Load(ctx, places, from, to)
}

// recent is how much came of what was expected on the days of a strip, counted as in
// Coverage.
func (h *Household) recent(ctx context.Context, at int) (share health.Share, err error) {
	c, err := h.Coverage(ctx, at)
	if err != nil {
		return share, err
	}
	for j, want := range c.wants {
		if !want.Rhythmic {
			continue
		}
		states, err := c.Days(ctx, j, c.Today-stripDays+1, c.Today)
		if err != nil {
			return share, err
		}
		share.Add(states)
	}
	return share, nil
}

// sortPeople sorts people like their places. Those whom the watch does not know yet
// come last.
func (h *Household) sortPeople(ctx context.Context, people []*db.Person, by Order) error {
	if by == ByName {
		return nil
	}
	wanted := make(map[int64]bool, len(people))
	for _, p := range people {
		wanted[p.ID] = true
	}
	places := slices.DeleteFunc(h.seen(), func(at int) bool { return !wanted[h.Facts.People[at].ID] })
	if err := h.sort(ctx, places, by); err != nil {
		return err
	}
	rank := make(map[int64]int, len(places))
	for i, at := range places {
		rank[h.Facts.People[at].ID] = i - len(places)
	}
	slices.SortStableFunc(people, func(a, b *db.Person) int { return cmp.Compare(rank[a.ID], rank[b.ID]) })
	return nil
}
