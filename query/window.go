package query

import "garner/health"

// Range is how long a window of days is, as addresses have it.
type Range string

// The ranges.
const (
	OneWeek     Range = "7d"
	FourWeeks   Range = "28d"
	TwelveWeeks Range = "12w"
	OneYear     Range = "1y"
	AllDays     Range = "all"
)

// Ranges are all of them, the shortest first.
var Ranges = []Range{OneWeek, FourWeeks, TwelveWeeks, OneYear, AllDays}

var rangeDays = map[Range]health.Day{OneWeek: 7, FourWeeks: 28, TwelveWeeks: 84, OneYear: 365}

// Known reports whether it is one of them.
func (r Range) Known() bool { return r == AllDays || rangeDays[r] > 0 }

// Window is a stretch of days, both ends included, within the bounds of a person.
type Window struct {
	Bounds
	Range    Range
	From, To health.Day
}

// Window is the one of a range that ends with a day. It ends today at the latest; all
// days are those from the first with data, or the last one alone where that is before it.
func (b Bounds) Window(r Range, to health.Day) Window {
	w := Window{Bounds: b, Range: r, To: min(to, b.Today)}
	if w.From = w.To - rangeDays[r] + 1; r == AllDays {
		w.From = min(b.First, w.To)
	}
	return w
}

// Len is its number of days.
func (w Window) Len() int { return int(w.To-w.From) + 1 }

// Before is the window of the same length before it.
func (w Window) Before() Window {
	w.From, w.To = w.From-health.Day(w.Len()), w.From-1
	return w
}

// Earlier and Later are the last days of the windows beside it; ok is false where there
// is nothing to see.
func (w Window) Earlier() (to health.Day, ok bool) { return w.From - 1, w.From > w.First }

// Later is at most today.
func (w Window) Later() (to health.Day, ok bool) {
	return min(w.To+health.Day(w.Len()), w.Today), w.To < w.Today
}
