package ui

import (
	"slices"

	"garner/health"
	"garner/ui/chart"
)

// stressParts are the parts of the stack of stress, from the bottom.
var stressParts = []chart.StackPart{{Class: "stress rest", Label: "rest"}, {Class: "stress low", Label: "low"},
	{Class: "stress medium", Label: "medium"}, {Class: "stress high", Label: "high"}}

// sum is the value of a day with those that stand on it.
func (b *figureBuilder) sum(i int) float64 {
	x := b.t.Days[i].Value
	for _, part := range b.stack {
		x += part.Days[i].Value
	}
	return x
}

// hoursOfADay end the axis of hours that make up a day.
const hoursOfADay = 24

// partsOfDays reports whether each bar is made of hours of one day. The day on which the clocks go
// back may have more than 24 of them.
func (b *figureBuilder) partsOfDays() bool {
	return len(b.stack) > 0 && b.axis.scale.name == "h" &&
		!slices.ContainsFunc(b.marks, func(m chart.TrendMark) bool { return m.High > hoursOfADay })
}

// stackOn puts the other metrics on the value of a day.
func (b *figureBuilder) stackOn(m *chart.TrendMark, i int) {
	if len(b.stack) == 0 || !m.Has {
		return
	}
	m.Parts = []float64{m.High}
	for _, part := range b.stack {
		m.Parts = append(m.Parts, b.axis.Of(part.Days[i].Value))
	}
	m.Low, m.High = 0, b.axis.Of(b.sum(i))
}

// valueName heads the values of the table.
func (b *figureBuilder) valueName() string {
	if len(b.stack) > 0 {
		return b.t.Label
	}
	return "Value"
}

// stackNames head the cells of the other metrics.
func (b *figureBuilder) stackNames() (out []string) {
	for _, part := range b.stack {
		out = append(out, part.Label)
	}
	return out
}

// stackCells are the values of the other metrics on a day.
func (b *figureBuilder) stackCells(i int) (out []string) {
	for _, part := range b.stack {
		text := missing
		if d := &part.Days[i]; d.Has {
			text = b.Units.Format(valueOf(part.Metric, d.Value))
		}
		out = append(out, text)
	}
	return out
}

// stackWeek are the means of the other metrics in a week of the drawing.
func (b *figureBuilder) stackWeek(m *chart.TrendMark) (out []string) {
	for k := range b.stack {
		text := missing
		if m.Has && k+1 < len(m.Parts) {
			text = b.back(m.Parts[k+1])
		}
		out = append(out, text)
	}
	return out
}

// saidStack is the other metrics of a day, after the first.
func (b *figureBuilder) saidStack(i int) (out string) {
	cells := b.stackCells(i)
	for k, part := range b.stack {
		out += ", " + inSentence(part.Label) + " " + cells[k]
	}
	return out
}

// stackLine is the mean of each of the other metrics over the whole days.
func (b *figureBuilder) stackLine() string {
	if len(b.stack) == 0 {
		return ""
	}
	var parts []string
	for _, part := range b.stack {
		mean := b.mean(part)
		text := missing
		if mean.N > 0 {
			text = b.Units.Format(valueOf(part.Metric, mean.Value))
		}
		parts = append(parts, inSentence(part.Label)+" "+text)
	}
	return "On average, " + some(parts) + "."
}

// meanParts are the means of the parts of the days of a week; nil without a stack.
func meanParts(days []chart.TrendMark) []float64 {
	var sums []health.Mean
	for i := range days {
		for k, x := range days[i].Parts {
			if k == len(sums) {
				sums = append(sums, health.Mean{})
			}
			sums[k].Value, sums[k].N = sums[k].Value+x, sums[k].N+1
		}
	}
	var out []float64
	for _, s := range sums {
		out = append(out, s.Value/float64(s.N))
	}
	return out
}
