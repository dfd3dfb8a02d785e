package chart

import (
	"strings"

	"garner/health"
)

// pathOf is a path of a class, nothing without any stroke.
func pathOf(class, d string) string {
	if d == "" {
		return ""
	}
	return `<path class="` + class + `" d="` + d + `"/>`
}

// marks draws the values and the mean, in the stretched viewport.
func (t Trend) marks(l levels) string {
	before := t.lineBefore(l)
	switch t.Form {
	case Columns:
		if len(t.Stack) > 0 {
			return t.stacks(l) + before
		}
		return pathOf("bars", t.bars(l)) + pathOf("goal", t.goals(l)) + before
	case RangeBars:
		return pathOf("bars", t.bars(l)) + pathOf("dots within", t.within(l))
	case StepsBetween:
		return before + pathOf("line", t.steps(l, t.Marks)) + pathOf("dots", t.dots(l))
	}
	strong, weak := t.means(l, t.Marks)
	return before + pathOf("dots", t.dots(l)) + pathOf("line weak", weak) + pathOf("line", strong)
}

// lineBefore is the line of the period before, with an edge that sets it off from bars.
func (t Trend) lineBefore(l levels) string {
	d := t.steps(l, t.before())
	if t.Form != StepsBetween {
		strong, weak := t.means(l, t.before())
		d = strong + weak
	}
	return pathOf("line halo", d) + pathOf("line before", d)
}

// before are the marks of the period before, on the days of this one.
func (t Trend) before() []TrendMark {
	out := make([]TrendMark, 0, len(t.Before))
	for i := range min(len(t.Before), len(t.Marks)) {
		m := t.Before[i]
		m.From, m.To = t.Marks[i].From, t.Marks[i].To
		out = append(out, m)
	}
	return out
}

// whole reports whether a mark is full, not an outline.
func (m *TrendMark) whole() bool {
	return m.Has && !m.SoFar && m.State != Tentative && m.State != Partial
}

// dots are strokes without length, whose round ends are dots. Several days together are a
// stroke from the lowest to the highest.
func (t Trend) dots(l levels) string {
	var d strings.Builder
	for i := range t.Marks {
		if m := &t.Marks[i]; m.whole() {
			d.WriteString(at(t.window().x(t.middle(m)), l.vy(m.Low)))
			writeMove(&d, 'v', l.vy(m.High)-l.vy(m.Low))
		}
	}
	return d.String()
}

func writeMove(d *strings.Builder, way byte, by int) {
	d.WriteByte(way)
	d.WriteString(num(float64(by)))
}

// within are the dots of a second value of each day.
func (t Trend) within(l levels) string {
	var d strings.Builder
	for i := range t.Marks {
		if m := &t.Marks[i]; m.Within > 0 {
			d.WriteString(at(t.window().x(t.middle(m)), l.vy(m.Within)))
			writeMove(&d, 'v', 0)
		}
	}
	return d.String()
}

// bars are boxes of what each day covers.
func (t Trend) bars(l levels) string {
	var d strings.Builder
	for i := range t.Marks {
		if m := &t.Marks[i]; m.whole() {
			t.box(&d, l, m)
		}
	}
	return d.String()
}

// stacks are the bars of each part, which stand on those below it.
func (t Trend) stacks(l levels) string {
	var out strings.Builder
	for k, part := range t.Stack {
		var d strings.Builder
		for i := range t.Marks {
			m := &t.Marks[i]
			if !m.whole() || k >= len(m.Parts) || m.Parts[k] <= 0 {
				continue
			}
			low := 0.0
			for _, x := range m.Parts[:k] {
				low += x
			}
			t.box(&d, l, &TrendMark{From: m.From, To: m.To, Low: low, High: low + m.Parts[k], Parts: m.Parts[k : k+1]})
		}
		out.WriteString(pathOf(part.Class, d.String()))
	}
	return out.String()
}

// stackLegend names the parts above the plot, from the bottom.
func (t Trend) stackLegend(c *canvas) {
	if len(t.Stack) == 0 {
		return
	}
	c.put(`<p class="plot-label">`)
	for _, part := range t.Stack {
		c.put(`<span><svg class="plot" width="20" height="12" aria-hidden="true">`)
		c.put(`<path class="%s" d="M0 0h20v12H0z"/></svg> %s</span> `, part.Class, esc(part.Label))
	}
	c.put(`</p>`)
}

// reach is what a bar covers: from zero to the value, up or down, or from the lowest value
// to the highest.
func (t Trend) reach(m *TrendMark) (low, high float64) {
	if t.Form == Columns && len(t.Stack) == 0 {
		return min(m.High, 0), max(m.High, 0)
	}
	return m.Low, m.High
}

// box is one bar, at least a pixel high, with a gap on both sides.
func (t Trend) box(d *strings.Builder, l levels, m *TrendMark) {
	low, high := t.reach(m)
	s := t.span(m)
	x, to := t.window().x(s.From), t.window().x(s.To)
	gap := max((to-x)/6, 0)
	bottom, top := l.vy(low), l.vy(high)
	if bottom-top < viewScale && m.High != 0 {
		top, bottom = top-viewScale/2, bottom+viewScale/2
	}
	d.WriteString(at(x+gap, bottom))
	writeMove(d, 'V', top)
	writeMove(d, 'h', to-x-2*gap)
	writeMove(d, 'V', bottom)
	d.WriteByte('z')
}

// goals are ticks over the bars.
func (t Trend) goals(l levels) string {
	var d strings.Builder
	for i := range t.Marks {
		if m := &t.Marks[i]; m.Goal > 0 {
			s := t.span(m)
			x := t.window().x(s.From)
			d.WriteString(at(x, l.vy(m.Goal)))
			writeMove(&d, 'h', t.window().x(s.To)-x)
		}
	}
	return d.String()
}

// steps hold each value until the next one, and end at the last.
func (t Trend) steps(l levels, marks []TrendMark) string {
	var d strings.Builder
	for i := range marks {
		m := &marks[i]
		if !m.Has {
			continue
		}
		x, y := t.window().x(t.middle(m)), l.vy(m.High)
		if d.Len() == 0 {
			d.WriteString(at(x, y))
			continue
		}
		writeMove(&d, 'H', x)
		writeMove(&d, 'V', y)
	}
	return d.String()
}

// means are the lines of the mean; weak ones rest on less than half of their days. A line
// ends where a day is missing. Days on which nothing was expected do not end it, but for
// more of them than health.BreakDays.
func (t Trend) means(l levels, marks []TrendMark) (strong, weak string) {
	var lines [2]strings.Builder
	var before, value *TrendMark
	for i := range marks {
		m := &marks[i]
		if !m.Has && m.State != NotExpected {
			before = nil
			continue
		}
		if m.Has {
			if value != nil && m.From-value.To > health.BreakDays {
				before = nil
			}
			value = m
		}
		if m.Mean.N == 0 {
			continue
		}
		if before != nil {
			line := &lines[0]
			if before.Mean.Weak() || m.Mean.Weak() {
				line = &lines[1]
			}
			line.WriteString(at(t.window().x(t.middle(before)), l.vy(before.Mean.Value)))
			line.WriteString("L" + at(t.window().x(t.middle(m)), l.vy(m.Mean.Value))[1:])
		}
		before = m
	}
	return joined(lines[0].String()), joined(lines[1].String())
}

// joined leaves out each move to where the stroke before has ended.
func joined(d string) string {
	strokes := strings.Split(d, "M")
	var out strings.Builder
	end := ""
	for _, s := range strokes[1:] {
		from, to, _ := strings.Cut(s, "L")
		if from != end {
			out.WriteString("M" + from)
		}
		out.WriteString("L" + to)
		end = to
	}
	return out.String()
}

// usual is the area of the usual range, where it is known.
func (t Trend) usual(l levels) string {
	var d strings.Builder
	for from := 0; from < len(t.Marks); from++ {
		to := from
		for to < len(t.Marks) && t.Marks[to].Known {
			to++
		}
		if to > from {
			t.area(&d, l, from, to)
			from = to
		}
	}
	return pathOf("usual", d.String())
}

// area goes along the upper ends and back along the lower ones, in steps.
func (t Trend) area(d *strings.Builder, l levels, from, to int) {
	w := t.window()
	d.WriteString(at(w.x(t.at(t.Marks[from].From)), l.vy(t.Marks[from].Usual.High)))
	for i := from; i < to; i++ {
		writeMove(d, 'V', l.vy(t.Marks[i].Usual.High))
		writeMove(d, 'H', w.x(t.at(t.Marks[i].To+1)))
	}
	for i := to - 1; i >= from; i-- {
		writeMove(d, 'V', l.vy(t.Marks[i].Usual.Low))
		writeMove(d, 'H', w.x(t.at(t.Marks[i].From)))
	}
	d.WriteByte('z')
}

// openMarks draws what may still change, or of which only a part came, as outlines.
func (t Trend) openMarks(c *canvas, l levels) {
	w := t.window()
	for i := range t.Marks {
		m := &t.Marks[i]
		if !m.Has || m.whole() {
			continue
		}
		if t.Form == DotsAndMean || t.Form == StepsBetween {
			c.put(`<circle class="open" cx="%s%%" cy="%s" r="3"/>`, num(w.pct(t.middle(m))), num(l.y(m.High)))
			continue
		}
		low, high := t.reach(m)
		s := t.span(m)
		width := (w.pct(s.To) - w.pct(s.From)) * 2 / 3
		c.put(`<rect class="open" x="%s%%" width="%s%%" y="%s" height="%s"/>`, num(w.pct(s.From)+width/4), num(width),
			num(l.y(high)), num(max(l.y(low)-l.y(high), 1)))
	}
}
