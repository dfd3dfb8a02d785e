package ui

import (
	"strings"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// extremes are the lowest and the highest value of a window; lows are nil for none of
// their own.
func (b *figureBuilder) extremes(t, lows *query.Trend) string {
	lo, hi, ok := 0.0, 0.0, false
	for i := range t.Days {
		d := t.Days[i]
		if !d.Has {
			continue
		}
		low := d.Value
		if lows != nil && lows.Days[i].Has {
			low = lows.Days[i].Value
		}
		if !ok {
			lo, hi, ok = low, d.Value, true
		}
		lo, hi = min(lo, low), max(hi, d.Value)
	}
	return b.Units.Span(valueOf(b.t.Metric, lo), valueOf(b.t.Metric, hi))
}

// mean is that of the whole days of a window.
func (b *figureBuilder) mean(t *query.Trend) health.Mean {
	var values []float64
	for i := range t.Days {
		if t.Days[i].Has && !t.Days[i].SoFar {
			values = append(values, t.Days[i].Value)
		}
	}
	return health.MeanOf(values)
}

// lines are the sentences under the heading: what the figure shows and what it rests on.
func (b *figureBuilder) lines(f finding) (out []string) {
	newest := b.t.Newest()
	if newest < 0 {
		return []string{"No value in " + Plural(b.Window.Len(), "day", "days") + ": " + dayWithout(b.reason()) + "."}
	}
	if b.spec.Form == chart.DotsAndMean {
		out = append(out, b.weekLine())
	}
	mean := b.mean(b.t)
	from := fullDays(b.t.Whole())
	line := "Values on " + from
	if mean.N > 0 && (b.spec.Form == chart.DotsAndMean || b.spec.Form == chart.Columns) {
		line = "Mean of these days " + b.write(mean.Value) + ", from " + from
	}
	if why := b.gaps(); why != "" {
		line += "; " + why
	}
	out = append(out, line+".")
	for _, s := range []string{b.changeLine(f), b.stackLine(), b.withinLine(), b.goalLine(), b.comparison(mean)} {
		if s != "" {
			out = append(out, s)
		}
	}
	if b.weekly() {
		out = append(out, b.weeklyLine())
	}
	return out
}

// fullDays counts days, and says where one that is not over is left out.
func fullDays(n, of, soFar int) string {
	if soFar > 0 {
		return Count(n) + " of " + Plural(of, "full day", "full days")
	}
	return daysOf(n, of)
}

// leftOut says which metrics a page does not show though they were asked for; empty for none.
func leftOut(page FigurePage) string {
	var parts []string
	if len(page.Beyond) > 0 {
		parts = append(parts, "up to "+Count(MostTrends)+" metrics are shown at once, without "+firstOf(page.Beyond))
	}
	if len(page.Unknown) > 0 {
		parts = append(parts, "there is no metric named "+firstOf(page.Unknown))
	}
	if len(parts) == 0 {
		return ""
	}
	return capital(strings.Join(parts, "; ")) + "."
}

// mostNamed is how many names a sentence lists: those of an address are without end.
const mostNamed = 8

func firstOf(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		return strings.Join(names[:mostNamed], ", ") + " and " + Count(more) + " more"
	}
	return strings.Join(names, ", ")
}

func daysOf(n, all int) string { return Count(n) + " of " + Plural(all, "day", "days") }

// weekLine is the newest mean of seven days.
func (b *figureBuilder) weekLine() string {
	d := &b.t.Days[b.t.Newest()]
	if d.Mean.N == 0 {
		return "There is no mean yet: today is not over."
	}
	s := "7-day mean " + b.write(d.Mean.Value) + ", from " + b.week(d)
	if d.Day != b.Window.To {
		s += " up to " + ShortDate(d.Day)
	}
	if d.Known {
		return s + "; your usual range is " + b.band(d.Usual) + "."
	}
	return s + ". There is no usual range yet: it needs " + Count(health.UsualLeast) + " of " +
		Count(health.UsualDays) +
		" days."
}

// week counts the days that the mean of a day rests on.
func (b *figureBuilder) week(d *query.TrendDay) string {
	if d.SoFar {
		return fullDays(d.Mean.N, health.MeanDays-1, 1)
	}
	return daysOf(d.Mean.N, health.MeanDays)
}

// changeLine says what the change in the heading is between.
func (b *figureBuilder) changeLine(f finding) string {
	switch change := b.changeOf(); {
	case change == "" || change == unchanged || !b.plain(f):
		return ""
	case b.spec.Form == chart.StepsBetween:
		return "The change is from the first value shown to the last."
	}
	return "The change is from the mean of the first 7 days to that of the last 7."
}

// withinLine says what the dot in a bar is.
func (b *figureBuilder) withinLine() string {
	if b.within == nil || b.within.Newest() < 0 {
		return ""
	}
	return "The dot in each bar is the " + inSentence(b.within.Label) + ", in " +
		b.Units.scale(b.within.Unit).name + "."
}

// goalLine counts the days that reached their goal.
func (b *figureBuilder) goalLine() string {
	if b.goal == nil {
		return ""
	}
	reached, of := 0, 0
	for i := range b.t.Days {
		d, goal := &b.t.Days[i], &b.goal.Days[i]
		if d.Has && goal.Has && goal.Value > 0 && !d.SoFar {
			of++
			if d.Value >= goal.Value {
				reached++
			}
		}
	}
	if of == 0 {
		return ""
	}
	return "The goal was reached on " + daysOf(reached, of) + "."
}

// comparison is the mean against that of the window before, or its extremes.
func (b *figureBuilder) comparison(mean health.Mean) string {
	if b.before == nil || mean.N == 0 {
		return ""
	}
	old, days := b.mean(b.before), "the "+Plural(len(b.before.Days), "day", "days")+" before"
	switch {
	case old.N == 0:
		return capital(days) + " have no value."
	case b.spec.Form == chart.RangeBars:
		return capital(days) + ": " + b.extremes(b.before, trendNamed(b.Before, b.spec.Low)) + "."
	}
	shown := func(x float64) float64 { return b.Units.shown(valueOf(b.t.Metric, x)) }
	return b.difference(shown(mean.Value)-shown(old.Value)) + days + " (dotted line), whose mean of " +
		b.write(old.Value) + " is from " + daysOf(old.N, len(b.before.Days)) + "."
}

// difference says by how much a mean is more than another: "306 more than ".
func (b *figureBuilder) difference(by float64) string {
	switch text, same := b.delta(by); {
	case same:
		return "As much as in "
	case by < 0:
		return text + " less than "
	default:
		return text + " more than "
	}
}

func (b *figureBuilder) weeklyLine() string {
	if b.spec.Form == chart.Columns {
		return "Each bar is the mean of the days of a week."
	}
	return "Each mark is a week, from its lowest to its highest day."
}

// gaps counts the days without a value by their reasons, the most frequent first.
func (b *figureBuilder) gaps() string {
	var words []string
	for _, g := range b.reasons() {
		words = append(words, gap(g))
	}
	return strings.Join(words, ", ")
}

func gap(g reasonCount) string {
	if g.state == nowAndThen {
		return Plural(g.n, "day", "days") + " without a measurement: taken now and then"
	}
	return Count(g.n) + " " + text.State(g.state)
}

// dayWithout is why a day has no value.
func dayWithout(state health.DayState) string {
	if state == nowAndThen {
		return "not measured, as it is taken now and then"
	}
	return text.State(state)
}

// nowAndThen is the state of a day without what the person measures from time to time.
var nowAndThen = health.DayState{Absence: health.NotExpected, Why: health.AsItComes}

// reason is the most frequent reason.
func (b *figureBuilder) reason() health.DayState {
	if list := b.reasons(); len(list) > 0 {
		return list[0].state
	}
	return health.DayState{Absence: health.NotExpected}
}

// nothing reports whether there is no value and none was due, and why.
func (b *figureBuilder) nothing() (health.DayState, bool) {
	for i := range b.t.Days {
		if d := &b.t.Days[i]; d.Has || d.State.Gap() {
			return health.DayState{}, false
		}
	}
	return b.reason(), true
}

type reasonCount struct {
	state health.DayState
	n     int
}

func (b *figureBuilder) reasons() (out []reasonCount) {
	for i := range b.t.Days {
		if b.t.Days[i].Has {
			continue
		}
		out = counted(out, b.t.Days[i].State)
	}
	return out
}

// counted keeps a list in which the most frequent state comes first.
func counted(list []reasonCount, state health.DayState) []reasonCount {
	at := len(list)
	for i := range list {
		if list[i].state == state {
			at = i
		}
	}
	if at == len(list) {
		list = append(list, reasonCount{state: state})
	}
	list[at].n++
	for ; at > 0 && list[at].n > list[at-1].n; at-- {
		list[at], list[at-1] = list[at-1], list[at]
	}
	return list
}
