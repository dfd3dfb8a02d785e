package garmin

import (
	"strings"

	"garner/garmin/element"
)

// keyByStart is the natural key of types that are identified by their start. The
// summaryId is no key: Garmin may send the same record again with another one.
func keyByStart(_ element.Value, d *Decoded) { d.Key = itoa(d.Start) }

// keyByStartAndActivity distinguishes the kinds of activity of one slice,
// ignoring case.
func keyByStartAndActivity(v element.Value, d *Decoded) {
	d.Key = itoa(d.Start) + " " + strings.ToLower(scalar(v.Get("activityType")))
}

// keyByDate is the natural key of types with one record per day.
func keyByDate(_ element.Value, d *Decoded) {
	if d.Day == 0 { // long before any plausible day
		d.Fault = "no calendar date"
		return
	}
	d.Key = d.Day.String()
}

// activityKey finds Garmin's activity id: documented as a string, sent as a
// number, and in older data present only as the summaryId's digits.
func activityKey(v element.Value) string {
	id := v.Get("activityId")
	if n, ok := id.Int(); ok && n > 0 {
		return itoa(n)
	}
	if key := activityNumber(scalar(id)); key != "" {
		return key
	}
	return activityNumber(scalar(v.Get("summaryId")))
}

// activityNumber strips what Garmin adds to the ids of details and files; ""
// if the rest is not a number.
func activityNumber(id string) string {
	id = strings.TrimSuffix(strings.TrimSuffix(id, "-detail"), "-file")
	if strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(id, "0")
}
