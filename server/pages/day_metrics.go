package pages

import (
	"fmt"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// groups put the metrics in order for people; what is not named here comes
// last.
var groups = []struct {
	title string
	names []string
}{
	{"Sleep", []string{"sleep", "sleep_score", "deep_sleep", "light_sleep", "rem_sleep", "awake_in_bed",
		"sleep_efficiency",
		"unmeasurable_sleep", "naps"}},
	{"Heart", []string{"resting_heart_rate", "lowest_heart_rate", "highest_heart_rate", "average_heart_rate_7_days", "hrv",
		"hrv_5_minute_high",
		"hrv_7_days", "hrv_band_low", "hrv_band_high", "hrv_status"}},
	{"Stress and Body Battery", []string{"average_stress", "highest_stress", "stress_time", "rest_stress_time",
		"low_stress_time",
		"medium_stress_time", "high_stress_time", "activity_stress_time",
		"body_battery_high", "body_battery_low", "body_battery_charged", "body_battery_drained"}},
	{"Movement", []string{"steps", "steps_goal", "distance", "floors_climbed", "active_time", "moderate_intensity",
		"vigorous_intensity", "active_energy",
		"resting_energy", "activity_count", "activity_time", "activity_distance", "activity_energy", "activity_ascent"}},
	{"Breath and blood oxygen", []string{"respiration_night", "respiration_day", "spo2_night", "spo2_day", "spo2_lowest",
		"spo2_lowest_night", "spo2_highest_night", "spo2_lowest_day", "spo2_highest_day"}},
}

// metrics fills the table of every metric of the day.
func (d *dayPage) metrics() error {
	today, err := d.s.store.DayReadings(d.r.Context(), d.person.ID, d.day)
	if err != nil {
		return err
	}
	before, err := d.s.store.Readings(d.r.Context(), d.person.ID, d.day-medianDays, d.day-1)
	if err != nil {
		return err
	}
	history, of := daysOf(before), newReadings(today)
	rows := map[string]ui.MetricRow{}
	for _, m := range garmin.Metrics() {
		if row, ok := metricRow(m, of, history[m.Name], d.s.Demo); ok {
			if !row.Received.IsZero() && len(d.clock) > 0 {
				row.Received = row.Received.In(d.on(d.from).Location())
			}
			rows[m.Name] = row
		}
	}
	for _, g := range groups {
		group := ui.MetricGroup{Title: g.title}
		for _, name := range g.names {
			if row, ok := rows[name]; ok {
				group.Rows = append(group.Rows, row)
				delete(rows, name)
			}
		}
		if len(group.Rows) > 0 {
			d.v.Groups = append(d.v.Groups, group)
		}
	}
	rest := ui.MetricGroup{Title: "Body and fitness"}
	for _, m := range garmin.Metrics() {
		if row, ok := rows[m.Name]; ok {
			rest.Rows = append(rest.Rows, row)
		}
	}
	if len(rest.Rows) > 0 {
		d.v.Groups = append(d.v.Groups, rest)
	}
	return nil
}

// daysOf gives each metric's values of the days that have one.
func daysOf(readings []health.Reading) map[string][]float64 {
	type metricDay struct {
		metric string
		day    health.Day
	}
	byDay, main := map[metricDay][]health.Reading{}, health.MainSleeps(readings)
	for _, r := range readings {
		key := metricDay{r.Metric, r.Day}
		byDay[key] = append(byDay[key], r)
	}
	out := map[string][]float64{}
	for key, list := range byDay { // their order does not matter to a median
		m, _ := garmin.MetricNamed(key.metric)
		if x, _, ok := garmin.DayValue(m, list, main); ok {
			out[key.metric] = append(out[key.metric], x)
		}
	}
	return out
}

// readings are those of one day: where each comes from, and the same plain.
type readings struct {
	from  []db.DayReading
	plain []health.Reading
	main  map[health.Day]int64 // where the main sleep begins
}

func newReadings(from []db.DayReading) readings {
	r := readings{from: from}
	for _, one := range from {
		r.plain = append(r.plain, one.Reading)
	}
	r.main = health.MainSleeps(r.plain)
	return r
}

func metricRow(m health.Metric, today readings, history []float64, demo bool) (ui.MetricRow, bool) {
	row := ui.MetricRow{Name: m.Name, Label: m.Label, Rule: m.Rule, Why: health.DayState{Absence: health.Missing}}
	value := func(x float64) ui.Value {
		v := ui.Val(x, m.Unit, m.Decimals)
		v.Height, v.Delta = m.Height, m.Delta
		return v
	}
	if x, at, ok := garmin.DayValue(m, today.plain, today.main); ok {
		from := today.from[at]
		row.Value, row.Why = value(x), health.DayState{}
		row.Received, row.Device, row.Delivery = from.Received, from.Device, from.Delivery
		row.Simulated = from.Origin == health.Simulated && !demo
	}
	if m.Name == "hrv_status" && row.Value.OK {
		row.Value = ui.Word(garmin.HRVStatus[int(row.Value.V)])
		return row, true
	}
	if len(history) >= medianLeast && m.Name != "hrv_status" {
		row.Median = value(health.Median(history))
	}
	return row, row.Value.OK
}

// mostNaps is how many naps of a day are listed.
const mostNaps = 24

// lists are the day's naps and activities.
func (d *dayPage) lists() error {
	more, main := 0, d.mainSleep()
	add := func(nap ui.Nap) {
		if len(d.v.Naps) == mostNaps {
			more++
			return
		}
		d.v.Naps = append(d.v.Naps, nap)
	}
	for i, part := range d.parts[garmin.Sleeps.Key] {
		if i != main && part.rec.Order.Class != health.OffWrist {
			add(ui.Nap{Start: d.on(part.rec.Start), End: d.on(part.rec.End), Asleep: timeAsleep(part), Note: "also slept"})
		}
		for nap := range part.v.Get("naps").Items() {
			start, ok := nap.Get("napStartTimeInSeconds").Int()
			length, _ := nap.Get("napDurationInSeconds").Int()
			if !ok {
				continue
			}
			note := garmin.Shorten(nap.Get("napValidation").Text(), mostName)
			add(ui.Nap{Start: d.on(start), End: d.on(start + length), Asleep: time.Duration(length) * time.Second, Note: note})
		}
	}
	if more > 0 {
		d.v.Naps[mostNaps-1].Note = fmt.Sprintf("%d more are not shown", more)
	}
	for _, part := range d.parts[garmin.Activities.Key] {
		line := activityLine(part, d.person.Slug)
		line.URL = fmt.Sprintf("/p/%s/data/%s?from=%s&to=%s", d.person.Slug, part.rec.Type, d.day, d.day)
		d.v.Activities = append(d.v.Activities, *line)
	}
	return nil
}

func sortPoints(points []chart.Point) {
	slices.SortFunc(points, func(a, b chart.Point) int {
		switch {
		case a.T < b.T:
			return -1
		case a.T > b.T:
			return 1
		}
		return 0
	})
}
