package chart

import "garner/health"

// TrendNote is what was written about a day. Label names the day and has the text.
type TrendNote struct {
	Day   health.Day
	Label string
}

// trendNotes is the height of the row of notes below the axis, in pixels.
const trendNotes = 20

// noteApart is how many per cent of the width are between two marks, so that they stay
// apart on a narrow screen. Notes that are closer share a mark.
const noteApart = 3.5

// height is that of the whole drawing.
func (t Trend) height() int {
	if len(t.Notes) == 0 {
		return trendHeight + trendAxis
	}
	return trendHeight + trendAxis + trendNotes
}

// notes draws a mark for each note, which names it.
func (t Trend) notes(c *canvas) {
	w := t.window()
	x, label := 0.0, ""
	for _, n := range t.Notes {
		at := w.pct(t.at(n.Day) + 50)
		if label != "" && at-x < noteApart {
			label += "\n" + n.Label
			continue
		}
		c.noteMark(x, label)
		x, label = at, n.Label
	}
	c.noteMark(x, label)
}

func (c *canvas) noteMark(x float64, label string) {
	if label == "" {
		return
	}
	c.put(`<svg class="note-mark" x="%s%%" y="%d" overflow="visible"><title>%s</title>`, num(x), trendHeight+trendAxis,
		esc(label))
	c.put(`<rect x="-5" y="1" width="10" height="16" rx="3"/><text x="0" y="13">n</text></svg>`)
}
