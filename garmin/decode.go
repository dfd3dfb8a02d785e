package garmin

import (
	"slices"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// clock says where a type keeps its time, by the names that Garmin has used
// for it (the first is the current one).
type clock struct {
	start, offset, duration []string
	// dated types have no time of day; calendarDate alone decides their day.
	dated bool
}

// The clocks of Garmin's types.
var (
	spanClock = clock{
		start:    []string{"startTimeInSeconds"},
		offset:   []string{"startTimeOffsetInSeconds", "offsetInSeconds", "offsetStartTimeInSeconds"},
		duration: []string{"durationInSeconds"},
	}
	momentClock = clock{
		start:  []string{"measurementTimeInSeconds", "startTimeInSeconds"},
		offset: []string{"measurementTimeOffsetInSeconds", "startTimeOffsetInSeconds"},
	}
	dateClock = clock{dated: true}
)

// Clocks of the identity columns; they are not fields of their own.
var identityNames = map[string]bool{
	"userId": true, "userAccessToken": true, "summaryId": true, "calendarDate": true,
	"startTimeInSeconds": true, "startTimeOffsetInSeconds": true, "offsetInSeconds": true, "offsetStartTimeInSeconds": true,
	"measurementTimeInSeconds": true, "measurementTimeOffsetInSeconds": true,
}

// Instants outside these years are not believed.
var (
	earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

// Decode reads an element. It is as lenient as Garmin's own changes of mind
// ask for: only a missing key, day or clock is a Fault; any other field that
// cannot be read yields nothing and is named in Ignored. The element itself
// keeps everything.
func (t *Type) Decode(v element.Value) Decoded {
	d := Decoded{Class: health.Final, SummaryID: v.Get("summaryId").Text(), Device: deviceOf(v)}
	d.Simulated = strings.HasPrefix(d.SummaryID, "sd")
	d.UploadEnd, _ = v.Get("uploadEndTimeInSeconds").Int()
	if d.readClock(t, v); d.Fault != "" {
		return d
	}
	if t.identify != nil {
		t.identify(v, &d)
	}
	if d.Fault != "" {
		return d
	}
	if d.Key == "" {
		d.Fault = "names no " + strings.Join(t.NaturalKey, " and ")
		return d
	}
	d.checkFields(t, v)
	if t.read != nil {
		t.read(v, &d)
	}
	return d
}

func deviceOf(v element.Value) string {
	name := v.Get("deviceName")
	if name.Kind() != element.String {
		name = v.Path("summary.deviceName")
	}
	if name.Text() == "unknown" { // what entries made by hand carry
		return ""
	}
	return name.Text()
}

// readClock sets Day, Start, End, Offset and the common Reach.
func (d *Decoded) readClock(t *Type, v element.Value) {
	if t.clock.offset != nil {
		d.readOffset(t, v)
	}
	start, hasStart := firstInt(v, t.clock.start)
	switch {
	case t.clock.dated:
	case !hasStart:
		d.Fault = "no start time"
		return
	case start < earliest || start > latest:
		d.Fault = "start time out of range"
		return
	default:
		d.Start, d.End = start, start
		if length, ok := firstInt(v, t.clock.duration); ok && length > 0 && length < 400*86400 {
			d.End = start + length
		}
		d.Reach = d.End
	}
	if date := v.Get("calendarDate"); date.Kind() == element.String {
		day, err := health.ParseDay(date.Text())
		if err == nil && day.Midnight().Unix() >= earliest && day.Midnight().Unix() <= latest {
			d.Day = day
			return
		}
		d.Ignored = append(d.Ignored, "calendarDate")
	}
	if t.clock.dated && t.identify == nil {
		d.Fault = "no calendar date"
		return
	}
	if hasStart {
		var offset int32
		if d.Offset != nil {
			offset = *d.Offset
		}
		d.Day = health.DayOf(start, offset)
	}
}

// readOffset reads what the watch showed against UTC: any value within a day
// either way, and not a time zone.
func (d *Decoded) readOffset(t *Type, v element.Value) {
	at := slices.IndexFunc(t.clock.offset, func(name string) bool { return v.Get(name).Kind() > element.Null })
	if at < 0 {
		return
	}
	got, ok := v.Get(t.clock.offset[at]).Int()
	if !ok || got < -86400 || got > 86400 {
		d.Ignored = append(d.Ignored, t.clock.offset[at])
		return
	}
	offset := int32(got)
	d.Offset = &offset
}

func firstInt(v element.Value, names []string) (int64, bool) {
	for _, name := range names {
		if got := v.Get(name); got.Kind() > element.Null {
			return got.Int()
		}
	}
	return 0, false
}

// checkFields names the fields that are there and cannot be read.
func (d *Decoded) checkFields(t *Type, v element.Value) {
	for i := range t.Fields {
		fd := &t.Fields[i]
		got := fd.Value(v)
		if got.Kind() == element.Absent {
			continue
		}
		ok := true
		switch fd.Form {
		case Number, Time:
			_, ok = got.Float()
		case Bool:
			_, ok = got.Bool()
		case Date:
			_, err := health.ParseDay(got.Text())
			ok = err == nil
		}
		if !ok {
			d.Ignored = append(d.Ignored, fd.JSON)
		}
	}
}

// reading adds a metric from a field, where it is there and within bounds that
// the metric can have at all.
func (d *Decoded) reading(metric string, v element.Value, name string) {
	if x, ok := v.Path(name).Float(); ok {
		d.put(metric, x)
	}
}

// amount is reading for what cannot be negative: Garmin uses negative numbers
// as codes for "none".
func (d *Decoded) amount(metric string, v element.Value, names ...string) {
	for _, name := range names {
		if got := v.Path(name); got.Kind() > element.Null {
			if x, ok := got.Float(); ok && x >= 0 {
				d.put(metric, x)
			}
			return
		}
	}
}

// positive is reading for what is never 0 in a living person.
func (d *Decoded) positive(metric string, v element.Value, name string) {
	if x, ok := v.Path(name).Float(); ok && x > 0 {
		d.put(metric, x)
	}
}

func (d *Decoded) put(metric string, x float64) {
	d.Readings = append(d.Readings, health.Reading{Metric: metric, Day: d.Day, At: d.Start, Value: x})
}

// whole makes the readings belong to the day as a whole.
func (d *Decoded) whole() {
	for i := range d.Readings {
		d.Readings[i].At = 0
	}
}

// keyByStart is the natural key of types that are known by their start.
func keyByStart(_ element.Value, d *Decoded) { d.Key = itoa(d.Start) }

// keyByDate is the natural key of types that there is one of per day.
func keyByDate(_ element.Value, d *Decoded) {
	if d.Day == 0 {
		d.Fault = "no calendar date"
		return
	}
	d.Key = d.Day.String()
}
