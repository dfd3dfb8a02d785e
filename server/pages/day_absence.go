package pages

import (
	"cmp"
	"errors"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/ui/chart"
)

// laneTypes say of which type a lane's absence is asked.
var laneTypes = map[string]*garmin.Type{"sleep": garmin.Sleeps, "stress": garmin.StressDetails,
	"battery": garmin.StressDetails,
	"heart":   garmin.Dailies, "worn": garmin.Dailies, "steps": garmin.Epochs, "spo2": garmin.PulseOx,
	"respiration": garmin.AllDayRespiration}

// know asks for the day's types what is known of them. Of a person who was
// added since the watch looked, nothing was expected yet.
func (d *dayPage) know() error {
	d.known, d.evening = map[string]health.DayState{}, map[string]health.DayState{}
	c, err := d.s.coverageOf(d.r.Context(), d.person.ID, d.now)
	if errors.Is(err, db.ErrNotFound) {
		for _, t := range dayTypes {
			d.known[t.Key] = health.DayState{Absence: health.NotExpected, Why: health.NothingYet}
			d.evening[t.Key] = d.known[t.Key]
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, t := range dayTypes {
		if d.known[t.Key], err = c.Of(d.r.Context(), t.Key, d.day); err != nil {
			return err
		}
		if !d.beganInTheEvening() {
			continue
		}
		if d.evening[t.Key], err = c.Of(d.r.Context(), t.Key, d.day-1); err != nil {
			return err
		}
	}
	return nil
}

// absent says why a lane is empty.
func (d *dayPage) absent(lane chart.Lane) chart.Lane {
	if off := lane.Series.OffBody; len(off) > 0 {
		lane.Absent, lane.Sentence = health.OffBody, lane.Title+" could not be measured: "+off[0].Word+"."
		return lane
	}
	state := d.known[laneTypes[lane.Key].Key].Within()
	lane.Absent, lane.Why = state.Absence, state.Why
	switch state.Absence {
	case health.Missing:
		lane.Sentence = lane.Title + " has not arrived for this day."
	case health.Awaited:
		lane.Sentence = lane.Title + " has not arrived yet."
	default:
		lane.Sentence = lane.Title + " is not here: " + state.Word() + "."
	}
	return lane
}

// explained are the stretches of which it is known why a lane has no samples.
// Samples that are sparse by nature have no holes.
func (d *dayPage) explained(lane chart.Lane) []chart.Span {
	if lane.Kind == chart.Dots {
		return lane.Series.OffBody
	}
	longer := chart.Break(lane.Series.Cadence)
	if lane.Kind == chart.Bars {
		longer = lane.Series.Cadence // each bar that is not there is a hole
	}
	holes := lane.Series.Holes(d.first*1000, d.to*1000, longer)
	out := append(lane.Series.OffBody, health.ExplainHoles(holes, d.unworn(), d.covered(lane.Key))...)
	slices.SortFunc(out, func(a, b chart.Span) int { return cmp.Compare(a.From, b.From) })
	return out
}

// unworn are the stretches in which the watch says that it was off the wrist.
func (d *dayPage) unworn() []chart.Span {
	return slices.DeleteFunc(d.series(garmin.StressDetails, "stress").OffBody,
		func(s chart.Span) bool { return s.Word != health.Unworn.Word() })
}

// covered is what the records of a lane's type reach over. Epochs are small:
// how far the day's summary reaches says up to when the watch has sent them.
func (d *dayPage) covered(lane string) []chart.Span {
	t := laneTypes[lane]
	if t == garmin.Epochs {
		t = garmin.Dailies
	}
	parts := d.parts[t.Key]
	if d.evening[laneTypes[lane].Key].Absence.Came() {
		parts = slices.Concat(d.before[t.Key], parts)
	}
	var out []chart.Span
	for _, part := range parts {
		out = append(out, chart.Span{From: part.rec.Start * 1000, To: part.rec.End * 1000})
	}
	return out
}
