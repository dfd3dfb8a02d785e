package query

import (
	"context"
	"slices"
	"time"

	"garner/health"
	"garner/health/alert"
)

// StatusFilter selects the people of a Matrix: those whose name contains Name, and
// only those with problems if Troubled. Of these, a page has at most Limit, from index
// From on.
type StatusFilter struct {
	Name        string
	Troubled    bool
	By          Order
	From, Limit int
}

// Matrix is the current state of people and their types.
type Matrix struct {
	// Total counts all people, Matching those who match the filter; From is the
	// index of the first row among these.
	Total, Matching, From int
	// Types are the keys of those that ever came: the columns.
	Types []string
	Rows  []StatusRow
}

// StatusRow is the state of one person.
type StatusRow struct {
	Person int64
	State  alert.State
	// News is when the newest data came, zero for never.
	News time.Time
	// PausedUntil is zero for people who are not paused.
	PausedUntil time.Time
	// Share is how much came of what was expected on the last 14 days.
	Share health.Share
	// Cells are in the order of Matrix.Types.
	Cells []StatusCell
}

// StatusCell is the state of one type of a person.
type StatusCell struct {
	State alert.State
	News  time.Time
}

// Matrix returns a page of people.
func (h *Household) Matrix(ctx context.Context, f StatusFilter) (*Matrix, error) {
	all := h.seen()
	var places []int
	for _, i := range all {
		if named(h.Facts.People[i].Name, f.Name) && (!f.Troubled || h.troubled(i)) {
			places = append(places, i)
		}
	}
	if err := h.sort(ctx, places, f.By); err != nil {
		return nil, err
	}
	out := &Matrix{Total: len(all), Matching: len(places)}
	columns := h.came(all)
	for _, t := range columns {
		out.Types = append(out.Types, h.Facts.Types[t].Key)
	}
	out.From, places = pageOf(places, f.From, f.Limit)
	if err := h.loadLast(ctx, places, stripDays); err != nil {
		return nil, err
	}
	for _, at := range places {
		row := h.row(at, columns)
		var err error
		if row.Share, err = h.recent(ctx, at); err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// troubled reports whether a person, or a type that they have sent, needs attention.
func (h *Household) troubled(at int) bool {
	f := h.Found.People[at]
	for j, pair := range h.Facts.People[at].Types {
		if state := f.Types[j].State; !pair.News.IsZero() && (state == alert.Overdue || state == alert.NotShared) {
			return true
		}
	}
	return f.State.Troubled()
}

// state is that of a person, who is not on time if a type that they have sent is not.
func (h *Household) state(at int) alert.State {
	if state := h.Found.People[at].State; state != alert.OnTime || !h.troubled(at) {
		return state
	}
	return alert.Partly
}

// silence is how long no data has come from a person; those without any data
// have none.
func (h *Household) silence(at int) time.Duration {
	if news := h.Facts.People[at].News; !news.IsZero() {
		return h.Facts.Now.Sub(news)
	}
	return -1
}

// came are the places of the types that have come of any of some people; the
// others would be columns of nothing.
func (h *Household) came(people []int) (out []int) {
	for j := range h.Facts.Types {
		if slices.ContainsFunc(people, func(i int) bool { return !h.Facts.People[i].Types[j].News.IsZero() }) {
			out = append(out, j)
		}
	}
	return out
}

func (h *Household) row(at int, columns []int) StatusRow {
	p, f := h.Facts.People[at], h.Found.People[at]
	row := StatusRow{Person: p.ID, State: h.state(at), News: p.News, PausedUntil: pausedUntil(p.Pauses, h.Facts.Now)}
	for _, j := range columns {
		row.Cells = append(row.Cells, StatusCell{f.Types[j].State, p.Types[j].News})
	}
	return row
}

// pausedUntil is the end of the pause that is in force at an instant, zero for
// none.
func pausedUntil(pauses []alert.Span, now time.Time) time.Time {
	for _, s := range pauses {
		if !s.From.After(now) && s.To.After(now) {
			return s.To
		}
	}
	return time.Time{}
}
