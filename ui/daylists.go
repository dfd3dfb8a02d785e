package ui

import (
	"fmt"

	"garner/health"
)

// naps are the day's further sleeps.
func (w *dayWriter) naps() []Nap {
	var out []Nap
	for _, n := range w.day.Naps[:min(len(w.day.Naps), mostNaps)] {
		nap := Nap{Start: w.on(n.Start), End: w.on(n.End), Asleep: n.Asleep, Note: n.Validation}
		if n.Sleep {
			nap.Note = "also slept"
		}
		out = append(out, nap)
	}
	if more := len(w.day.Naps) - len(out); more > 0 {
		out[len(out)-1].Note = fmt.Sprintf("%d more are not shown", more)
	}
	return out
}

// mostNaps is how many naps of a day are listed.
const mostNaps = 24

func (w *dayWriter) activities() []ActivityLine {
	amount := func(x float64, unit health.Unit) Value { return Value{V: x, OK: x > 0, Unit: unit} }
	var out []ActivityLine
	for _, a := range w.day.Activities {
		out = append(out, ActivityLine{Name: a.Name, Start: onClock(a.Start, a.Offset), Duration: a.Duration,
			Distance: amount(a.Meters, health.Meter), Calories: amount(a.Kilocalories, health.Kilocalorie),
			HeartAvg: amount(a.BPM, health.BPM), Device: a.Device,
			URL: tableURL(w.v.Person.Slug, a.Type) + "?" + w.dates()})
	}
	return out
}
