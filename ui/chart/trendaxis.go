package chart

import (
	"math"
	"strconv"
	"time"

	"garner/health"
)

// levels are those of the axis: from the lowest of its three round numbers to the highest.
// Bars stand on its lower end, or on zero in the middle; dots and lines keep away from both. ok is false without
// anything to draw.
func (t Trend) levels() (l levels, ok bool) {
	l = levels{lo: t.Min, hi: t.Max, top: edgeMargin, bottom: trendHeight - edgeMargin}
	if t.Form == Columns {
		l.bottom = trendHeight - 2
	}
	lo, hi := t.extent()
	if ok = lo <= hi; ok && t.Max <= t.Min {
		l.lo, l.hi = fitted(lo, hi, t.Halves)
		if t.Form == Columns && lo < 0 { // zero in the middle
			_, l.hi = fitted(0, max(-lo, hi), t.Halves)
			l.lo = -l.hi
		}
	}
	return l, ok
}

// extent is the range of all that is drawn, upside down without anything; bars begin at
// zero.
func (t Trend) extent() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	take := func(x float64, ok bool) {
		if ok {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	for i := range t.Marks {
		m := &t.Marks[i]
		take(m.Low, m.Has)
		take(m.High, m.Has)
		take(m.Usual.Low, m.Known)
		take(m.Usual.High, m.Known)
		take(m.Goal, m.Goal > 0)
		take(m.Within, m.Within > 0)
	}
	for i := range t.Before {
		m := &t.Before[i]
		take(m.Mean.Value, m.Mean.N > 0 && (t.Form == DotsAndMean || t.Form == Columns))
		take(m.High, m.Has && t.Form == StepsBetween)
	}
	if lo <= hi {
		take(t.Level, t.LevelLabel != "")
		take(0, t.Form == Columns)
	}
	return lo, hi
}

// days draws the axis: days, weeks, months or years, whichever the window has room for.
func (t Trend) days(c *canvas) {
	w := t.window()
	for d := t.From; d <= t.To; d++ {
		text := t.dayLabel(d)
		if text == "" {
			continue
		}
		x := w.pct(t.at(d))
		if d > t.From {
			c.put(`<line class="grid" x1="%s%%" x2="%s%%" y1="0" y2="%d"/>`, num(x), num(x), trendHeight)
		}
		if x < 92 && text != " " {
			c.put(`<text class="day" x="%s%%" dx="3" y="%d">%s</text>`, num(x), trendHeight+14, text)
		}
	}
}

// The longest windows, in days, whose axis names days, weeks, months and quarters.
const (
	daysNamed     = 8
	weeksNamed    = 35
	monthsNamed   = 400
	quartersNamed = 800
)

// dayLabel is the text where a day begins, empty for none and a space for a line
// without text.
func (t Trend) dayLabel(d health.Day) string {
	at, n := d.Midnight(), int(t.To-t.From)+1
	first := at.Day() == 1
	switch {
	case n <= daysNamed:
		return at.Format("Mon 2")
	case n <= weeksNamed:
		if at.Weekday() == t.WeekStart {
			return at.Format("2 Jan")
		}
	case n <= monthsNamed:
		if first && at.Month() == time.January {
			return strconv.Itoa(at.Year())
		}
		if first {
			return at.Format("Jan")
		}
	case n <= quartersNamed:
		if first && at.Month() == time.January {
			return strconv.Itoa(at.Year())
		}
		if first && at.Month()%3 == 1 {
			return at.Format("Jan")
		}
	case first && at.Month() == time.January:
		if at.Year()%(n/3660+1) == 0 {
			return strconv.Itoa(at.Year())
		}
		return " "
	}
	return ""
}
