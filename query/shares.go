package query

import (
	"context"

	"garner/health"
)

const (
	// shareDays is how far back shares are counted, recentDays how far the
	// shorter of the two.
	shareDays  = 365
	recentDays = 28
)

// PersonShare is how much of the data expected from one person came in the last
// year.
type PersonShare struct {
	Person int64
	// Days28 and Days365 count expected pairs of day and type.
	Days28, Days365 health.Share
	// Longest is the longest gap in days, LongestOf the key of its type; 0 if
	// there is no gap.
	Longest   int
	LongestOf string
	// Open counts the gaps of a type that reach up to today.
	Open int
}

// ShareFilter selects what to count: one person by id, or all for 0; one type by
// its key, or all; and only people with gaps. People are counted from an index
// among those selected on, at most Limit of them.
type ShareFilter struct {
	Person   int64
	Type     string
	OnlyGaps bool
	From     int
	Limit    int
}

// Shares is what is missing in the last year.
type Shares struct {
	// Total counts all people, Matching those who match the filter, and Counted those
	// counted, from index From of these on.
	Total, Matching, From, Counted int
	// Types are the keys of the types that come regularly, of which something can be
	// missing.
	Types []string
	// People are those counted, without those who have no gap if so selected.
	People []PersonShare
	// Gaps are theirs, the longest first.
	Gaps []Gap
	// Open counts the gaps of a type that reach up to today.
	Open int
}

// Shares counts the last year of a page of people.
func (h *Household) Shares(ctx context.Context, f ShareFilter) (*Shares, error) {
	all := h.seen()
	out := &Shares{Total: len(all)}
	for _, t := range h.Facts.Types {
		if t.Rhythmic {
			out.Types = append(out.Types, t.Key)
		}
	}
	var places []int
	for _, i := range all {
		if f.Person == 0 || f.Person == h.Facts.People[i].ID {
			places = append(places, i)
		}
	}
	out.Matching = len(places)
	out.From, places = pageOf(places, f.From, f.Limit)
	out.Counted = len(places)
	from, to := h.lastDays(shareDays)
	if err := h.Load(ctx, places, from, to); err != nil {
		return nil, err
	}
	people := make([]int64, 0, len(places))
	for _, at := range places {
		people = append(people, h.Facts.People[at].ID)
	}
	why, err := h.causes(ctx, people, from)
	if err != nil {
		return nil, err
	}
	for _, at := range places {
		c, err := h.Coverage(ctx, at)
		if err != nil {
			return nil, err
		}
		share, gaps, err := c.share(ctx, f.Type)
		if err != nil {
			return nil, err
		}
		if !f.OnlyGaps || share.Longest > 0 {
			out.People = append(out.People, share)
		}
		out.Open += share.Open
		out.Gaps = append(out.Gaps, c.explained(gaps, why)...)
	}
	longestFirst(out.Gaps)
	return out, nil
}

// pageOf returns a page of a list, and the index where it begins: the first page
// if from is out of range.
func pageOf[T any](list []T, from, limit int) (int, []T) {
	if from < 0 || from >= len(list) {
		from = 0
	}
	return from, list[from:min(from+limit, len(list))]
}

// share counts one person's last year, of one type or of all.
func (c *Coverage) share(ctx context.Context, only string) (PersonShare, []TypeGap, error) {
	out, first := PersonShare{Person: c.person().ID}, c.Today-shareDays+1
	for j, want := range c.wants {
		if !want.Rhythmic || only != "" && only != c.typ(j).Key {
			continue
		}
		states, err := c.Days(ctx, j, first, c.Today)
		if err != nil {
			return out, nil, err
		}
		out.Days365.Add(states)
		out.Days28.Add(states[shareDays-recentDays:])
	}
	gaps, err := c.Gaps(ctx, only, first, c.Today)
	for _, g := range gaps {
		if g.Days() > out.Longest {
			out.Longest, out.LongestOf = g.Days(), g.Type
		}
		if c.explain(g, causes{}).Open {
			out.Open++
		}
	}
	return out, gaps, err
}

// First is the first day with data, or a day far in the future if there is
// none.
func (c *Coverage) First() health.Day {
	first := forever
	for _, want := range c.wants {
		first = min(first, want.First)
	}
	return first
}
