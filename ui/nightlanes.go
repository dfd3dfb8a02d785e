package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// night is the drawing of the night that ends on the day, with more lanes below it.
func (w *dayWriter) night(more ...chart.Lane) chart.Ribbon {
	d := w.day
	r := w.axis(d.Evening, d.Morning)
	r.ID, r.Title = "night-", nightTitle(d.Date)+" of "+w.v.Person.Name
	if r.Until >= r.To {
		r.Until = 0
	}
	for _, s := range d.Sleep.List {
		if s.Main {
			r.Marks = []chart.Mark{{At: s.Start * 1000, Label: w.p.Time(w.on(s.Start))},
				{At: s.End * 1000, Label: w.p.Time(w.on(s.End))}}
		}
	}
	r.Lanes = append([]chart.Lane{w.sleepLane()}, more...)
	return r
}

// nightTitle names a night by the day of waking.
func nightTitle(d health.Day) string { return "Night to " + Date(d) }

// sleepLane is the hypnogram of the date's sleeps.
func (w *dayWriter) sleepLane() chart.Lane {
	l := chart.Lane{Key: "sleep", Kind: chart.Stages, Title: "Sleep"}
	night, also := "", ""
	for _, s := range w.day.Sleep.List {
		l.Blocks = append(l.Blocks, nightBlocks(s)...)
		l.Provisional = l.Provisional || s.Provisional
		slept := fmt.Sprintf("%s, from %s to %s.", Duration(s.Asleep), w.p.Time(w.on(s.Start)), w.p.Time(w.on(s.End)))
		if s.Main {
			night = "Asleep " + slept
		} else {
			also += " Also slept " + slept
		}
	}
	if l.Sentence = strings.TrimSpace(night + also); l.Sentence == "" {
		l = w.absent(l, w.day.Sleep.State)
	}
	if l.Provisional {
		l.Sentence += " Provisional, may still change."
	}
	slices.SortStableFunc(l.Blocks, func(a, b chart.Block) int { return cmp.Compare(a.From, b.From) })
	l.Blocks = chart.Condense(l.Blocks, w.day.Evening*1000, w.day.Morning*1000, mostStages)
	return l
}

// nightBlocks are a sleep's stages from its beginning to its end. What lies between them
// could not be measured; a device without stages has one block.
func nightBlocks(s query.Sleep) []chart.Block {
	from, to := s.Start*1000, s.End*1000
	if len(s.Levels) == 0 {
		if to <= from {
			return nil
		}
		return []chart.Block{{From: from, To: to, Class: "asleep", Label: "asleep, no stages from this device"}}
	}
	var out []chart.Block
	at := from
	hole := func(until int64) {
		if until-at >= shortestHole && at >= from {
			out = append(out, chart.Block{From: at, To: until, Class: "unmeasurable", Label: health.HoleUnmeasured})
		}
	}
	for _, l := range s.Levels {
		hole(l.From)
		out = append(out, chart.Block{From: l.From, To: l.To, Class: l.Word, Label: stageLabel(l.Word)})
		at = max(at, l.To)
	}
	hole(to)
	return chart.Condense(out, from, to, mostStages)
}

// shortestHole between stages counts as not measured, in milliseconds; less is rounding.
const shortestHole = 60_000

// asleepLane is when the person slept, beside what else happened on the day.
func (w *dayWriter) asleepLane() chart.Lane {
	l := chart.Lane{Key: "asleep", Kind: chart.Spans, Title: "Asleep", Sentence: "See the night above."}
	for _, s := range w.day.Sleep.List {
		l.Blocks = append(l.Blocks, chart.Block{From: s.Start * 1000, To: s.End * 1000, Class: "asleep", Label: "asleep"})
	}
	for _, n := range w.day.Naps[:min(len(w.day.Naps), mostNaps)] {
		if !n.Sleep {
			l.Blocks = append(l.Blocks, chart.Block{From: n.Start * 1000, To: n.End * 1000, Class: "nap", Label: "nap"})
		}
	}
	if len(l.Blocks) == 0 {
		return w.absent(l, w.day.Sleep.State)
	}
	slices.SortStableFunc(l.Blocks, func(a, b chart.Block) int { return cmp.Compare(a.From, b.From) })
	return l
}
