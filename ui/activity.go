package ui

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// NewActivityView writes an activity of the page's person. axis is distance, moving or
// clock, or empty for the first that there is; colour is
// speed, heart_rate or elevation, or empty for a track of one colour.
func NewActivityView(p Page, units Units, axis, colour string, d *query.ActivityDetail) ActivityView {
	slug, s := p.Person.Slug, sportOf(d.Sport)
	v := ActivityView{Person: *p.Person, Units: units, Name: d.Name, sport: s, Start: onClock(d.Start, d.Offset),
		Day: d.Day, Home: d.Home, Origins: d.Origins}
	w := activityWriter{v: &v, p: p, d: d, s: s}
	w.sentence()
	w.numbers()
	if len(d.T) > 0 {
		v.Samples, v.CSV = activityURL(slug, d.ID)+"/samples.json", activityURL(slug, d.ID)+".csv"
		w.track(colour)
		w.streams(axis)
		w.laps()
		w.zones()
	}
	w.around()
	return v
}

// activityWriter writes an activity into its view.
type activityWriter struct {
	v *ActivityView
	p Page
	d *query.ActivityDetail
	s sport
}

func (w *activityWriter) sentence() {
	u := w.v.Units
	w.v.Sentence = w.s.Word
	if w.d.Meters > 0 {
		w.v.Sentence += ", " + u.Format(w.s.distance(w.d.Meters))
	}
	w.v.Sentence += " in " + Duration(w.d.Duration)
	if speed := w.s.speed(w.d.MetersPerSecond); speed.OK {
		w.v.Sentence += " at " + u.Format(speed)
	}
	w.v.Sentence += "."
}

func (w *activityWriter) numbers() {
	d, u := w.d, w.v.Units
	add := func(label string, v Value) {
		if v.OK {
			w.v.Numbers = append(w.v.Numbers, NamedValue{label, u.Format(v)})
		}
	}
	add("Distance", w.s.distance(d.Meters))
	add("Time", positive(d.Duration.Seconds(), health.Second))
	if moving := d.Last("moving_duration"); !math.IsNaN(moving) {
		add("Moving time", positive(moving, health.Second))
	}
	add("Average "+strings.ToLower(w.s.speedLabel()), w.s.speed(d.MetersPerSecond))
	add("Best "+strings.ToLower(w.s.speedLabel()), w.s.speed(d.TopSpeed))
	add("Average heart rate", positive(d.BPM, health.BPM))
	add("Highest heart rate", positive(d.TopBPM, health.BPM))
	add("Ascent", climb(d.Ascent))
	add("Descent", climb(d.Descent))
	add("Energy", positive(d.Kilocalories, health.Kilocalorie))
	add("Steps", positive(d.Steps, health.None))
}

// track draws the way, broken where there was no signal.
func (w *activityWriter) track(colour string) {
	if !w.d.Placed() {
		return
	}
	level := w.coloured(colour)
	long := w.v.Units.long()
	t := &chart.Track{ID: "track", Title: "Track of " + w.d.Name, GridUnit: 1 / long.factor,
		Format: func(x float64) string { return inUnit(long, x) }}
	lat, lon := w.d.Stream("latitude"), w.d.Stream("longitude")
	var run []chart.Place
	var levels []int
	end := func() {
		t.Runs, run = append(t.Runs, run), nil
		if level != nil {
			t.Levels, levels = append(t.Levels, levels), nil
		}
	}
	last, lap := math.Inf(-1), 0
	for i, at := range w.d.T {
		if math.IsNaN(lat[i]) || math.IsNaN(lon[i]) {
			continue
		}
		if run != nil && w.lost(last, at) {
			end()
		}
		place := chart.Place{Lat: lat[i], Lon: lon[i]}
		for lap+1 < len(w.d.Laps) && at >= w.d.Laps[lap].To {
			lap++
			t.Laps = append(t.Laps, chart.TrackMark{Place: place, Text: fmt.Sprintf("lap %d ends", lap)})
		}
		if run, last = append(run, place), at; level != nil {
			levels = append(levels, level(i))
		}
	}
	if end(); len(t.Runs[len(t.Runs)-1]) > 0 {
		t.Sentence = fmt.Sprintf("Start is a ring, end a square. %s without signal.",
			Plural(len(t.Runs)-1, "stretch", "stretches"))
		w.v.Track = t
	}
}

// lost reports whether there was no signal between two instants.
func (w *activityWriter) lost(from, to float64) bool {
	for _, s := range w.d.Unplaced {
		if s.From == from && s.To == to {
			return true
		}
	}
	return false
}

func (w *activityWriter) laps() {
	u, figures := w.v.Units, w.d.LapFigures()
	distance := u.distances(w.s, figures)
	for i, l := range figures {
		row := LapRow{Index: i + 1, Time: lasting(l.Seconds), Distance: distance(l.Meters),
			Speed: missing, Pulse: u.Format(number0(l.MeanBPM, health.BPM))}
		if l.Meters > 0 && l.Seconds > 0 {
			row.Speed = u.Format(w.s.speed(l.Meters / l.Seconds))
		}
		w.v.Laps = append(w.v.Laps, row)
	}
}

// distances writes those of laps of a kind, all in the unit of the longest.
func (u Units) distances(s sport, laps []query.LapFigures) func(meters float64) string {
	long := u.long()
	if s.pool || !slices.ContainsFunc(laps, func(l query.LapFigures) bool { return l.Meters >= far }) {
		return func(x float64) string {
			return u.Format(Value{V: x, OK: !math.IsNaN(x), Unit: health.Meter, Pool: s.pool})
		}
	}
	return func(x float64) string {
		if math.IsNaN(x) {
			return missing
		}
		return named(long, grouped(x*long.factor, 2))
	}
}

// number0 is a number without decimals, or nothing for NaN.
func number0(x float64, unit health.Unit) Value { return Value{V: x, OK: !math.IsNaN(x), Unit: unit} }

// lasting writes seconds as 1:02:03 or 2:03.
func lasting(seconds float64) string {
	n := int(math.Round(seconds))
	if n < 3600 {
		return strconv.Itoa(n/60) + ":" + pad(n%60)
	}
	return strconv.Itoa(n/3600) + ":" + pad(n%3600/60) + ":" + pad(n%60)
}

func (w *activityWriter) zones() {
	if w.d.Stream("heart_rate") == nil {
		return
	}
	z := w.d.Zones
	if z == nil {
		w.v.ZonesNote = "The heart rate zones are not known: Garmin sends them only with a key for the Personal API."
		return
	}
	w.v.ZonesNote = "Zones as Garmin had them on " + Date(z.Since) + "."
	most := 1.0
	for _, x := range z.Seconds {
		most = max(most, x)
	}
	for i := len(z.Seconds) - 1; i >= 0; i-- {
		name := fmt.Sprintf("below zone 1, under %.0f bpm", z.Floors[0])
		if i > 0 {
			name = fmt.Sprintf("zone %d, from %.0f bpm", i, z.Floors[i-1])
		}
		w.v.Zones = append(w.v.Zones, ZoneRow{name, time.Duration(z.Seconds[i]) * time.Second, z.Seconds[i] / most})
	}
}

// around is what belongs to the activity: parts, files, versions and devices.
func (w *activityWriter) around() {
	slug, d := w.v.Person.Slug, w.d
	name := func(a *query.Activity) Link {
		return Link{Text: a.Name + ", " + Duration(a.Duration), URL: activityURL(slug, a.ID)}
	}
	for i := range d.Parts {
		w.v.Parts = append(w.v.Parts, name(&d.Parts[i]))
	}
	if d.Whole != nil {
		whole := name(d.Whole)
		w.v.Whole = &whole
	}
	for _, f := range d.Files {
		link := FileLink{Kind: f.Kind, URL: fmt.Sprintf("%s/files/%d", personURL(slug), f.ID)}
		if f.Fault != "" {
			link.Note = "could not be read whole: " + f.Fault
		}
		w.v.Files = append(w.v.Files, link)
	}
	if d.Placed() {
		w.v.Exports = append(w.v.Exports, Link{Text: "GPX: the track", URL: activityURL(slug, d.ID) + ".gpx"})
	}
	w.v.Exports = append(w.v.Exports, Link{Text: "TCX: all samples and laps", URL: activityURL(slug, d.ID) + ".tcx"})
	for _, x := range d.Versions {
		w.v.Versions = append(w.v.Versions, VersionLine{x.Title, time.UnixMilli(x.Received).In(w.v.Start.Location()),
			x.Order.Arrival.Delivery, x.Current})
	}
	if d.Device != "" {
		w.v.Devices = []string{d.Device}
	}
}
