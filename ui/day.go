package ui

import (
	"fmt"
	"strings"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/text"
)

// NewDayView writes a day of the page's person for its page. Its lanes show a part of it.
func NewDayView(p Page, units Units, day query.Day, part DayPart) DayView {
	w := dayWriter{p: p, day: day, v: DayView{Person: *p.Person, Units: units, Day: day.Date,
		Prev: day.Prev, Next: day.Next, Status: OK, Note: day.Note}}
	if len(day.Types) == 0 {
		w.nothing()
		return w.v
	}
	w.v.Clock, w.v.ClockNote = Zone(w.on(day.From)), w.clockNote()
	w.v.Night, w.v.Ribbon = w.night(), w.part(w.ribbon(), part)
	if day.Worn.Time > 0 {
		w.v.Coverage = Duration(day.Worn.Time) + " worn"
	}
	w.v.Tiles, w.v.Groups = w.tiles(), w.metricGroups()
	w.v.Naps, w.v.Activities = w.naps(), w.activities()
	for _, start := range day.Snapshots {
		w.v.Snapshots = append(w.v.Snapshots, Link{"Health snapshot at " + p.Time(w.on(start)),
			snapshotURL(w.v.Person.Slug, query.SnapshotID(start))})
	}
	w.v.Sentence = w.sentence()
	if len(day.Lacking) > 0 {
		w.v.Status = Late
	}
	w.v.Devices, w.v.Origins = day.Devices, day.Origins
	w.came()
	return w.v
}

// dayWriter writes a day into its view.
type dayWriter struct {
	p   Page
	day query.Day
	v   DayView
}

// nothing says why a day is empty, as its summary tells.
func (w *dayWriter) nothing() {
	why := w.day.States[summaryType]
	w.v.Status = NoData
	w.v.Sentence = "No data for this day: " + text.State(why) + "."
	w.v.Empty = &Empty{What: "This page shows the day's sleep, stress, heart rate, steps and activities.",
		Why:  text.Absence(why.Absence),
		Next: &Link{Text: "The newest day", URL: personURL(w.v.Person.Slug) + "/day"},
		When: "After the next sync, if the watch was worn."}
	if w.day.Future {
		w.v.Sentence, w.v.Empty.Why = "This day is in the future.", "There is no data for future days."
		w.v.Empty.When = "Once the day has come and the watch has synced."
	}
}

// summaryType is the key of the type that every day has first.
const summaryType = "dailies"

// sentence says the day in one line.
func (w *dayWriter) sentence() string {
	var parts []string
	for _, m := range w.day.Metrics {
		switch m.Name {
		case "sleep":
			parts = append([]string{w.v.Units.Format(valueOf(m.Metric, m.Value)) + " asleep"}, parts...)
		case "steps":
			parts = append(parts, w.v.Units.Format(valueOf(m.Metric, m.Value))+" steps")
		}
	}
	text := "Part of the data for this day has arrived"
	if len(parts) > 0 {
		text = strings.Join(parts, ", ")
		if w.day.Until > 0 {
			text += " so far"
		}
	}
	if lacking := w.day.Lacking; len(lacking) > 0 {
		text += "; " + listed(lacking) + " " + are(lacking) + " missing"
	}
	return text + "."
}

// mostDeliveries is how many deliveries of a day are listed.
const mostDeliveries = 30

// came lists what came for the day: exports, deliveries, and the types that
// Garmin's Data Generator made up. A demo says of everything that it is made up.
func (w *dayWriter) came() {
	var simulated []string
	slug := w.v.Person.Slug
	for _, t := range w.day.Types {
		w.v.Exports = append(w.v.Exports, Link{Text: t.Title,
			URL: fmt.Sprintf("%s/export/%s?%s", personURL(slug), t.Key, w.dates())})
		if len(t.Deliveries) == 0 {
			w.v.Unlisted = append(w.v.Unlisted, t.Title)
		}
		for _, id := range t.Deliveries {
			if len(w.v.Deliveries) < mostDeliveries {
				w.v.Deliveries = append(w.v.Deliveries, Link{Text: fmt.Sprintf("%s, delivery %d", t.Title, id),
					URL: deliveryURL(id)})
			}
		}
		if t.Simulated && !w.p.Demo {
			simulated = append(simulated, t.Title)
		}
	}
	w.v.Simulated = strings.Join(simulated, ", ")
}

// dates is the part of an address that asks for the day alone.
func (w *dayWriter) dates() string { return fmt.Sprintf("from=%s&to=%[1]s", w.day.Date) }

// on puts an instant, in unix seconds, on the clock that the watch showed then.
func (w *dayWriter) on(instant int64) time.Time {
	return onClock(instant, w.day.Clock.Offset(instant))
}

// onClock puts an instant on a clock that is some seconds ahead of UTC.
func onClock(instant int64, offset int32) time.Time {
	zone := time.UTC
	if offset != 0 {
		zone = time.FixedZone("", int(offset))
	}
	return time.Unix(instant, 0).In(zone)
}

// clockNote says in words where the clock changed, and that of home where it is another.
func (w *dayWriter) clockNote() string {
	var notes []string
	if home := w.day.Home; home != nil && *home != w.day.Clock.Offset(w.day.From) {
		notes = append(notes, "home is "+Zone(onClock(w.day.From, *home)))
	}
	for _, c := range w.day.Clock.Changes(w.day.First, w.day.To) {
		before, after := w.on(c.At-1).Add(time.Second), w.on(c.At)
		word := "forward"
		if _, old := before.Zone(); int32(old) > c.Offset {
			word = "back"
		}
		notes = append(notes, fmt.Sprintf("the clock went %s from %s to %s (%s to %s)", word, w.p.Time(before),
			w.p.Time(after), Zone(before), Zone(after)))
	}
	if length := w.day.To - w.day.From; length != 86400 {
		notes = append(notes, "a day of "+Duration(time.Duration(length)*time.Second))
	}
	return strings.Join(notes, ", ")
}

// valueOf is a value of a metric.
func valueOf(m health.Metric, x float64) Value {
	v := Val(x, m.Unit, m.Decimals)
	v.Height, v.Delta = m.Height, m.Delta
	return v
}
