package pages

import (
	"fmt"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// at is a clock ahead of UTC by what a record says.
func at(offset *int32) *time.Location {
	if offset == nil {
		return time.UTC
	}
	return time.FixedZone("", int(*offset))
}

// What a page draws is bounded by what a person can see of it, not by what an
// element holds: a night in minutes, and the beginning of names and notes.
const (
	mostStages = 480
	mostName   = 60
)

// stages are a night's levels as blocks; one block where the device gives
// none.
func stages(rec *health.Record, v element.Value) []chart.Block {
	var out []chart.Block
	for l := range garmin.Levels(v) {
		name := garmin.Shorten(l.Name, mostName)
		out = append(out, chart.Block{From: l.From * 1000, To: l.To * 1000, Class: name, Label: name})
	}
	if out == nil && rec.End > rec.Start && rec.Order.Class != health.OffWrist {
		out = []chart.Block{{From: rec.Start * 1000, To: rec.End * 1000, Class: "asleep",
			Label: "asleep; no stages came with this night"}}
	}
	sortBlocks(out)
	return chart.Condense(out, rec.Start*1000, rec.End*1000, mostStages)
}

func activityName(v element.Value) string {
	if name := v.Get("activityName").Text(); name != "" {
		return garmin.Shorten(name, mostName)
	}
	return garmin.Shorten(v.Get("activityType").Text(), mostName)
}

func activityLine(activity part, slug string) *ui.ActivityLine {
	rec, v := activity.rec, activity.v
	seconds, _ := v.Get("durationInSeconds").Float()
	return &ui.ActivityLine{
		Name: activityName(v), Start: time.Unix(rec.Start, 0).In(at(rec.Offset)),
		Duration: time.Duration(seconds) * time.Second,
		Distance: amount(v, "distanceInMeters", health.Meter), Calories: amount(v, "activeKilocalories", health.Kilocalorie),
		HeartAvg: amount(v, "averageHeartRateInBeatsPerMinute", health.BPM), Device: rec.Device,
		URL: fmt.Sprintf("/p/%s/day/%s", slug, rec.Day),
	}
}

func amount(v element.Value, name string, unit health.Unit) ui.Value {
	x, ok := v.Get(name).Float()
	if !ok || x <= 0 {
		return ui.Value{Unit: unit}
	}
	return ui.Val(x, unit, 0)
}
