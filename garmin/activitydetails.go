package garmin

import (
	"time"

	"garner/garmin/element"
	"garner/health"
)

// ActivityDetails are the samples of an activity, one a second at most
// (Activity API 4.2): records of their own beside the activity. The summary's
// activityId may differ from the outer one, which counts. Activities of over
// 24 hours never come here.
var ActivityDetails = &Type{
	Key: "activityDetails", Title: "Activity samples", Permission: activityExport, Pull: "activityDetails", Backfill: "activityDetails",
	NaturalKey: []string{"activityId"}, clock: dateClock, // identifyDetails finds the clock
	Fields: append([]Field{text("activityId", "Activity id")}, detailFields()...),
	Tables: []Table{{Name: "laps", JSON: "laps", Title: "Laps", Fields: []Field{instant("startTimeInSeconds", "Start")}}},
	Series: []Series{
		sample("heart_rate", "Heart rate", health.BPM, "heartRate"),
		sample("latitude", "Latitude", health.Degree, "latitudeInDegree"),
		sample("longitude", "Longitude", health.Degree, "longitudeInDegree"),
		sample("elevation", "Elevation", health.Meter, "elevationInMeters"),
		sample("air_temperature", "Air temperature", health.Celsius, "airTemperatureCelcius", "airTemperatureCelsius"),
		sample("speed", "Speed", health.MeterPerSecond, "speedMetersPerSecond"),
		sample("cadence", "Step cadence", health.StepsPerMin, "stepsPerMinute"),
		sample("distance", "Distance", health.Meter, "totalDistanceInMeters"),
		sample("power", "Power", health.Watt, "powerInWatts"),
		sample("bike_cadence", "Bike cadence", health.RoundsPerMin, "bikeCadenceInRPM"),
		sample("swim_cadence", "Swim cadence", health.StrokesPerMin, "swimCadenceInStrokesPerMinute"),
		sample("push_cadence", "Push cadence", health.PushesPerMin, "directWheelchairCadence", "wheelChairCadenceInPushesPerMinute"),
		sample("timer_duration", "Timer", health.Second, "timerDurationInSeconds"),
		sample("clock_duration", "Clock", health.Second, "clockDurationInSeconds"),
		sample("moving_duration", "Moving time", health.Second, "movingDurationInSeconds"),
	},
	identify: identifyDetails,
}

// detailFields are the summary's fields under their usual names.
func detailFields() []Field {
	var out []Field
	for _, fd := range activityFields("") {
		if fd.JSON == "activityId" {
			fd.Name = "summary_activity_id"
		}
		fd.JSON = "summary." + fd.JSON
		out = append(out, fd)
	}
	return out
}

// identifyDetails takes the clock from the summary, or else from the first
// sample.
func identifyDetails(v element.Value, d *Decoded) {
	d.Key = activityKey(v)
	if d.Key == "" {
		d.Key = activityKey(v.Get("summary"))
	}
	inner := Decoded{}
	of := v.Get("summary")
	if of.Get("startTimeInSeconds").Kind() == element.Absent {
		of = element.Value{}
		for item := range v.Get("samples").Items() {
			of = item
			break
		}
		if of.Kind() == element.Absent {
			of = v
		}
	}
	inner.readClock(&Type{clock: spanClock}, of)
	d.Day, d.Start, d.End, d.Offset, d.Fault = inner.Day, inner.Start, inner.End, inner.Offset, inner.Fault
	d.Reach, d.UploadEnd = 0, 0
}

// sample is a column of the samples.
func sample(name, label string, unit health.Unit, json ...string) Series {
	return Series{
		Name: name, Label: label, Unit: unit, Cadence: time.Second, JSON: "samples." + json[0],
		each: func(v element.Value, _ int64, yield func(int64, element.Num) bool) {
			names := append([]string{"startTimeInSeconds"}, json...)
			v.Get("samples").Rows(names, func(nums []element.Num, ok []bool) bool {
				for i := 1; i < len(nums) && ok[0]; i++ {
					if ok[i] {
						return yield(int64(nums[0].Float()*1000), nums[i])
					}
				}
				return true
			})
		},
	}
}
