package pages

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
var dayTypes = []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.StressDetails, garmin.HRV, garmin.Epochs,
	garmin.PulseOx,
	garmin.AllDayRespiration, garmin.UserMetrics, garmin.BodyComps, garmin.BloodPressures, garmin.SkinTemp,
	garmin.HealthSnapshot,
	garmin.Activities, garmin.MoveIQActivities}

func (d *dayPage) load() (err error) {
	d.parts, err = d.s.partsOf(d.r.Context(), d.person.ID, dayTypes, d.day)
	if err != nil {
		return err
	}
	alone, err := d.s.detailsAlone(d.r.Context(), d.person.ID, d.day)
	if len(alone) > 0 {
		d.parts[garmin.Activities.Key] = health.RealOnly(append(d.parts[garmin.Activities.Key], alone...),
			func(p part) bool { return p.rec.Simulated() })
	}
	return err
}

// lanes stacks what the day's clock is good for.
func (d *dayPage) lanes() error {
	rb := &d.v.Ribbon
	rb.Title = ui.Date(d.day) + " of " + d.person.Name
	rb.From, rb.To, rb.Midnight = d.first*1000, d.to*1000, d.from*1000
	rb.Offset, rb.Seams = d.clock.Offset(d.first), d.seams()
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

// series gathers a series over the records of a type, of the day and of the
// evening in which its night began.
func (d *dayPage) series(t *garmin.Type, name string) chart.Series {
	s, ok := seriesOf(t, name)
	if !ok {
		return chart.Series{}
	}
	out := chart.Series{Name: s.Label, Unit: d.v.Units.Header(s.Unit), Cadence: s.Cadence}
	for _, sample := range s.Merge(samplesOf(d.before[t.Key], d.parts[t.Key])) {
		ms, x := sample.MS, sample.Num.Float()
		if ms < d.first*1000 || ms >= d.to*1000 {
			continue
		}
		if s.Reason != nil {
			if word, none := s.Reason(x); none {
				out.OffBody = extend(out.OffBody, ms, s.Cadence, word)
				continue
			}
		}
		out.Points = append(out.Points, chart.Point{T: ms, V: x})
	}
	return d.thinned(out)
}

func samplesOf(before, parts []part) []garmin.Part {
	out := make([]garmin.Part, 0, len(before)+len(parts))
	for _, p := range slices.Concat(before, parts) {
		out = append(out, garmin.Part{Key: p.rec.Key, Start: p.rec.Start, End: p.rec.End, Day: p.rec.Day,
			Order: p.rec.Order, Value: p.v, Simulated: p.rec.Simulated()})
	}
	return out
}

// A day of samples every fifteen seconds is drawn as it is; what has more is
// thinned to two for each minute.
const (
	mostPoints   = 6000
	pointColumns = 1440
	mostOff      = 480
)

func (d *dayPage) thinned(s chart.Series) chart.Series {
	from, to := d.first*1000, d.to*1000
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
	lane := d.absent(chart.Lane{Key: "sleep", Kind: chart.Stages, Title: "Sleep"})
	night, also, main := "", "", d.mainSleep()
	for i, part := range d.parts[garmin.Sleeps.Key] {
		blocks := stages(part.rec, part.v)
		if len(blocks) == 0 || part.rec.Order.Class == health.OffWrist {
			continue
		}
		lane.Blocks = append(lane.Blocks, blocks...)
		lane.Absent = chart.Present
		span := d.slept(part)
		if i == main {
			night = "Asleep " + span
		} else {
			also += " Also slept " + span
		}
		lane.Provisional = lane.Provisional || part.rec.Order.Class == health.Tentative
	}
	if lane.Absent == chart.Present {
		lane.Sentence = strings.TrimSpace(night + also)
	}
	if lane.Provisional {
		lane.Sentence += " Provisional, may still change."
	}
	sortBlocks(lane.Blocks)
	lane.Blocks = chart.Condense(lane.Blocks, d.first*1000, d.to*1000, mostStages)
	return lane
}

// mainSleep is the place of the day's main sleep among its sleeps.
func (d *dayPage) mainSleep() int { return mainSleep(d.parts[garmin.Sleeps.Key]) }

func mainSleep(sleeps []part) int {
	list := make([]garmin.Part, len(sleeps))
	for i, p := range sleeps {
		list[i] = garmin.Part{Start: p.rec.Start, End: p.rec.End, Value: p.v}
	}
	return garmin.MainSleep(list)
}

// slept says how long and from when to when someone slept.
func (d *dayPage) slept(p part) string {
	return fmt.Sprintf("%s, from %s to %s.", ui.Duration(timeAsleep(p)), ui.Clock(d.on(p.rec.Start)),
		ui.Clock(d.on(p.rec.End)))
}

func timeAsleep(sleep part) time.Duration {
	seconds, _ := sleep.v.Get("durationInSeconds").Int()
	return time.Duration(seconds) * time.Second
}

func (d *dayPage) stressLane() chart.Lane {
	return d.measured(chart.Lane{Key: "stress", Kind: chart.Levels, Title: "Stress", Max: 100,
		Series: d.series(garmin.StressDetails, "stress")}, "%.0f on average")
}

func (d *dayPage) batteryLane() chart.Lane {
	lane := chart.Lane{Key: "battery", Kind: chart.Area, Title: "Body Battery", Max: 100,
		Series: d.series(garmin.StressDetails, "body_battery")}
	lane = d.measured(lane, "")
	if own := d.own(lane.Series); len(own) > 0 {
		low, high := extremes(own)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f, last %.0f.", low, high, own[len(own)-1].V)
	}
	return lane
}

func (d *dayPage) heartLane(s chart.Series) chart.Lane {
	lane := d.measured(chart.Lane{Key: "heart", Kind: chart.Line, Title: "Heart rate", Series: s}, "")
	if own := d.own(s); len(own) > 0 {
		low, high := extremes(own)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f bpm.", low, high)
	}
	for _, part := range d.parts[garmin.Dailies.Key] {
		if x, ok := part.v.Get("restingHeartRateInBeatsPerMinute").Float(); ok && x > 0 {
			lane.Mark, lane.MarkLabel = x, fmt.Sprintf("resting %.0f", x)
		}
	}
	return lane
}

// own are the samples of the day itself: sentences say nothing of the evening
// before, or they would differ from the day's numbers.
func (d *dayPage) own(s chart.Series) []chart.Point {
	i := slices.IndexFunc(s.Points, func(p chart.Point) bool { return p.T >= d.from*1000 })
	if i < 0 {
		return nil
	}
	return s.Points[i:]
}

func extremes(points []chart.Point) (low, high float64) {
	low, high = points[0].V, points[0].V
	for _, p := range points {
		low, high = min(low, p.V), max(high, p.V)
	}
	return low, high
}

// measured says what a lane found, or why it is empty.
func (d *dayPage) measured(lane chart.Lane, average string) chart.Lane {
	if len(lane.Series.Points) == 0 {
		return d.absent(lane)
	}
	lane.Series.OffBody, lane.Evening = d.explained(lane), d.evening[laneTypes[lane.Key].Key]
	if own := d.own(lane.Series); average != "" && len(own) > 0 {
		sum := 0.0
		for _, p := range own {
			sum += p.V
		}
		lane.Sentence = fmt.Sprintf(average, sum/float64(len(own))) + "."
	}
	return lane
}

func (d *dayPage) stepsLane() chart.Lane {
	lane := chart.Lane{Key: "steps", Kind: chart.Bars, Title: "Steps",
		Series: chart.Series{Name: "Steps", Cadence: 15 * time.Minute}}
	sums, total := map[int64]float64{}, 0.0
	for _, part := range slices.Concat(d.before[garmin.Epochs.Key], d.parts[garmin.Epochs.Key]) {
		x, ok := part.v.Get("steps").Float()
		if !ok || part.rec.Start < d.first || part.rec.Start >= d.to {
			continue
		}
		sums[part.rec.Start] += x
		if part.rec.Start >= d.from {
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
	lane := chart.Lane{Key: "activities", Kind: chart.Spans, Title: "Activities", Sentence: "No activity on this day.",
		Absent: chart.NotExpected}
	for _, parts := range [][]part{d.before[garmin.Activities.Key], d.parts[garmin.Activities.Key]} {
		for _, part := range d.wholes(parts) {
			if part.rec.End > d.first {
				lane.Absent = chart.Present
				lane.Blocks = append(lane.Blocks, chart.Block{From: part.rec.Start * 1000, To: part.rec.End * 1000,
					Class: "activity", Label: activityName(part.v)})
			}
		}
	}
	if listed := len(d.wholes(d.parts[garmin.Activities.Key])); listed > 0 {
		n := garmin.CountActivities(d.day, samplesOf(d.before[garmin.Activities.Key], d.parts[garmin.Activities.Key]))
		lane.Sentence = ui.Plural(n, "activity", "activities") + "."
		if n < listed {
			lane.Sentence = ui.Plural(n, "activity", "activities") + fmt.Sprintf(", in %d recordings.", listed)
		}
	}
	sortBlocks(lane.Blocks)
	return lane
}

// wholes leaves out the parts of multisport activities; see garmin.Wholes.
func (d *dayPage) wholes(parts []part) []part {
	wholes := garmin.Wholes(samplesOf(d.before[garmin.Activities.Key], d.parts[garmin.Activities.Key]))
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return wholes[garmin.PartOf(p.v)] })
}

// dots gathers a sparse series from several types.
func (d *dayPage) dots(name, title string, low, high float64, types ...*garmin.Type) chart.Lane {
	lane := chart.Lane{Key: name, Kind: chart.Dots, Title: title, Min: low, Max: high}
	for _, t := range types {
		s := d.series(t, name)
		lane.Series.Name, lane.Series.Unit, lane.Series.Cadence = s.Name, s.Unit, max(lane.Series.Cadence, s.Cadence)
		lane.Series.Points = append(lane.Series.Points, s.Points...)
	}
	lane.Series.Points = slices.DeleteFunc(lane.Series.Points, func(p chart.Point) bool { return p.T < d.night*1000 })
	sortPoints(lane.Series.Points)
	lane = d.measured(lane, "")
	if len(lane.Series.Points) > 0 { // the night's evening among them
		low, high := extremes(lane.Series.Points)
		lane.Sentence = fmt.Sprintf("Between %.0f and %.0f %s.", low, high, lane.Series.Unit)
	}
	return lane
}

// worn is where there is a heart rate: the explanation of the other lanes'
// holes.
func (d *dayPage) worn(heart chart.Series) chart.Lane {
	lane := d.absent(chart.Lane{Key: "worn", Kind: chart.Spans, Title: "Worn"})
	lane.Sentence = "No sign that the watch was worn."
	var total int64
	for _, run := range heart.Runs() {
		from, to := run[0].T, run[len(run)-1].T+heart.Cadence.Milliseconds()
		lane.Blocks = append(lane.Blocks, chart.Block{From: from, To: to, Class: "worn", Label: "worn"})
		total += max(to-max(from, d.from*1000), 0)
	}
	if total > 0 {
		d.v.Coverage = ui.Duration(time.Duration(total)*time.Millisecond) + " worn"
		lane.Absent, lane.Sentence = chart.Present,
			"Worn for "+ui.Duration(time.Duration(total)*time.Millisecond)+", as far as heart rate tells."
	}
	return lane
}
