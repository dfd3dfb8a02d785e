package query

import (
	"cmp"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Activity is one recording of a date.
type Activity struct {
	// Type is the callback key of the type that brought it.
	Type, Name string
	Day        health.Day
	Start, End int64
	// Offset is the record's own offset from UTC in seconds.
	Offset   int32
	Duration time.Duration
	// Meters, Kilocalories and BPM (on average) are 0 if unknown.
	Meters, Kilocalories, BPM float64
	Device                    string
	// Part means that it is a part of a multisport activity of the same list.
	Part bool
}

// rank puts a whole before its parts.
func (a *Activity) rank() int {
	if a.Part {
		return 1
	}
	return 0
}

func activityOf(u unpacked) Activity {
	length, _ := u.v.Get("durationInSeconds").Float()
	a := Activity{Type: u.Type, Name: nameOf(u.v), Day: u.Day, Start: u.Start, End: u.End,
		Duration: time.Duration(length) * time.Second, Meters: amount(u.v, "distanceInMeters"),
		Kilocalories: amount(u.v, "activeKilocalories"), BPM: amount(u.v, "averageHeartRateInBeatsPerMinute"),
		Device: u.Device}
	if u.Offset != nil {
		a.Offset = *u.Offset
	}
	return a
}

// nameOf is the name of an activity: the person's, or else that of its kind.
func nameOf(activity element.Value) string {
	return garmin.Shorten(cmp.Or(activity.Get("activityName").Text(), activity.Get("activityType").Text()), mostName)
}

func amount(v element.Value, name string) float64 {
	x, _ := v.Get(name).Float()
	return max(x, 0)
}
