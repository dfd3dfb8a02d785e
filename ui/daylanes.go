package ui

import (
	"fmt"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// ribbon stacks what the day's clock is good for.
func (w *dayWriter) ribbon() chart.Ribbon {
	d := w.day
	r := w.axis(d.First, d.To)
	r.Title = Date(d.Date) + " of " + w.v.Person.Name
	r.Lanes = []chart.Lane{w.asleepLane(), w.stressLane(), w.batteryLane(), w.heartLane(), w.stepsLane(),
		w.activityLane(),
		w.sparseLane("spo2", "Blood oxygen", d.SpO2, 80, 100),
		w.sparseLane("respiration", "Respiration", d.Respiration, 0, 0),
		w.wornLane()}
	return r
}

// axis is a ribbon without lanes, from one instant to another on the watch's clock.
func (w *dayWriter) axis(from, to int64) chart.Ribbon {
	d := w.day
	r := chart.Ribbon{From: from * 1000, To: to * 1000, Midnight: d.From * 1000, Until: d.Until,
		Offset: d.Clock.Offset(from), Hours: w.p.Clock}
	for _, c := range d.Clock.Changes(from, to) {
		r.Seams = append(r.Seams, chart.Seam{At: c.At * 1000, Offset: c.Offset})
	}
	return r
}

func (w *dayWriter) stressLane() chart.Lane {
	l := w.measured(chart.Lane{Key: "stress", Kind: chart.Levels, Title: "Stress", Max: 100}, w.day.Stress)
	if f := w.day.Stress.Figures; f.N > 0 {
		l.Sentence = fmt.Sprintf("Samples shown: %.0f on average.", f.Mean)
	}
	return l
}

func (w *dayWriter) batteryLane() chart.Lane {
	l := w.measured(chart.Lane{Key: "battery", Kind: chart.Area, Title: "Body Battery", Max: 100}, w.day.BodyBattery)
	if f := w.day.BodyBattery.Figures; f.N > 0 {
		l.Sentence = fmt.Sprintf("Between %.0f and %.0f, last %.0f.", f.Low, f.High, f.Last)
	}
	return l
}

func (w *dayWriter) heartLane() chart.Lane {
	l := w.measured(chart.Lane{Key: "heart", Kind: chart.Line, Title: "Heart rate"}, w.day.HeartRate)
	if f := w.day.HeartRate.Figures; f.N > 0 {
		l.Sentence = fmt.Sprintf("Between %.0f and %.0f bpm.", f.Low, f.High)
	}
	if x := w.day.RestingHeartRate; x > 0 {
		l.Mark, l.MarkLabel = x, fmt.Sprintf("resting %.0f", x)
	}
	return l
}

func (w *dayWriter) stepsLane() chart.Lane {
	l := w.measured(chart.Lane{Key: "steps", Kind: chart.Bars, Title: "Steps"}, w.day.Steps)
	if len(l.Series.Points) > 0 {
		l.Sentence = Count(int(w.day.Steps.Figures.Sum)) + " steps, shown per 15 minutes."
	}
	return l
}

// sparseLane is one of samples that are few by nature.
func (w *dayWriter) sparseLane(key, title string, m query.Measure, low, high float64) chart.Lane {
	l := w.measured(chart.Lane{Key: key, Kind: chart.Dots, Title: title, Min: low, Max: high}, m)
	if f := m.Figures; f.N > 0 {
		l.Sentence = fmt.Sprintf("Between %.0f and %.0f %s.", f.Low, f.High, l.Series.Unit)
	}
	return l
}

// wornLane is the explanation of the other lanes' holes.
func (w *dayWriter) wornLane() chart.Lane {
	worn := w.day.Worn
	l := chart.Lane{Key: "worn", Kind: chart.Spans, Title: "Worn", Absent: worn.State.Absence, Why: worn.State.Why,
		Sentence: "No data shows that the watch was worn."}
	for _, s := range w.day.HeartRate.Off { // the reason, which the cursor reads
		if s.Word == health.HoleOffWrist {
			l.Series.OffBody = append(l.Series.OffBody, s)
		}
	}
	for _, s := range worn.Spans {
		l.Blocks = append(l.Blocks, chart.Block{From: s.From, To: s.To, Class: "worn", Label: "worn"})
	}
	if worn.Time > 0 {
		l.Sentence = "Worn for " + Duration(worn.Time) + ", judging by heart rate."
	}
	return l
}

// stageLabel names a stage within a sentence or a list.
func stageLabel(stage string) string {
	if stage == "rem" {
		return "REM"
	}
	return stage
}

// stageBlocks are a sleep's stages; one block where the device gives none. From
// and to are unix milliseconds.
func stageBlocks(levels []health.Span, from, to int64) []chart.Block {
	var out []chart.Block
	for _, l := range levels {
		out = append(out, chart.Block{From: l.From, To: l.To, Class: l.Word, Label: stageLabel(l.Word)})
	}
	if out == nil && to > from {
		out = []chart.Block{{From: from, To: to, Class: "asleep", Label: "asleep; no sleep stages for this night"}}
	}
	return chart.Condense(out, from, to, mostStages)
}

func (w *dayWriter) activityLane() chart.Lane {
	l := chart.Lane{Key: "activities", Kind: chart.Spans, Title: "Activities", Sentence: "No activity on this day.",
		Absent: chart.NotExpected, Word: "no activity"}
	m := w.day.Moving
	for _, s := range m.Spans {
		l.Absent = chart.Present
		l.Blocks = append(l.Blocks, chart.Block{From: s.From, To: s.To, Class: "activity", Label: activityLabel(s),
			Href: activityURL(w.v.Person.Slug, s.ID)})
	}
	if m.Recordings > 0 {
		l.Sentence = Plural(m.Count, "activity", "activities")
		if m.Count < m.Recordings {
			l.Sentence += fmt.Sprintf(", in %d recordings", m.Recordings)
		}
		l.Sentence += "."
	}
	return l
}

// activityLabel is the sport, with the name that the activity has.
func activityLabel(s query.ActivitySpan) string {
	sport := sportOf(s.Kind).Word
	switch {
	case s.Word == "" || s.Word == s.Kind || s.Word == sport:
		return sport
	case s.Kind == "":
		return s.Word
	}
	return sport + ", " + s.Word
}

// measured returns a lane its samples, or says why it is empty.
func (w *dayWriter) measured(l chart.Lane, m query.Measure) chart.Lane {
	l.Series = chart.Series{Name: m.Label, Unit: w.v.Units.Header(m.Unit), Cadence: m.Cadence, Points: m.Points,
		OffBody: chart.CondenseSpans(m.Off, w.day.First*1000, w.day.To*1000, mostOff)}
	l.Evening = m.Evening
	switch {
	case len(m.Points) > 0:
		return l
	case len(m.Off) > 0 && m.State.Absence == health.OffBody:
		l.Absent, l.Why = m.State.Absence, m.State.Why
		l.Sentence = l.Title + " could not be measured: " + m.Off[0].Word + "."
		return l
	}
	return w.absent(l, m.State)
}

// absent says why a lane is empty.
func (w *dayWriter) absent(l chart.Lane, state health.DayState) chart.Lane {
	l.Absent, l.Why = state.Absence, state.Why
	switch state.Absence {
	case health.Missing:
		l.Sentence = l.Title + " has not arrived for this day."
	case health.Awaited:
		l.Sentence = l.Title + " has not arrived yet."
	default:
		l.Sentence = "No " + inSentence(l.Title) + " on this day: " + text.State(state) + "."
		switch why := state.Why; {
		case why == health.AsItComes:
			l.Sentence, l.Word = "No "+inSentence(l.Title)+" on this day: it is measured now and then.", "none measured"
		case why == health.Unsupported:
			l.Sentence = "No " + inSentence(l.Title) + ": not supported by this watch."
		case state.Absence == health.NotExpected && why != health.NoReason:
			l.Sentence = "No " + inSentence(l.Title) + " on this day: " + text.ReasonWord(why) + "."
		}
	}
	return l
}

// What is drawn is bounded by what a person can see of it, not by what came: a
// night in minutes, and so many stretches without samples. The chart itself thins
// samples to its columns.
const (
	mostStages = 480
	mostOff    = 480
)
