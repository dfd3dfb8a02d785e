package server

import (
	"fmt"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// part is a record with its element.
type part struct {
	rec *health.Record
	v   element.Value
}

// dayTypes are what a day's page reads whole. Samples of activities are left
// out: they have pages of their own.
var dayTypes = []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.StressDetails, garmin.HRV, garmin.Epochs, garmin.PulseOx,
	garmin.AllDayRespiration, garmin.UserMetrics, garmin.BodyComps, garmin.BloodPressures, garmin.SkinTemp, garmin.HealthSnapshot,
	garmin.Activities, garmin.MoveIQActivities}

func (d *dayPage) load() error {
	d.parts = map[string][]part{}
	for _, t := range dayTypes {
		recs, err := d.s.store.Records(d.r.Context(), d.person.ID, t.Key, d.day, d.day, db.Place{}, 2000)
		if err != nil {
			return err
		}
		for _, rec := range recs {
			v, err := element.Unpack(rec.Body)
			if err != nil {
				return fmt.Errorf("%s of %s: %w", t.Key, d.day, err)
			}
			d.parts[t.Key] = append(d.parts[t.Key], part{rec, v})
		}
	}
	alone, err := d.s.detailsAlone(d.r.Context(), d.person.ID, d.day)
	if len(alone) > 0 {
		d.parts[garmin.Activities.Key] = append(d.parts[garmin.Activities.Key], alone...)
	}
	return err
}

// lanes stacks what the day's clock is good for.
func (d *dayPage) lanes() error {
	rb := &d.v.Ribbon
	rb.Title = ui.Date(d.day) + " of " + d.person.Name
	rb.From, rb.To = d.from*1000, d.to*1000
	if d.offset != nil {
		rb.Offset = *d.offset
	}
	// Nights and samples reach over midnight; the evening before belongs to
	// the day before, whose page shows it.
	heart := d.series(garmin.Dailies, "heart_rate")
	worn := d.worn(heart)
	if last := lastPoint(heart); d.now.UnixMilli() < rb.To && last > 0 {
		rb.Until = last
	}
	rb.Lanes = []chart.Lane{
		d.sleepLane(), d.stressLane(), d.batteryLane(), d.heartLane(heart), d.stepsLane(), d.activityLane(),
		d.dots("spo2", "Blood oxygen", 80, 100, garmin.Sleeps, garmin.PulseOx),
		d.dots("respiration", "Respiration", 0, 0, garmin.Sleeps, garmin.AllDayRespiration),
		worn,
	}
	return nil
}

// series gathers a series over the day's records of a type, within the day.
func (d *dayPage) series(t *garmin.Type, name string) chart.Series {
	s, ok := seriesOf(t, name)
	if !ok {
		return chart.Series{}
	}
	out := chart.Series{Name: s.Label, Unit: d.v.Units.Header(s.Unit), Cadence: s.Cadence}
	for _, part := range d.parts[t.Key] {
		s.Each(part.v, part.rec.Start, func(ms int64, n element.Num) bool {
			x := n.Float()
			if ms < d.from*1000 || ms >= d.to*1000 {
				return true
			}
			if s.Reason != nil {
				if word, none := s.Reason(x); none {
					out.OffBody = extend(out.OffBody, ms, s.Cadence, word)
					return true
				}
			}
			out.Points = append(out.Points, chart.Point{T: ms, V: x})
			return true
		})
	}
	return d.thinned(out)
}

// A day of samples every fifteen seconds is drawn as it is; what has more is
// thinned to two for each minute.
const (
	mostPoints   = 6000
	pointColumns = 1440
	mostOff      = 480
)

func (d *dayPage) thinned(s chart.Series) chart.Series {
	from, to := d.from*1000, d.to*1000
	if len(s.Points) > mostPoints {
		sortPoints(s.Points)
		s.Points = chart.Reduce(s.Points, from, to, pointColumns)
	}
	s.OffBody = chart.CondenseSpans(s.OffBody, from, to, mostOff)
	return s
}

func seriesOf(t *garmin.Type, name string) (*garmin.Series, bool) {
	for i := range t.Series {
		if t.Series[i].Name == name {
			return &t.Series[i], true
		}
	}
	return nil, false
}

// extend lengthens the last stretch without values, or begins a new one.
func extend(spans []chart.Span, ms int64, cadence time.Duration, word string) []chart.Span {
	step := cadence.Milliseconds()
	if n := len(spans); n > 0 && spans[n-1].Word == word && ms-spans[n-1].To <= step {
		spans[n-1].To = ms + step
		return spans
	}
	return append(spans, chart.Span{From: ms, To: ms + step, Word: word})
}

func lastPoint(s chart.Series) int64 {
	if len(s.Points) == 0 {
		return 0
	}
	return s.Points[len(s.Points)-1].T
}

func (d *dayPage) sleepLane() chart.Lane {
	lane := chart.Lane{Key: "sleep", Kind: chart.Stages, Title: "Sleep", Sentence: "No sleep has arrived for this day.", Absent: chart.Missing}
	for _, part := range d.parts[garmin.Sleeps.Key] {
		blocks := stages(part.rec, part.v)
		if len(blocks) == 0 {
			continue
		}
		lane.Blocks = append(lane.Blocks, blocks...)
		lane.Absent = chart.Present
		asleep, _ := part.v.Get("durationInSeconds").Int()
		zone := at(part.rec.Offset)
		lane.Sentence = fmt.Sprintf("Asleep %s, from %s to %s.", ui.Duration(time.Duration(asleep)*time.Second),
			ui.Clock(time.Unix(part.rec.Start, 0).In(zone)), ui.Clock(time.Unix(part.rec.End, 0).In(zone)))
		if part.rec.Order.Class == health.Tentative {
			lane.Absent, lane.Sentence = chart.Tentative, lane.Sentence+" It may still change."
		}
	}
	sortBlocks(lane.Blocks)
	lane.Blocks = chart.Condense(lane.Blocks, d.from*1000, d.to*1000, mostStages)
	return lane
}

func (d *dayPage) stressLane() chart.Lane {
	return d.measured(chart.Lane{Key: "stress", Kind: chart.Levels, Title: "Stress", Max: 100, Series: d.series(garmin.StressDetails, "stress")}, "%.0f on average")
}

func (d *dayPage) batteryLane() chart.Lane {
	lane := chart.Lane{Key: "battery", Kind: chart.Area, Title: "Body Battery", Max: 100, Series: d.series(garmin.StressDetails, "body_battery")}
	lane = d.measured(lane, "")
	if n := len(lane.Series.Points); n > 0 {
		low, high := extremes(lane.Series)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f, last %.0f.", low, high, lane.Series.Points[n-1].V)
	}
	return lane
}

func (d *dayPage) heartLane(s chart.Series) chart.Lane {
	lane := d.measured(chart.Lane{Key: "heart", Kind: chart.Line, Title: "Heart rate", Series: s}, "")
	if len(s.Points) > 0 {
		low, high := extremes(s)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f bpm.", low, high)
	}
	for _, part := range d.parts[garmin.Dailies.Key] {
		if x, ok := part.v.Get("restingHeartRateInBeatsPerMinute").Float(); ok && x > 0 {
			lane.Mark, lane.MarkLabel = x, fmt.Sprintf("resting %.0f", x)
		}
	}
	return lane
}

func extremes(s chart.Series) (low, high float64) {
	low, high = s.Points[0].V, s.Points[0].V
	for _, p := range s.Points {
		low, high = min(low, p.V), max(high, p.V)
	}
	return low, high
}

// measured says what a lane found, or why it is empty.
func (d *dayPage) measured(lane chart.Lane, average string) chart.Lane {
	if len(lane.Series.Points) == 0 {
		lane.Absent, lane.Sentence = chart.Missing, lane.Title+" has not arrived for this day."
		if len(lane.Series.OffBody) > 0 {
			lane.Absent, lane.Sentence = chart.OffBody, lane.Title+" could not be measured: "+lane.Series.OffBody[0].Word+"."
		}
		return lane
	}
	if average != "" {
		sum := 0.0
		for _, p := range lane.Series.Points {
			sum += p.V
		}
		lane.Sentence = fmt.Sprintf(average, sum/float64(len(lane.Series.Points))) + "."
	}
	return lane
}

func (d *dayPage) stepsLane() chart.Lane {
	lane := chart.Lane{Key: "steps", Kind: chart.Bars, Title: "Steps", Series: chart.Series{Name: "Steps", Cadence: 15 * time.Minute}}
	sums, total := map[int64]float64{}, 0.0
	for _, part := range d.parts[garmin.Epochs.Key] {
		x, ok := part.v.Get("steps").Float()
		if ok && part.rec.Start >= d.from && part.rec.Start < d.to {
			sums[part.rec.Start] += x
			total += x
		}
	}
	for at := range sums {
		lane.Series.Points = append(lane.Series.Points, chart.Point{T: at * 1000, V: sums[at]})
	}
	sortPoints(lane.Series.Points)
	lane = d.measured(lane, "")
	if len(sums) > 0 {
		lane.Sentence = ui.Count(int(total)) + " steps in quarters of an hour."
	}
	return lane
}

func (d *dayPage) activityLane() chart.Lane {
	lane := chart.Lane{Key: "activities", Kind: chart.Spans, Title: "Activities", Sentence: "No activity on this day.", Absent: chart.NotExpected}
	for _, part := range d.parts[garmin.Activities.Key] {
		lane.Blocks = append(lane.Blocks, chart.Block{From: part.rec.Start * 1000, To: part.rec.End * 1000, Class: "activity", Label: activityName(part.v)})
	}
	if n := len(lane.Blocks); n > 0 {
		lane.Absent, lane.Sentence = chart.Present, ui.Plural(n, "activity", "activities")+"."
	}
	sortBlocks(lane.Blocks)
	return lane
}

// dots gathers a sparse series from several types.
func (d *dayPage) dots(name, title string, low, high float64, types ...*garmin.Type) chart.Lane {
	lane := chart.Lane{Key: name, Kind: chart.Dots, Title: title, Min: low, Max: high}
	for _, t := range types {
		s := d.series(t, name)
		lane.Series.Name, lane.Series.Unit, lane.Series.Cadence = s.Name, s.Unit, max(lane.Series.Cadence, s.Cadence)
		lane.Series.Points = append(lane.Series.Points, s.Points...)
	}
	sortPoints(lane.Series.Points)
	lane = d.measured(lane, "")
	if len(lane.Series.Points) > 0 {
		low, high := extremes(lane.Series)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f %s.", low, high, lane.Series.Unit)
	}
	return lane
}

// worn is where there is a heart rate: the explanation of the other lanes'
// holes.
func (d *dayPage) worn(heart chart.Series) chart.Lane {
	lane := chart.Lane{Key: "worn", Kind: chart.Spans, Title: "Worn", Absent: chart.Missing, Sentence: "No sign that the watch was worn."}
	var total int64
	for _, run := range heart.Runs() {
		from, to := run[0].T, run[len(run)-1].T+heart.Cadence.Milliseconds()
		lane.Blocks = append(lane.Blocks, chart.Block{From: from, To: to, Class: "worn", Label: "worn"})
		total += to - from
	}
	if total > 0 {
		d.v.Coverage = ui.Duration(time.Duration(total)*time.Millisecond) + " worn"
		lane.Absent, lane.Sentence = chart.Present, "Worn for "+ui.Duration(time.Duration(total)*time.Millisecond)+", as far as heart rate tells."
	}
	return lane
}
