package garmin

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// clock is where a type has its time, by the dotted names that Garmin has used
// for it (the first is the current one).
type clock struct {
	start, offset, duration []string
	// otherwise finds the start if none of the names is present.
	otherwise func(element.Value) element.Value
	// dated types have no time of day; a date alone decides their day. Those
	// of whole days begin at their date's midnight if they have no start.
	dated, whole bool
	// date is the name of the date; calendarDate if it is empty.
	date string
}

func (c *clock) dateName() string { return cmp.Or(c.date, "calendarDate") }

// The clocks of Garmin's types. All spans accept all spellings of the offset:
// Move IQ uses offsetInSeconds, an example of the health snapshot uses
// offsetStartTimeInSeconds, and these names have no other meaning. Blood
// pressure was read by startTimeInSeconds by some receivers.
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
	dayClock  = clock{start: spanClock.start, offset: spanClock.offset, duration: spanClock.duration, whole: true}
	dateClock = clock{dated: true}
)

// Instants outside these years are ignored.
var (
	earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	latest   = time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 1
)

// A longer record is ignored too: a version that claimed to reach further than
// all others would remain current forever.
const longest = 32 * 86400

// readClock sets Day, Start, End, Offset and the common Reach. The person's
// own calendarDate is the day; a record without one (an example of dailies is)
// has the day that its own clock shows at its start.
func (d *Decoded) readClock(t *Type, v element.Value) {
	d.readOffset(t.clock.offset, v)
	day, hasDate := d.readDate(v, t.clock.dateName())
	if !t.clock.dated {
		if d.readStart(t.clock, v); d.Fault != "" && t.clock.whole && hasDate {
			d.startAtMidnight(day, t.clock, v)
		}
		if d.Fault != "" {
			return
		}
	}
	switch {
	case hasDate:
		d.Day = day
	case !t.clock.dated:
		d.Day = health.DayOf(d.Start, d.clock())
	}
}

// clock is the record's own offset, 0 if it has none.
func (d *Decoded) clock() int32 {
	if d.Offset == nil {
		return 0
	}
	return *d.Offset
}

// SaysStart reports whether an element has a start: one of a whole day that has
// none starts at the midnight of its date.
func (t *Type) SaysStart(v element.Value) bool {
	if !t.clock.whole {
		return !t.clock.dated
	}
	at, _ := find(v, t.clock.start[0], t.clock.start[1:])
	start, ok := at.Int()
	return ok && believable(start)
}

// startAtMidnight is the start of a record of a whole day without a plausible
// start.
func (d *Decoded) startAtMidnight(day health.Day, c clock, v element.Value) {
	d.Fault = ""
	if _, name := find(v, c.start[0], c.start[1:]); name != "" {
		d.Ignored = append(d.Ignored, name)
	}
	d.begin(day.Midnight().Unix()-int64(d.clock()), c, v)
}

func (d *Decoded) readStart(c clock, v element.Value) {
	at, _ := find(v, c.start[0], c.start[1:])
	if at.Kind() == element.Absent && c.otherwise != nil {
		at = c.otherwise(v)
	}
	start, ok := at.Int()
	switch {
	case at.Kind() == element.Absent:
		d.Fault = "no start time"
	case !ok:
		d.Fault = "start time is not a number"
	case !believable(start):
		d.Fault = "start time out of range"
	default:
		d.begin(start, c, v)
	}
}

func (d *Decoded) begin(start int64, c clock, v element.Value) {
	d.Start, d.End = start, start
	if c.duration != nil {
		d.End += seconds(v, c.duration[0], c.duration[1:]...)
	}
	d.Reach = d.End
}

// readOffset reads the watch's offset from UTC: any value within a day either way,
// not a time zone.
func (d *Decoded) readOffset(names []string, v element.Value) {
	if names == nil {
		return
	}
	got, name := find(v, names[0], names[1:])
	if got.Kind() == element.Absent {
		return
	}
	n, ok := got.Int()
	if !ok || n < -86400 || n > 86400 {
		d.Ignored = append(d.Ignored, name)
		return
	}
	offset := int32(n)
	d.Offset = &offset
}

// readDate reads a plausible date.
func (d *Decoded) readDate(v element.Value, name string) (health.Day, bool) {
	date := v.Path(name)
	if date.Kind() <= element.Null {
		return 0, false
	}
	if day, ok := dateOf(date); ok && believable(day.Midnight().Unix()) {
		return day, true
	}
	d.Ignored = append(d.Ignored, name)
	return 0, false
}

// NamesDate reports whether an element has a date.
func (t *Type) NamesDate(v element.Value) bool {
	var d Decoded
	_, ok := d.readDate(v, t.clock.dateName())
	return ok
}

// dateOf reads a date. Some of Garmin's have a time of day without
// meaning: "2026-07-20T00:00:00.0" is that date in any zone.
func dateOf(v element.Value) (health.Day, bool) {
	text := strings.TrimSpace(v.Text())
	if n := len(time.DateOnly); len(text) > n && (text[n] == 'T' || text[n] == ' ') &&
		strings.Trim(text[n+1:], "0123456789:.,+-Z") == "" {
		text = text[:n]
	}
	day, err := health.ParseDay(text)
	return day, err == nil
}

// reachSamples moves the end and the reach to the last sample, if that is later
// than by the duration.
func (d *Decoded) reachSamples(v element.Value, names ...string) {
	for _, name := range names {
		last := int64(0)
		for at := range pointsIn(v.Get(name)) {
			last = at // they are in rising order
		}
		if last > 0 && last <= longest {
			d.End = max(d.End, d.Start+last)
		}
	}
	d.Reach = d.End
}

func believable(unix int64) bool { return unix >= earliest && unix <= latest }

// seconds reads a duration; 0 if there is no plausible one.
func seconds(v element.Value, name string, aliases ...string) int64 {
	got, _ := find(v, name, aliases)
	if n, ok := got.Int(); ok && n > 0 && n <= longest {
		return n
	}
	return 0
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
