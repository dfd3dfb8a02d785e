package ui

import (
	"math"
	"slices"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// finding is what a figure says of its newest values.
type finding struct {
	title string
	// says is the heading of the figure.
	says string
	// some means that there is any value, ranged that such values have a usual range, known
	// that there is one to compare with.
	some, ranged, known bool
	// few means that the mean that is compared rests on less than half of its days.
	few bool
	// compared is negative below the range and positive above it.
	compared int
	// until is the day of the newest value where that is older than yesterday, seen from
	// the end of the window; 0 if it is not.
	until health.Day
	// ended says what came of a figure whose values have ended though more were due: "has not
	// arrived since Sat 21 Nov"; empty for the others.
	ended string
}

// fresh is how many days the newest value may be older than the last day, if it is to count
// as current: that of a night comes in the morning.
const fresh = 1

func (b *figureBuilder) finding() finding {
	at := b.t.Newest()
	out := finding{title: b.spec.Title, some: at >= 0}
	if at >= 0 {
		d := &b.t.Days[at]
		if b.Window.To-d.Day > fresh {
			out.until, out.ended = d.Day, b.ended(at)
		}
		switch b.spec.Form {
		case chart.DotsAndMean:
			out.ranged, out.known, out.few = true, d.Known && d.Mean.N > 0, d.Mean.Weak()
			out.compared = b.compare(d.Usual, d.Mean.Value)
		case chart.StepsBetween: // a value holds until the next one
			out.ranged, out.known, out.compared = true, d.Known, b.compare(d.Usual, d.Value)
		}
	}
	if at < 0 && b.due(0) {
		out.ended = "has no value in these days"
	}
	out.says = b.heading(out)
	return out
}

// ended says since when values are missing that were due after day at; empty if none were.
func (b *figureBuilder) ended(at int) string {
	switch on := ShortDate(b.t.Days[at].Day); {
	case !b.due(at + 1):
		return ""
	case b.Window.To < b.Window.Today: // more may have come after the window
		return "has no value after " + on
	default:
		return "has not arrived since " + on
	}
}

// due reports whether a value is missing that was due on day from or later.
func (b *figureBuilder) due(from int) bool {
	return slices.ContainsFunc(b.t.Days[from:], func(d query.TrendDay) bool { return !d.Has && d.State.Gap() })
}

// heading states the finding.
func (b *figureBuilder) heading(f finding) string {
	is, until := " "+isOrAre(f.title)+" ", ""
	if f.until != 0 {
		is, until = " "+wasOrWere(f.title)+" ", " up to "+ShortDate(f.until)
	}
	switch {
	case !f.some:
		return f.title + ": no value in these days"
	case b.plain(f):
		return f.title + b.plainly() + b.changeOf() + b.against(f)
	}
	return f.title + is + beside(f.compared, "your") + until
}

// plain reports whether the heading states values and their change, not a comparison alone.
func (b *figureBuilder) plain(f finding) bool {
	return !f.known || f.few || b.spec.Form == chart.StepsBetween
}

// beside is where something lies to a usual range.
func beside(compared int, whose string) string {
	switch {
	case compared < 0:
		return "below " + whose + " usual range"
	case compared > 0:
		return "above " + whose + " usual range"
	}
	return "as usual"
}

// against compares what a heading has stated with its usual range.
func (b *figureBuilder) against(f finding) string {
	switch {
	case b.spec.Form == chart.RangeBars:
		return b.ends()
	case !f.known:
		return ""
	case f.few:
		return ", " + beside(f.compared, "its") + " recently"
	}
	return ", " + beside(f.compared, "its")
}

// ends compares the lowest and the highest values of the newest week with their usual ranges.
func (b *figureBuilder) ends() string {
	at := b.t.Newest()
	if b.low == nil || !wellKnown(&b.t.Days[at]) || !wellKnown(&b.low.Days[at]) {
		return ""
	}
	low, high := b.compare(b.low.Days[at].Usual, b.low.Days[at].Mean.Value),
		b.compare(b.t.Days[at].Usual, b.t.Days[at].Mean.Value)
	switch {
	case low != high:
		return ", lows " + beside(low, "their") + ", highs " + beside(high, "their")
	case low == 0:
		return ", as usual recently"
	}
	return ", lows and highs " + beside(low, "their")
}

func wellKnown(d *query.TrendDay) bool { return d.Known && !d.Mean.Weak() }

func (b *figureBuilder) compare(usual health.Band, x float64) int {
	return b.Units.place(b.t.Metric, usual, x)
}

// place is where a value lies to a range, as both are written: what reads the same as an end
// of the range is inside.
func (u Units) place(m health.Metric, usual health.Band, x float64) int {
	write := func(x float64) string { return u.Format(valueOf(m, x)) }
	if text := write(x); text == write(usual.Low) || text == write(usual.High) {
		return 0
	}
	return usual.Compare(x)
}

const unchanged = ", unchanged"

// changeOf is the change over the window, empty where none can be told.
func (b *figureBuilder) changeOf() string {
	by, ok := b.t.Change()
	switch b.spec.Form {
	case chart.RangeBars:
		return ""
	case chart.StepsBetween:
		by, ok = b.t.Step()
	}
	if !ok {
		return ""
	}
	switch text, same := b.delta(by); {
	case same:
		return unchanged
	case by < 0:
		return ", down " + text
	default:
		return ", up " + text
	}
}

// delta is the size of a difference; same means that it reads like none.
func (b *figureBuilder) delta(by float64) (text string, same bool) {
	write := func(x float64) string {
		v := valueOf(b.t.Metric, x)
		v.Delta = true
		return b.Units.Format(v)
	}
	text = write(math.Abs(by))
	return text, text == write(0)
}

// plainly states the values themselves.
func (b *figureBuilder) plainly() string {
	mean := b.mean(b.t)
	switch b.spec.Form {
	case chart.RangeBars:
		return ": " + b.extremes(b.t, b.low)
	case chart.StepsBetween:
		return ": " + b.write(b.t.Days[b.t.Newest()].Value)
	}
	if mean.N == 0 {
		return ": so far " + b.write(b.t.Days[b.t.Newest()].Value)
	}
	return ": " + b.write(mean.Value) + " on average"
}
