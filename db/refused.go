package db

import (
	"slices"

	"garner/health"
)

// Refused are the elements of one delivery that the store could not take: each
// is parked alone.
type Refused struct {
	issues map[int32]Issue
	more   int
	last   int32 // the last that more counts; they come in rising order, and repeatedly
}

// refusedRows is how many of them have rows of their own.
const refusedRows = 100

func (r *Refused) add(v *health.Version, why error) {
	if r == nil {
		return
	}
	if r.issues == nil {
		r.issues = map[int32]Issue{}
	}
	at := v.Order.Arrival.Element
	if _, again := r.issues[at]; !again && len(r.issues) >= refusedRows {
		if at > r.last {
			r.more, r.last = r.more+1, at
		}
		return
	}
	r.issues[at] = Issue{Element: at, Kind: Parked, Type: v.Type, Reason: why.Error(), Count: 1}
}

// all returns the issues of a result, those of refused elements included.
func (o *Result) all() []Issue {
	if o.Refused == nil || len(o.Refused.issues) == 0 {
		return o.Issues
	}
	out := slices.Clone(o.Issues)
	for at, is := range o.Refused.issues {
		if !slices.ContainsFunc(out, func(have Issue) bool { return have.Element == at }) {
			if len(out) == len(o.Issues) {
				is.Count += o.Refused.more // the first includes those without rows
			}
			out = append(out, is)
		}
	}
	return out
}
