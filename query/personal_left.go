package query

import (
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// Left is what is still to be fetched of a person's history.
type Left struct {
	// Calls is how many calls that takes at least, and AtMost how many if every optional
	// answer has something.
	Calls, AtMost int
	// Least and Most are how long: alone at the full rate, and with all other people who
	// have a key.
	Least, Most time.Duration
	// FromFirst means that it reaches back to the first day of the account. Otherwise that
	// is not known yet, and there may be more.
	FromFirst bool
	From      health.Day
}

// leftOf compares what was asked with what there is to ask, from the first day of the
// account, or the oldest day that is known so far.
func leftOf(first, today health.Day, tallies []db.PullTally, perSecond, keys int) Left {
	asked, open := map[string]int{}, map[string]int{}
	from := first
	for _, t := range tallies {
		if e := personal.Lookup(t.Endpoint); e == nil || !e.Asked {
			continue
		}
		if t.State == db.PullToAsk || t.State == db.PullFailed {
			open[t.Endpoint] += t.Items
		} else {
			asked[t.Endpoint] += t.Items
		}
		if first == 0 && t.First > 0 && (from == 0 || t.First < from) {
			from = t.First
		}
	}
	out := Left{FromFirst: first > 0, From: from}
	if from == 0 {
		return out
	}
	days := int(today-from) + 1
	for _, e := range personal.Endpoints {
		if !e.Asked {
			continue
		}
		calls := open[e.Key] // of activities, only what a list has named is known
		switch e.Shape {
		case personal.Day:
			calls = max(days-asked[e.Key], 0)
		case personal.Range:
			calls = (max(days-asked[e.Key], 0) + e.MostDays - 1) / e.MostDays
		}
		out.AtMost += calls
		if !e.Optional {
			out.Calls += calls
		}
	}
	if perSecond > 0 {
		out.Least = time.Duration(out.Calls) * time.Second / time.Duration(perSecond)
		out.Most = time.Duration(out.AtMost*max(keys, 1)) * time.Second / time.Duration(perSecond)
	}
	return out
}
