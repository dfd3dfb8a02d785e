package ui

import (
	"garner/ui/chart"
)

// byWeeks puts days together to the weeks of the reader. A week goes from its lowest to
// its highest value; a bar is the mean of its days.
func byWeeks(days []chart.TrendMark, start WeekStart, form chart.Form) []chart.TrendMark {
	var out []chart.TrendMark
	for from := 0; from < len(days); {
		to := from + 1
		for to < len(days) && !start.begins(days[to].From) {
			to++
		}
		out = append(out, week(days[from:to], form))
		from = to
	}
	return out
}

// week is some days as one mark.
func week(days []chart.TrendMark, form chart.Form) chart.TrendMark {
	last := days[len(days)-1]
	out := chart.TrendMark{From: days[0].From, To: last.To, State: last.State, Mean: last.Mean, Usual: last.Usual,
		Known: last.Known}
	sum, n := 0.0, 0
	for i := range days {
		d := &days[i]
		switch {
		case d.Has && !out.Has:
			out.Has, out.Low, out.High = true, d.Low, d.High
		case d.Has:
			out.Low, out.High = min(out.Low, d.Low), max(out.High, d.High)
		case d.State.Gap():
			out.State = d.State
		}
		if d.Has {
			sum, n = sum+d.High, n+1
		}
	}
	if out.Has {
		out.State = chart.Present
	}
	if form == chart.Columns && n > 0 {
		out.Low, out.High, out.Parts = 0, sum/float64(n), meanParts(days)
	}
	return out
}
