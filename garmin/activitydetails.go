package garmin

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// ActivityDetails are the samples of an activity, one a second at most
// (Activity API): records of their own next to the activity. The summary's
// activityId may differ from the outer one, which counts. Activities of over
// 24 hours have no details. They contain a summary, which is the activity until
// it comes as activities; see SummaryOf.
var ActivityDetails = &Type{
	Key: "activityDetails", Title: "Activity samples", Permission: activityExport, Pull: "activityDetails",
	Backfill:   "activityDetails",
	NaturalKey: []string{"activityId"}, clock: detailsClock,
	Feeds:  activityFeeds,
	Fields: detailFields(),
	Tables: []Table{{Name: "laps", JSON: "laps", Title: "Laps", Fields: []Field{instant("startTimeInSeconds",
		"Start")}}},
	Series:   detailSeries,
	sampled:  true,
	held:     map[string]func(element.Value, string) bool{"samples": sampleHeld},
	identify: identifyDetails,
}

// detailsClock is the summary's, or else the first sample's.
var detailsClock = clock{
	start:     []string{"summary.startTimeInSeconds", "startTimeInSeconds"},
	offset:    []string{"summary.startTimeOffsetInSeconds", "startTimeOffsetInSeconds"},
	duration:  []string{"summary.durationInSeconds"},
	otherwise: firstSample,
}

func firstSample(v element.Value) (first element.Value) {
	least := math.Inf(1)
	for item := range v.Get("samples").Items() {
		at := item.Get("startTimeInSeconds")
		if x, ok := at.Float(); ok && x < least || first.Kind() == element.Absent {
			first = at
			if ok {
				least = x
			}
		}
	}
	return first
}

// detailFields are the outer id and the summary's fields. The id within the
// summary was seen to differ from the outer one.
func detailFields() []Field {
	out := []Field{text("activityId", "Activity id"), text("summary.summaryId", "Summary id within the summary")}
	for _, fd := range activityFields {
		fd.Name, fd.JSON = "summary_"+fd.Name, "summary."+fd.JSON
		out = append(out, fd)
	}
	return out
}

func identifyDetails(v element.Value, d *Decoded) {
	if d.Key = activityKey(v); d.Key == "" {
		d.Key = activityKey(v.Get("summary"))
	}
	if d.Key == "" {
		d.Fault = "no activity id"
	}
	if d.Reach, d.UploadEnd = 0, 0; strings.HasSuffix(d.SummaryID, fileSuffix) {
		d.Reach = fileReach
	}
}

// What a file says ranks below all that Garmin itself says of the activity, in any order
// of arrival. Only the summary ids of files end in fileSuffix.
const (
	fileSuffix = "-file"
	fileReach  = -1
)

var detailSeries = []Series{
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
	sample("push_cadence", "Push cadence", health.PushesPerMin, "directWheelchairCadence",
		"wheelChairCadenceInPushesPerMinute"),
	sample("timer_duration", "Timer", health.Second, "timerDurationInSeconds"),
	sample("clock_duration", "Clock", health.Second, "clockDurationInSeconds"),
	sample("moving_duration", "Moving time", health.Second, "movingDurationInSeconds"),
}

// sample is a column of the samples. Its name in JSON comes first, other names
// follow: wheelchair cadence has two in Garmin's documents, and "Celcius" may be
// corrected one day.
func sample(name, label string, unit health.Unit, json ...string) Series {
	names := append([]string{"startTimeInSeconds"}, json...)
	for _, name := range json {
		sampleNames[name] = json
	}
	s := Series{
		Name: name, Label: label, Unit: unit, Cadence: time.Second, JSON: "samples." + json[0],
		each: func(v element.Value, _ int64, yield func(int64, element.Num) bool) {
			inOrder(v.Get("samples"), names, yield)
		},
	}
	if !signed[name] {
		s.Reason = StressReason
	}
	return s
}

// signed are the series in which a negative number is a value.
var signed = map[string]bool{"latitude": true, "longitude": true, "elevation": true, "air_temperature": true}

// inOrder yields the first of some members of each sample, in order of time.
// Samples nearly always come in order, and then none is buffered.
func inOrder(samples element.Value, names []string, yield func(int64, element.Num) bool) {
	last, rising := int64(math.MinInt64), true
	eachSample(samples, names[:1], func(ms int64, _ element.Num) bool {
		last, rising = ms, ms >= last
		return rising
	})
	if rising {
		eachSample(samples, names, yield)
		return
	}
	type point struct {
		ms int64
		n  element.Num
	}
	var all []point
	eachSample(samples, names, func(ms int64, n element.Num) bool {
		all = append(all, point{ms, n})
		return true
	})
	slices.SortStableFunc(all, func(a, b point) int { return cmp.Compare(a.ms, b.ms) })
	for _, p := range all {
		if !yield(p.ms, p.n) {
			return
		}
	}
}

// eachSample yields, in the order sent, the time of each sample that can be
// placed, with the first of the other names that it has; names[0] is the time's.
func eachSample(samples element.Value, names []string, yield func(int64, element.Num) bool) {
	samples.Rows(names, func(nums []element.Num, ok []bool) bool {
		at := nums[0].Float()
		if !ok[0] || !placed(at) {
			return true
		}
		ms := int64(math.Round(at * 1000))
		if len(names) == 1 {
			return yield(ms, nums[0])
		}
		for i := 1; i < len(nums); i++ {
			if ok[i] {
				return yield(ms, nums[i])
			}
		}
		return true
	})
}

// placed reports whether a sample's time is plausible.
func placed(at float64) bool { return at >= float64(earliest) && at <= float64(latest) }

// sampleNames are the names under which a series reads a member of samples, in
// order.
var sampleNames = map[string][]string{"startTimeInSeconds": {"startTimeInSeconds"}}

func sampleHeld(item element.Value, name string) bool {
	at := item.Get("startTimeInSeconds")
	if x, ok := at.Float(); !ok || at.Kind() != element.Number || !placed(x) {
		return false // it has no usable time
	}
	for _, read := range sampleNames[name] {
		if item.Get(read).Kind() == element.Number {
			return read == name
		}
	}
	return false
}
