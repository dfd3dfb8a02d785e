package query

import (
	"cmp"
	"math"
	"slices"
	"time"

	"garner/garmin"
	"garner/health"
)

// Measure is what was measured of one quantity from First to To of a day.
type Measure struct {
	Label string
	Unit  health.Unit
	// Samples.Off is when the device reports that it could not measure, and when
	// this follows from other records.
	health.Samples
	// State is why there are no points; zero if there are.
	State health.DayState
	// Evening is the state of the date before, if the night began then.
	Evening health.DayState
	// Figures are of the date itself, without the evening before. For what is
	// measured in sleep they include the evening of the night.
	Figures Figures
}

// Figures sum up samples; all zero without any.
type Figures struct {
	N                          int
	Low, High, Mean, Sum, Last float64
}

// Worn is when the watch was on the wrist, judging by the heart rate.
type Worn struct {
	Spans []health.Span
	// Time is that of the date itself, without the evening before.
	Time time.Duration
	// State is why there is none.
	State health.DayState
}

// measures fills what was measured over the day.
func (r *dayReader) measures() {
	r.Stress = r.series(garmin.StressDetails, "stress")
	unworn := r.unworn()
	r.BodyBattery, r.HeartRate = r.series(garmin.StressDetails, "body_battery"), r.series(garmin.Dailies, "heart_rate")
	r.Steps = r.steps()
	r.SpO2 = r.sparse("spo2", garmin.Sleeps, garmin.PulseOx)
	r.Respiration = r.sparse("respiration", garmin.Sleeps, garmin.AllDayRespiration)
	r.worn()
	r.resting()

	r.conclude(&r.Stress, garmin.StressDetails, r.From)
	r.conclude(&r.BodyBattery, garmin.StressDetails, r.From)
	r.conclude(&r.HeartRate, garmin.Dailies, r.From)
	r.conclude(&r.Steps, garmin.Epochs, r.From)
	r.conclude(&r.SpO2, garmin.PulseOx, r.First)
	r.conclude(&r.Respiration, garmin.AllDayRespiration, r.First)

	r.explain(&r.Stress, garmin.StressDetails, unworn, health.Break(r.Stress.Cadence))
	r.explain(&r.BodyBattery, garmin.StressDetails, unworn, health.Break(r.BodyBattery.Cadence))
	r.explain(&r.HeartRate, garmin.Dailies, unworn, health.Break(r.HeartRate.Cadence))
	r.explain(&r.Steps, garmin.Epochs, unworn, r.Steps.Cadence) // each missing sum is a hole
}

// unworn is when the watch was off the wrist, as it says with the stress.
func (r *dayReader) unworn() []health.Span {
	return slices.DeleteFunc(slices.Clone(r.Stress.Off),
		func(s health.Span) bool { return s.Word != health.HoleOffWrist })
}

// series collects a series from the records of a type, of the date and of the
// evening in which its night began.
func (r *dayReader) series(t *garmin.Type, name string) Measure {
	i := slices.IndexFunc(t.Series, func(s garmin.Series) bool { return s.Name == name })
	if i < 0 {
		return Measure{}
	}
	s := &t.Series[i]
	m := Measure{Label: s.Label, Unit: s.Unit, Samples: health.Samples{Cadence: s.Cadence}}
	for _, sample := range s.Merge(partsOf(r.both(t))) {
		ms, x := sample.MS, sample.Num.Float()
		if ms < r.First*1000 || ms >= r.To*1000 {
			continue
		}
		if s.Reason != nil {
			if word, none := s.Reason(x); none {
				m.Off = extend(m.Off, ms, s.Cadence, word)
				continue
			}
		}
		if math.Abs(x) <= mostMeasured {
			m.Points = append(m.Points, health.Point{T: ms, V: x})
		}
	}
	return m
}

// extend extends the last span without values, or begins a new one.
func extend(spans []health.Span, ms int64, cadence time.Duration, word string) []health.Span {
	step := cadence.Milliseconds()
	if n := len(spans); n > 0 && spans[n-1].Word == word && ms-spans[n-1].To <= step {
		spans[n-1].To = ms + step
		return spans
	}
	return append(spans, health.Span{From: ms, To: ms + step, Word: word})
}

// sparse collects a series that several types have, from where the night began.
// It always has few samples, so it has no holes.
func (r *dayReader) sparse(name string, types ...*garmin.Type) (out Measure) {
	for _, t := range types {
		m := r.series(t, name)
		out.Label, out.Unit, out.Cadence = m.Label, m.Unit, max(out.Cadence, m.Cadence)
		out.Points = append(out.Points, m.Points...)
	}
	out.Points = slices.DeleteFunc(out.Points, func(p health.Point) bool { return p.T < r.Night*1000 })
	sortPoints(out.Points)
	return out
}

// steps are the sums of each quarter of an hour.
func (r *dayReader) steps() Measure {
	m := Measure{Label: "Steps", Samples: health.Samples{Cadence: 15 * time.Minute}}
	sums := map[int64]float64{}
	for _, epoch := range r.both(garmin.Epochs) {
		if x, ok := epoch.v.Get("steps").Float(); ok && epoch.Start >= r.First && epoch.Start < r.To {
			sums[epoch.Start] += x
		}
	}
	for at, x := range sums {
		m.Points = append(m.Points, health.Point{T: at * 1000, V: x})
	}
	sortPoints(m.Points)
	return m
}

func sortPoints(points []health.Point) {
	slices.SortStableFunc(points, func(a, b health.Point) int { return cmp.Compare(a.T, b.T) })
}

// worn finds from the heart rate when the watch was worn, and up to when the date
// has data.
func (r *dayReader) worn() {
	var total int64
	for _, run := range r.HeartRate.Runs() {
		from, to := run[0].T, run[len(run)-1].T+r.HeartRate.Cadence.Milliseconds()
		r.Worn.Spans = append(r.Worn.Spans, health.Span{From: from, To: to})
		total += max(to-max(from, r.From*1000), 0)
	}
	if r.Worn.Time = milliseconds(total); total == 0 {
		r.Worn.State = r.States[garmin.Dailies.Key].Within()
	}
	if r.q.Now.Unix() < r.To {
		r.Until = max(reach(r.HeartRate), reach(r.Stress), reach(r.BodyBattery))
	}
}

// reach is up to when a measure tells anything, be it that the watch is off the wrist, in
// unix milliseconds.
func reach(m Measure) (until int64) {
	if n := len(m.Points); n > 0 {
		until = m.Points[n-1].T
	}
	for _, s := range m.Off {
		until = max(until, s.To)
	}
	return until
}

func (r *dayReader) resting() {
	for _, daily := range r.own[garmin.Dailies.Key] {
		if x, ok := daily.v.Get("restingHeartRateInBeatsPerMinute").Float(); ok && x > 0 {
			r.RestingHeartRate = x
		}
	}
}

// conclude sums up a measure's samples from an instant on, or sets why it has
// none. t is the type that usually has it.
func (r *dayReader) conclude(m *Measure, t *garmin.Type, from int64) {
	switch {
	case len(m.Points) > 0:
		m.Evening = r.evening[t.Key]
	case len(m.Off) > 0:
		m.State = health.DayState{Absence: health.OffBody}
	default:
		m.State = r.without(t)
	}
	m.Figures = figuresOf(m.Points, from*1000)
}

// without is why a date has no sample of a type. Of the running date a record may have come
// that ends before it begins, such as that of a night: then its samples are still to come.
func (r *dayReader) without(t *garmin.Type) health.DayState {
	state := r.States[t.Key].Within()
	began := slices.ContainsFunc(r.own[t.Key], func(u unpacked) bool { return u.End > r.From })
	if state.Why == health.Unmeasured && !began && r.q.Now.Unix() < r.To {
		return health.DayState{Absence: health.Awaited}
	}
	return state
}

// figuresOf sums up the samples from an instant on.
func figuresOf(points []health.Point, from int64) (f Figures) {
	for _, p := range points {
		if p.T < from {
			continue
		}
		if f.N == 0 {
			f.Low, f.High = p.V, p.V
		}
		f.N++
		f.Low, f.High, f.Sum, f.Last = min(f.Low, p.V), max(f.High, p.V), f.Sum+p.V, p.V
	}
	if f.N > 0 {
		f.Mean = f.Sum / float64(f.N)
	}
	return f
}

// explain adds the spans for which it is known why a measure has no samples
// for longer than usual.
func (r *dayReader) explain(m *Measure, t *garmin.Type, unworn []health.Span, longer time.Duration) {
	if len(m.Points) == 0 && len(m.Off) == 0 {
		if a := m.State.Absence; len(unworn) == 0 || a != health.Missing && a != health.OffBody {
			return // its state explains all of it
		}
	}
	holes := m.Holes(r.First*1000, r.To*1000, longer)
	m.Off = append(m.Off, health.ExplainHoles(holes, unworn, r.covered(t))...)
	slices.SortFunc(m.Off, func(a, b health.Span) int { return cmp.Compare(a.From, b.From) })
}

// covered is the time that the records of a type cover. Epochs are small: the end
// of the day's summary shows up to when the watch has sent them.
func (r *dayReader) covered(t *garmin.Type) []health.Span {
	reach := t
	if t == garmin.Epochs {
		reach = garmin.Dailies
	}
	list := r.own[reach.Key]
	if r.evening[t.Key].Absence.Came() {
		list = r.both(reach)
	}
	var out []health.Span
	for _, u := range list {
		out = append(out, health.Span{From: u.Start * 1000, To: u.End * 1000})
	}
	return out
}
